"""Approve with a comment, or return for correction."""

from odoo import fields, models


class PcuRequestApprove(models.TransientModel):
    """The dialog of somebody whose approval is asked."""

    _name = "pcu.request.approve"
    _description = "Answer an approval"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    proposal_outcome = fields.Selection(related="request_id.proposal_outcome")
    proposal_text = fields.Text(related="request_id.proposal_text")
    comment = fields.Text(help="The inspector and the next approvers read it.")

    def action_approve(self):
        """Give the visa or the signature, with the comment."""
        self.ensure_one()
        self.request_id._get_my_approvals()._approve(self.comment)
        return {"type": "ir.actions.act_window_close"}

    def action_return(self):
        """Send it back; the comment says what to correct."""
        self.ensure_one()
        self.request_id._get_my_approvals()[:1]._return(self.comment)
        return {"type": "ir.actions.act_window_close"}
