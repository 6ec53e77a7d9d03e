"""What a procedure said on the day it was published."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.pcu_base.models.pcu_term_type import TERM_UNITS
from odoo.tools import html2plaintext

from ..procedure_content import differences

#: The list in a content, and the model whose labels name its fields.
PART_MODELS = {
    "": "pcu.procedure",
    "documents": "pcu.procedure.slot",
    "outputs": "pcu.procedure.output",
    "fees": "pcu.procedure.fee",
    "acts": "pcu.procedure.act",
    "approvals": "pcu.approval.step",
}

GUARD = """
CREATE OR REPLACE FUNCTION pcu_procedure_version_guard() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'pcu_procedure_version %: a published version stays', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE TRIGGER pcu_procedure_version_guard
    BEFORE UPDATE OR DELETE ON pcu_procedure_version
    FOR EACH ROW EXECUTE FUNCTION pcu_procedure_version_guard();
"""


class PcuProcedureVersion(models.Model):
    """A published procedure: never changed, never deleted, neither here nor in SQL.

    Requests point at the version under which they were filed. The fields that code
    reads have the names they have on the procedure, so that either is a *rule*;
    ``content`` holds the whole.
    """

    _name = "pcu.procedure.version"
    _description = "Version of a procedure"
    _order = "procedure_id, number desc"
    _log_access = False

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(
        string="Version", required=True, readonly=True, aggregator=None
    )
    published_at = fields.Datetime(required=True, readonly=True)
    published_by_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    note = fields.Char(string="Why it changed", readonly=True)
    content = fields.Json(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)

    # The rule
    term_type_id = fields.Many2one(
        comodel_name="pcu.term.type", readonly=True, ondelete="restrict"
    )
    term_length = fields.Integer(string="Term", readonly=True, aggregator=None)
    term_unit = fields.Selection(selection=TERM_UNITS, readonly=True)
    term_law = fields.Char(string="Law of the term", readonly=True)
    completion_length = fields.Integer(
        string="Completion term", readonly=True, aggregator=None
    )
    completion_unit = fields.Selection(selection=TERM_UNITS, readonly=True)
    tacit_approval = fields.Boolean(readonly=True)
    appeal_note = fields.Text(string="Ways of appeal", readonly=True)

    previous_id = fields.Many2one(
        comodel_name="pcu.procedure.version", compute="_compute_previous_id"
    )
    difference_html = fields.Html(
        string="What changed", compute="_compute_difference_html", sanitize=False
    )
    request_count = fields.Integer(compute="_compute_request_count")

    _number_uniq = models.UniqueIndex(
        "(procedure_id, number)",
        "Somebody else has just published this procedure. Reload the page.",
    )

    def init(self):
        self.env.cr.execute(GUARD)

    @api.depends("procedure_id", "number", "published_at")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(procedure)s – version %(number)s",
                procedure=version.procedure_id.name,
                number=version.number,
            )

    def _compute_previous_id(self):
        """Find the version that this one followed."""
        versions = self.search([("procedure_id", "in", self.procedure_id.ids)])
        by_number = {(v.procedure_id, v.number): v for v in versions}
        for version in self:
            before = version.procedure_id, version.number - 1
            version.previous_id = by_number.get(before)

    @api.depends_context("lang")
    def _compute_difference_html(self):
        """Tell what this version changed."""
        for version in self:
            before = version.previous_id.content if version.previous_id else {}
            version.difference_html = self._tell_differences(before, version.content)

    def _compute_request_count(self):
        """Count the open requests filed under each version that the user may see."""
        requests = self.env["pcu.request"]
        counts = {}
        if requests.has_access("read"):
            domain = [
                ("procedure_version_id", "in", self.ids),
                ("is_open", "=", True),
            ]
            found = requests._read_group(domain, ["procedure_version_id"], ["__count"])
            counts = dict(found)
        for version in self:
            version.request_count = counts.get(version, 0)

    # ------------------------------------------------------------------
    # The difference in words
    # ------------------------------------------------------------------

    @api.model
    def _tell_differences(self, before, after):
        """Return a table of what changed from one content to another.

        :return: safe HTML, or False when both say the same
        """
        rows = [self._tell_difference(found) for found in differences(before, after)]
        if not rows:
            return False
        head = [
            self.env._("What"),
            self.env._("Before"),
            self.env._("After"),
        ]
        cell = Markup("<td style='white-space: pre-line'>%s</td>")
        body = Markup("").join(
            Markup("<tr>%s</tr>") % Markup("").join(cell % text for text in row)
            for row in rows
        )
        heads = Markup("").join(Markup("<th scope='col'>%s</th>") % h for h in head)
        return Markup(
            "<table class='table table-sm'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (heads, body)

    def _tell_difference(self, found):
        """Return one row: what, before, after."""
        if found.part and not found.field:
            name = self._name_line(found.part, found.line)
            what = f"{self._get_part_label(found.part)}: {name}"
            if found.before is None:
                return what, "–", self.env._("added")
            return what, self.env._("listed"), self.env._("removed")
        if found.field == "order":
            label = self.env._("%(list)s: order", list=self._get_part_label(found.part))
            return label, *(
                self._name_line(found.part, line)
                for line in (found.before, found.after)
            )
        model = self.env[PART_MODELS[found.part]]
        label = self._get_field_label(model, found.field)
        if found.part:
            line = self._name_line(found.part, found.line)
            label = f"{self._get_part_label(found.part)}: {line} – {label}"
        return (
            label,
            self._put_value(model, found.field, found.before),
            self._put_value(model, found.field, found.after),
        )

    def _get_part_label(self, part):
        model = self.env["ir.model"].sudo()._get(PART_MODELS[part])
        return model.name

    def _name_line(self, part, line):
        """Name one or several lines of a list as people read them."""
        if part != "approvals":
            return line
        roles = dict(
            self.env["pcu.approval.step"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        named = (key.partition("#") for key in line.split(", "))
        return ", ".join(f"{roles[role]} {nth}".strip() for role, _, nth in named)

    def _get_field_label(self, model, name):
        return model._fields[name]._description_string(self.env)

    def _put_value(self, model, name, value):
        """Put a value into words."""
        field = model._fields[name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if value in (None, False, "") or (value == 0 and field.type != "monetary"):
            return "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "html":
            return html2plaintext(value)
        if field.type == "many2one" and isinstance(value, int):
            return self.env[field.comodel_name].browse(value).exists().display_name
        if field.type == "many2one":
            record = self.env[field.comodel_name].search([("code", "=", value)])
            return record.display_name or value
        if name == "template_digest":
            return self.env._("file %(mark)s", mark=value[:8])
        return str(value)
