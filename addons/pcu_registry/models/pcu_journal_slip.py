"""The acts at the counter, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    _inherit = "pcu.journal"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_action_labels(self):
        """Add the printing of slips."""
        return super()._get_action_labels() | {
            "slip_printed": self.env._("Slip or label printed")
        }
