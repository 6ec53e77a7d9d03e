"""Templates of papers: what the institution writes again and again."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import placeholders
from ..field_list import FIELDS

KINDS = [
    ("answer", "Answer"),
    ("address", "Forwarding letter"),
    ("certificate", "Certificate"),
    ("report", "Report"),
    ("completion", "Request for completion"),
    ("refusal", "Refusal"),
]


class PcuTemplate(models.Model):
    """A paper with named fields between double braces.

    The administrator keeps templates; inspectors make drafts from them. A field that
    is not on the closed list is refused when the template is saved, with its name and
    line; nothing in a template is ever run as a program.
    """

    _name = "pcu.template"
    _description = "Template of a paper"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(selection=KINDS, required=True, default="answer")
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        index=True,
        help="Left empty, every institution of the database uses it.",
    )
    procedure_ids = fields.Many2many(
        comodel_name="pcu.procedure", string="Only for these procedures"
    )

    # What stands on the paper
    title = fields.Char(
        string="Printed title", help="E.g. ADEVERINȚĂ; may have fields."
    )
    subject = fields.Char(string="Printed subject")
    body = fields.Html(required=True, sanitize_style=True)
    with_recipient = fields.Boolean(string="Print the recipient", default=True)
    with_legal_basis = fields.Boolean(string="Print the legal basis", default=True)
    with_appeal = fields.Boolean(string="Print the ways of appeal", default=True)

    # Who signs
    sign_mayor = fields.Boolean(string="Head of the institution signs", default=True)
    sign_secretary = fields.Boolean(string="Secretary general signs")
    sign_head = fields.Boolean(string="Head of department signs")
    field_help = fields.Html(
        string="Fields", compute="_compute_field_help", sanitize=False
    )

    @api.depends_context("lang")
    def _compute_field_help(self):
        """List the fields with their meaning, to be copied into the text."""
        row = Markup("<tr><td><code>{{ %s }}</code></td><td>%s</td></tr>")
        rows = Markup("").join(
            row % (name, label) for name, label in self._get_field_labels().items()
        )
        table = Markup("<table class='table table-sm mb-0'>%s</table>") % rows
        for template in self:
            template.field_help = table

    @api.model
    def _get_field_labels(self):
        """Return every field of the closed list with its meaning."""
        _ = self.env._
        labels = {
            "request.number": _("Number and date of the request in the register"),
            "request.date": _("Date of registration"),
            "request.piseg": _("Number on the platform (PISEG)"),
            "request.platform": _("Platform"),
            "request.title": _("Object of the request"),
            "request.due_date": _("Legal term"),
            "request.missing": _("Documents that are missing"),
            "request.fee": _("Fees asked, with their amounts"),
            "applicant.name": _("Applicant"),
            "applicant.address": _("Address of the applicant"),
            "applicant.representative": _("Representative of the applicant"),
            "institution.name": _("Institution"),
            "institution.city": _("Locality"),
            "institution.address": _("Address of the institution"),
            "institution.phone": _("Telephone of the institution"),
            "institution.email": _("E-mail of the institution"),
            "institution.cui": _("Fiscal code of the institution"),
            "institution.head": _("Head of the institution"),
            "institution.head_title": _("Title of the head of the institution"),
            "institution.secretary": _("Secretary general"),
            "department.name": _("Department"),
            "department.head": _("Head of department"),
            "department.phone": _("Telephone of the department"),
            "inspector.name": _("Inspector"),
            "procedure.name": _("Procedure"),
            "procedure.legal_basis": _("Legal basis of the procedure"),
            "procedure.appeal": _("Ways of appeal"),
            "procedure.term_law": _("Law of the term"),
            "clarification.text": _("What the applicant was asked last"),
            "clarification.due_date": _("Until when the applicant may answer"),
            "today": _("Today's date"),
        }
        return {name: labels[name] for name in FIELDS}

    @api.constrains("body", "title", "subject")
    def _check_fields(self):
        """Refuse what could not be filled later, naming it and its line."""
        for template in self:
            for label in ("body", "title", "subject"):
                mistakes = placeholders.find_mistakes(template[label] or "", FIELDS)
                if mistakes:
                    raise ValidationError(self._describe(label, mistakes))

    def _describe(self, label, mistakes):
        """Say each mistake as a sentence that names field and line."""
        where = self._fields[label]._description_string(self.env)
        lines = []
        for mistake in mistakes:
            if mistake.name:
                lines.append(
                    self.env._(
                        "%(where)s, line %(line)s: the field “%(name)s” doesn't exist.",
                        where=where,
                        line=mistake.line,
                        name=mistake.name,
                    )
                )
            else:
                lines.append(
                    self.env._(
                        "%(where)s, line %(line)s: a field begins with {{ and ends "
                        "with }}, in one piece and without formatting inside.",
                        where=where,
                        line=mistake.line,
                    )
                )
        lines.append(self.env._("Choose a field from the list under “Fields”."))
        return "\n".join(lines)

    @api.model
    def _find_for(self, request):
        """Return the templates that fit a request, those of its procedure first."""
        domain = [
            ("company_id", "in", (False, request.company_id.id)),
            "|",
            ("procedure_ids", "=", False),
            ("procedure_ids", "in", request.procedure_id.ids),
        ]
        return self.search(domain).sorted(lambda t: not t.procedure_ids)
