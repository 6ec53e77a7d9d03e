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
            "file_kept": self.env._("File taken off a selection"),
            "handover_signed": self.env._("Files handed over to the archive"),
            "hold_placed": self.env._("Hold placed"),
            "hold_released": self.env._("Hold released"),
            "selection_decided": self.env._("Selection decided"),
            "selection_confirmed": self.env._("Selection confirmed"),
            "selection_cancelled": self.env._("Selection cancelled"),
            "transfer_asked": self.env._("Transfer package asked for"),
            "transfer_built": self.env._("Transfer package built and checked"),
            "transfer_failed": self.env._("Transfer package not built"),
            "transfer_downloaded": self.env._("Transfer package downloaded"),
            "transfer_handed_over": self.env._("Files handed to another archive"),
            "destruction_approved": self.env._("Destruction approved"),
            "destruction_carried_out": self.env._("Destruction carried out"),
            "destruction_certified": self.env._("Destruction certified"),
            "destruction_incomplete": self.env._("Bytes left after a destruction"),
        }
