"""What closing, checking and printing a register is called in the journal."""

from odoo import api, models


class PcuJournal(models.Model):
    _inherit = "pcu.journal"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_action_labels(self):
        return super()._get_action_labels() | {
            "day_closed": self.env._("Day of the register closed"),
            "closing_exported": self.env._("Daily closing exported"),
            "closing_chain_broken": self.env._("Chain of daily closings broken"),
            "register_print_asked": self.env._("Print of a register asked for"),
            "register_print_taken": self.env._("Printed register downloaded"),
        }
