"""Ask how an entry was solved."""

from odoo import api, fields, models
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
    # Empty at first: a day stands in the book only for what really left.
    delivery_channel = fields.Selection(DELIVERY_CHANNELS)
    sent_date = fields.Date(
        string="Date sent",
        compute="_compute_sent_date",
        store=True,
        readonly=False,
        help="When the answer left the house. What leaves with a dispatch list gets "
        "its day from there.",
    )

    @api.depends("delivery_channel")
    def _compute_sent_date(self):
        """Propose today once it is said how the answer left."""
        for wizard in self:
            if not wizard.delivery_channel:
                wizard.sent_date = False
            elif not wizard.sent_date:
                wizard.sent_date = local_day()

    def action_confirm(self):
        self.entry_ids.action_solve(
            self.resolution,
            note=self.resolution_note,
            sent_date=self.sent_date,
            delivery=self.delivery_channel,
        )
        return {"type": "ir.actions.act_window_close"}
