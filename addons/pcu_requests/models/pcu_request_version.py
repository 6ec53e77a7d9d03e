"""The version of its procedure under which a request was filed."""

from odoo import api, fields, models


class PcuRequest(models.Model):
    """Whoever has filed is answered by the rules of that day."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    procedure_version_id = fields.Many2one(
        comodel_name="pcu.procedure.version",
        string="Filed under",
        compute="_compute_procedure_version_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="The version of the procedure that was in force when the request was "
        "filed; later versions change nothing for it.",
    )
    newer_version = fields.Boolean(compute="_compute_newer_version")
    tacit_approval = fields.Boolean(compute="_compute_rule")
    appeal_note = fields.Text(string="Ways of appeal", compute="_compute_rule")

    @api.depends("procedure_id")
    def _compute_procedure_version_id(self):
        """Choose the version when the procedure is chosen, and never again."""
        for request in self:
            request.procedure_version_id = request.procedure_id._get_version_at(
                request.filed_at
            )

    @api.depends("procedure_version_id", "procedure_id.version_id")
    def _compute_newer_version(self):
        """Tell the desk that today's citizens file under other rules."""
        for request in self:
            filed = request.procedure_version_id
            request.newer_version = filed and filed != request.procedure_id.version_id

    @api.depends("procedure_version_id", "procedure_id")
    def _compute_rule(self):
        """Say what the citizen is told, in the words of the version."""
        for request in self:
            rule = request._get_rule()
            request.tacit_approval = rule.tacit_approval
            request.appeal_note = rule.appeal_note

    def _get_rule(self):
        """Return what the request goes by: the version, else the procedure as it is."""
        self.ensure_one()
        return self.procedure_version_id or self.procedure_id

    def _get_rule_lines(self, part):
        """Return one list of what the request goes by (see ``procedure_content``)."""
        self.ensure_one()
        content = self.procedure_version_id.content or {}
        # A version says nothing of a list that came into versions after it.
        if part in content:
            return content[part]
        return self.procedure_id._get_content_lines(part)

    def _get_asked_documents(self):
        """Return the documents asked for, as ``(slot, values of a checklist line)``."""
        self.ensure_one()
        # A document that is no longer asked for is archived, never gone.
        slots = self.procedure_id.with_context(active_test=False).slot_ids
        by_code = {slot.code: slot for slot in slots.sorted("active")}
        asked = self._get_rule_lines("documents")
        return [
            (
                by_code[line["code"]],
                {
                    "slot_id": by_code[line["code"]].id,
                    "name": line["name"],
                    "mandatory": line["mandatory"],
                    "sequence": 10 * number,
                },
            )
            for number, line in enumerate(asked, 1)
        ]
