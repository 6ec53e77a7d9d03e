"""Publishing a procedure: from then on it is what citizens are promised."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import request_states as rs
from ..procedure_content import digest

#: What a version holds of the procedure itself, in the order of its form. The
#: department and the register are not in it: the house may move work at any time.
CONTENT_FIELDS = (
    "name", "code", "description", "entitled", "audience", "modality",
    "informational_only", "term_type_id", "term_length", "term_unit", "term_law",
    "completion_length", "completion_unit", "notification_length",
    "notification_unit", "tacit_approval", "validity_length", "validity_unit",
    "validity_note", "fee_note", "appeal_note", "legal_basis", "contact_note",
    "source_note",
)  # fmt: skip
LINE_FIELDS = {
    "documents": (
        "code", "name", "description", "mandatory", "signature_level",
        "document_type", "obtained_from", "template_name", "template_digest",
    ),
    "outputs": (
        "name", "description", "output_type", "template_name", "template_digest",
    ),
    "fees": (
        "name", "kind", "amount", "unit_name", "percentage", "base_name", "minimum",
        "law", "payment_note",
    ),
    "acts": ("name", "article", "title", "link"),
    "approvals": ("name", "sequence", "role", "user_id", "four_eyes"),
}  # fmt: skip
LINES = {
    "documents": "slot_ids",
    "outputs": "output_ids",
    "fees": "fee_ids",
    "acts": "act_ids",
    "approvals": "approval_step_ids",
}
#: What code reads of a version; see ``pcu.procedure.version``.
RULE_FIELDS = (
    "term_type_id", "term_length", "term_unit", "term_law", "completion_length",
    "completion_unit", "tacit_approval", "appeal_note",
)  # fmt: skip


class PcuProcedure(models.Model):
    """Versions.

    A procedure that was never published applies as it stands. Once it is published,
    what is changed in it waits for the next publishing, and requests go by the version
    in force when they were filed.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.procedure"  # by topic: no file over 500 lines

    version_ids = fields.One2many(
        comodel_name="pcu.procedure.version",
        inverse_name="procedure_id",
        string="Versions",
    )
    version_id = fields.Many2one(
        comodel_name="pcu.procedure.version",
        string="Version in force",
        compute="_compute_version_id",
        store=True,
        index="btree_not_null",
        copy=False,
    )
    publication = fields.Selection(
        selection=[
            ("draft", "Not published yet"),
            ("changed", "Changes not published"),
            ("published", "Published"),
        ],
        compute="_compute_publication",
    )

    @api.depends("version_ids")
    def _compute_version_id(self):
        """The last version is the one in force."""
        for procedure in self:
            procedure.version_id = procedure.version_ids.sorted("number")[-1:]

    @api.depends(
        *CONTENT_FIELDS,
        *(f"{LINES[part]}.{n}" for part, names in LINE_FIELDS.items() for n in names),
        "version_id",
    )
    def _compute_publication(self):
        """Tell whether what stands here is what was published."""
        for procedure in self:
            version = procedure.version_id
            if not version:
                procedure.publication = "draft"
            elif version.digest == digest(procedure._get_content()):
                procedure.publication = "published"
            else:
                procedure.publication = "changed"

    def _get_content(self):
        """Return what the procedure says, as plain data (see ``procedure_content``)."""
        self.ensure_one()
        content = {name: self._get_plain(self, name) for name in CONTENT_FIELDS}
        return content | {part: self._get_content_lines(part) for part in LINES}

    def _get_content_lines(self, part):
        """Return one list of what the procedure says (see ``procedure_content``)."""
        lines = self[LINES[part]].sorted(lambda line: (line.sequence, line._origin.id))
        return [
            {name: self._get_plain(line, name) for name in LINE_FIELDS[part]}
            for line in lines
        ]

    @api.model
    def _get_plain(self, record, name):
        """Return a field's value as it survives in JSON, empty ones as None."""
        field, value = record._fields[name], record[name]
        if field.type == "many2one":
            return (value.code if "code" in value else value.id) or None
        if field.type == "boolean":
            return value
        return str(value) if field.type == "html" and value else value or None

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def action_publish(self):
        """Show what is about to be published."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_procedure_compare_action"
        )
        return action | {"context": {"default_procedure_id": self.id}}

    def _publish(self, note=None):
        """Make what the procedure says now the version in force; returns it.

        :param str note: why it changed
        """
        self.check_access("write")
        versions = self.env["pcu.procedure.version"]
        for procedure in self:
            procedure._check_publishable()
            first = not procedure.version_id
            content = procedure._get_content()
            # sudo: nobody writes versions but this act, which checked the right
            version = versions.sudo().create(
                {
                    "procedure_id": procedure.id,
                    "number": procedure.version_id.number + 1,
                    "published_at": fields.Datetime.now(),
                    "published_by_id": self.env.uid,
                    "note": note,
                    "content": content,
                    "digest": digest(content),
                    **{
                        name: procedure[name].id
                        if procedure._fields[name].type == "many2one"
                        else procedure[name]
                        for name in RULE_FIELDS
                    },
                }
            )
            versions |= version
            if first:
                procedure._adopt_open_requests(version)
            self.env["pcu.journal"]._log(
                procedure, "procedure_published", reason=note, version=version.number
            )
        return versions

    def _check_publishable(self):
        """Refuse to publish what would leave a request without a desk, or nothing."""
        self.ensure_one()
        if self.publication == "published":
            raise UserError(
                self.env._(
                    "Nothing has changed in “%(procedure)s” since version %(number)s.",
                    procedure=self.name,
                    number=self.version_id.number,
                )
            )
        if not self.department_id and not self.informational_only:
            raise UserError(
                self.env._(
                    "No department solves “%(procedure)s”: choose one, or tick "
                    "“Informational only”. Then publish it.",
                    procedure=self.name,
                )
            )

    def _adopt_open_requests(self, version):
        """Requests filed before the first version were filed under what it says."""
        # sudo: the administrator sees no requests; their content isn't read
        self.env["pcu.request"].sudo().search(
            [("procedure_id", "=", self.id), ("state", "in", list(rs.OPEN_STATES))]
        ).procedure_version_id = version

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if self.version_ids:
            raise UserError(
                self.env._(
                    "A procedure that was published is never deleted, because "
                    "requests were filed under it. Archive it instead."
                )
            )

    # ------------------------------------------------------------------
    # For requests
    # ------------------------------------------------------------------

    def _get_version_at(self, moment):
        """Return the version in force at a moment; the first one for older requests."""
        version = self.version_id
        if not version or not moment or version.published_at <= moment:
            return version
        older = self.version_ids.filtered(lambda v: v.published_at <= moment)
        return (older or self.version_ids).sorted("number", reverse=bool(older))[:1]
