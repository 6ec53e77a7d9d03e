"""Book a slot for an audience."""

from odoo import fields, models


class PcuAudienceBook(models.TransientModel):
    """The dialog that chooses a slot."""

    _name = "pcu.audience.book"
    _description = "Book an audience"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id")
    now = fields.Datetime(default=fields.Datetime.now, readonly=True)
    host_id = fields.Many2one(
        comodel_name="res.users", string="Receives", help="Left empty: whoever is free."
    )
    slot_id = fields.Many2one(
        comodel_name="pcu.audience.slot",
        required=True,
        domain="[('request_id', '=', False), ('start', '>', now),"
        " ('company_id', '=', company_id),"
        " ('host_id', '=?', host_id)]",
    )
    place = fields.Char(related="slot_id.place")

    def action_confirm(self):
        """Book, and tell the applicant."""
        self.ensure_one()
        self.request_id._book_audience(self.slot_id)
        return {"type": "ir.actions.act_window_close"}
