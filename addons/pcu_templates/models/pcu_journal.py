"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens to drafts."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add the acts on drafts."""
        return super()._get_action_labels() | {
            "draft_made": self.env._("Draft made"),
            "draft_changed": self.env._("Draft changed"),
            "draft_frozen": self.env._("Draft frozen for approval"),
            "draft_opened": self.env._("Draft open for changes again"),
            "draft_issued": self.env._("Draft issued as a document"),
            "draft_dropped": self.env._("Draft dropped"),
        }
