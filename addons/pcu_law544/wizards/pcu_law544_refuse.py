"""Refuse public information."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day


class PcuLaw544Refuse(models.TransientModel):
    """The dialog of the refusal."""

    _name = "pcu.law544.refuse"
    _description = "Refuse public information"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    due_date = fields.Date(related="request_id.refusal_due_date")
    is_late = fields.Boolean(compute="_compute_is_late")
    ground_id = fields.Many2one(comodel_name="pcu.law544.ground", required=True)
    law = fields.Char(related="ground_id.law")
    text = fields.Text(related="ground_id.text")
    to_verify = fields.Boolean(related="ground_id.to_verify")
    reason = fields.Text(
        required=True, help="Why the ground applies to what was asked."
    )

    @api.depends("due_date")
    def _compute_is_late(self):
        """Say that the five days have passed."""
        for wizard in self:
            wizard.is_late = bool(wizard.due_date and wizard.due_date < local_day())

    def action_confirm(self):
        """Refuse, and tell the applicant."""
        self.ensure_one()
        self.request_id._refuse_information(self.ground_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
