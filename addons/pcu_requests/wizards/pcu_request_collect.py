"""Record who took an answer over at the counter."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day


class PcuRequestCollect(models.TransientModel):
    """The dialog of the pick-up."""

    _name = "pcu.request.collect"
    _description = "Answer taken over"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    who = fields.Char(
        string="Taken over by",
        required=True,
        compute="_compute_who",
        store=True,
        readonly=False,
    )
    day = fields.Date(required=True, default=lambda _self: local_day())

    @api.depends("request_id")
    def _compute_who(self):
        """Propose the applicant, or who stands in for them."""
        for wizard in self:
            request = wizard.request_id
            wizard.who = request.representative or request.applicant_id.name

    def action_confirm(self):
        """Record it and close the request."""
        self.ensure_one()
        self.request_id._collect(self.who, self.day)
        return {"type": "ir.actions.act_window_close"}
