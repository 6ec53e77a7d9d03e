"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens to petitions."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add the acts of OG 27/2002."""
        return super()._get_action_labels() | {
            "petition_redirected": self.env._("Sent on to the competent authority"),
            "petition_connected": self.env._("Connected to an earlier petition"),
            "petition_repeated": self.env._("Filed as a repetition"),
            "petition_complained": self.env._("Persons complained about changed"),
            "law_report_final": self.env._("Legal report made final"),
        }
