"""The dialog of the decision says which papers go out with it."""

from odoo import api, fields, models


class PcuRequestDecide(models.TransientModel):
    """Drafts of the answer."""

    _inherit = "pcu.request.decide"

    draft_text = fields.Char(compute="_compute_draft_text")

    @api.depends("request_id")
    def _compute_draft_text(self):
        """Name the drafts that become final documents."""
        for wizard in self:
            drafts = wizard.request_id._get_live_drafts()
            wizard.draft_text = ", ".join(drafts.mapped("name"))
