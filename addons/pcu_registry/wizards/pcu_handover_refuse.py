"""Ask why a document on a list is refused."""

from odoo import fields, models


class PcuHandoverRefuse(models.TransientModel):
    """Refuse the chosen documents of a hand-over list."""

    _name = "pcu.handover.refuse"
    _description = "Refuse documents on a list"

    line_ids = fields.Many2many(
        comodel_name="pcu.handover.line",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.line_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
