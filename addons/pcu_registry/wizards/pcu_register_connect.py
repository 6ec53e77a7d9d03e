"""Ask with which matter the chosen entries belong."""

from odoo import api, fields, models


class PcuRegisterConnect(models.TransientModel):
    """Connect the chosen entries to the first document of a matter."""

    _name = "pcu.register.connect"
    _description = "Connect register entries"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    target_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Document of the same matter",
        required=True,
        domain="[('number', '!=', False), ('state', '!=', 'annulled'),"
        " ('registered_at', '<=', first_registered_at), ('id', 'not in', entry_ids)]",
    )
    first_registered_at = fields.Datetime(
        string="Earliest registration", compute="_compute_first_registered_at"
    )
    target_summary = fields.Char(related="target_id.summary", string="Content")
    first_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="First document of the matter",
        compute="_compute_first_id",
    )

    @api.depends("entry_ids.registered_at")
    def _compute_first_registered_at(self):
        """A later document is connected to an earlier one."""
        for wizard in self:
            moments = wizard.entry_ids.filtered("registered_at").mapped("registered_at")
            wizard.first_registered_at = min(moments, default=fields.Datetime.now())

    @api.depends("target_id")
    def _compute_first_id(self):
        for wizard in self:
            wizard.first_id = (
                wizard.target_id and wizard.target_id._get_first_of_matter()
            )

    def action_confirm(self):
        self.entry_ids.action_connect(self.target_id)
        return {"type": "ir.actions.act_window_close"}
