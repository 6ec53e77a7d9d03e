"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens to requests for public information."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add the acts of Law 544."""
        return super()._get_action_labels() | {
            "law544_refused": self.env._("Public information refused"),
            "law544_complaint": self.env._("Complaint about a refusal filed"),
            "law544_complaint_answered": self.env._("Complaint answered"),
            "law544_register": self.env._("Public register of Law 544 exported"),
        }
