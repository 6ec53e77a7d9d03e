"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens to reports."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add the acts on reports."""
        return super()._get_action_labels() | {
            "analysis_exported": self.env._("Report on requests taken out"),
            "analysis_mailed": self.env._("Report on requests sent to a head"),
        }
