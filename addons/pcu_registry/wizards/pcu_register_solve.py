"""Ask how an entry was solved."""

from odoo import fields, models
from odoo.addons.pcu_base.romania import local_day

from ..models.pcu_register_entry import DELIVERY_CHANNELS, RESOLUTIONS


class PcuRegisterSolve(models.TransientModel):
    """Fill the last columns of the register for the chosen entries."""

    _name = "pcu.register.solve"
    _description = "Solve register entries"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    resolution = fields.Selection(RESOLUTIONS, string="Way of solving", required=True)
    resolution_note = fields.Char()
    sent_date = fields.Date(string="Date sent", default=lambda _self: local_day())
    delivery_channel = fields.Selection(DELIVERY_CHANNELS)

    def action_confirm(self):
        self.entry_ids.action_solve(
            self.resolution,
            note=self.resolution_note,
            sent_date=self.sent_date,
            delivery=self.delivery_channel,
        )
        return {"type": "ir.actions.act_window_close"}
