"""Ascertain a tacit approval on the applicant's demand."""

from odoo import fields, models
from odoo.addons.pcu_base.romania import local_day


class PcuTacitAscertain(models.TransientModel):
    """The dialog in which a head ascertains it."""

    _name = "pcu.tacit.ascertain"
    _description = "Ascertain a tacit approval"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    due_date = fields.Date(related="request_id.due_date")
    term_law = fields.Char(related="request_id.term_law")
    asked_on = fields.Date(
        string="The applicant asked on",
        required=True,
        default=lambda _self: local_day(),
    )

    def action_confirm(self):
        """Write the document and close the request."""
        self.ensure_one()
        self.request_id._ascertain_tacit(self.asked_on)
        return {"type": "ir.actions.act_window_close"}
