"""The dialog of the decision also sends its answer for approval."""

from odoo import api, fields, models


class PcuRequestDecide(models.TransientModel):
    """With a circuit, the same dialog proposes first and decides later."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request.decide"

    needs_approval = fields.Boolean(related="request_id.needs_approval")
    approval_state = fields.Selection(related="request_id.approval_state")

    @api.model
    def default_get(self, fields_list):
        """Begin with what was proposed before, approved or returned."""
        values = super().default_get(fields_list)
        request = self.env["pcu.request"].browse(values.get("request_id"))
        if request.proposal_outcome:
            values |= {
                "outcome": request.proposal_outcome,
                "text": request.proposal_text,
                "file_ids": [(6, 0, request.proposal_file_ids.ids)],
            }
        return values

    def action_send(self):
        """Send the answer for approval."""
        self.ensure_one()
        self.request_id._send_for_approval(self.outcome, self.text, self.file_ids)
        return {"type": "ir.actions.act_window_close"}
