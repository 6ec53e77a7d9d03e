"""The archive's acts in the journal."""

from odoo import api, models


class PcuJournal(models.Model):
    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        return super()._get_action_labels() | {
            "plan_approved": self.env._("File plan approved"),
            "plan_reopened": self.env._("File plan taken back to draft"),
            "plan_confirmed": self.env._("File plan confirmed, in force"),
            "plan_imported": self.env._("File plan imported"),
            "file_closed": self.env._("File closed"),
            "file_reopened": self.env._("File opened again"),
        }
