"""The act of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names the ascertaining of a tacit approval."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add what a person ascertains."""
        return super()._get_action_labels() | {
            "tacit_ascertained": self.env._("Tacit approval ascertained"),
        }
