"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens to audiences."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add booking and its undoing."""
        return super()._get_action_labels() | {
            "audience_booked": self.env._("Audience booked"),
            "audience_freed": self.env._("Audience taken off the programme"),
        }
