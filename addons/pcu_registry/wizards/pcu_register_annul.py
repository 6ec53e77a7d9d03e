"""Ask for the reason of an annulment."""

from odoo import fields, models


class PcuRegisterAnnul(models.TransientModel):
    """Annul the chosen entries with one reason."""

    _name = "pcu.register.annul"
    _description = "Annul register entries"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.entry_ids.action_annul(self.reason)
        return {"type": "ir.actions.act_window_close"}
