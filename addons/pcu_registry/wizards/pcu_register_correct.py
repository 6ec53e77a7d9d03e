"""Ask what is wrong in a registered entry, what is right, and why."""

from odoo import api, fields, models

from ..models.pcu_register_entry import CHANNELS
from ..models.pcu_register_entry_correction import LEGAL_FIELDS


class PcuRegisterCorrect(models.TransientModel):
    """Correct legal columns of one entry; the form begins with what stands there."""

    _name = "pcu.register.correct"
    _description = "Correct a register entry"

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    direction = fields.Selection(related="entry_id.direction")
    registered_at = fields.Datetime(related="entry_id.registered_at")
    external_number = fields.Char(string="Issuer's document number")
    external_date = fields.Date(string="Issuer's document date")
    received_on = fields.Date()
    page_count = fields.Integer(string="Sheets")
    annex_count = fields.Integer(string="Annexes")
    sender_id = fields.Many2one(comodel_name="res.partner", string="Issuer")
    summary = fields.Char(string="Summary of the content")
    recipient_id = fields.Many2one(comodel_name="res.partner")
    channel = fields.Selection(CHANNELS)
    connected_to_id = fields.Many2one(
        comodel_name="pcu.register.entry", string="Connected to"
    )
    reason = fields.Char(
        required=True, help="Stands beside the old value, in the register and in print."
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        entry = self.env["pcu.register.entry"].browse(values.get("entry_id"))
        for name in set(LEGAL_FIELDS) & set(fields) if entry else ():
            values[name] = entry._fields[name].convert_to_write(entry[name], entry)
        return values

    def action_confirm(self):
        self.ensure_one()
        self.entry_id.action_correct(
            {
                name: self._fields[name].convert_to_write(self[name], self)
                for name in LEGAL_FIELDS
            },
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
