"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens between us and a platform."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add the acts on submissions, answers and platforms."""
        return super()._get_action_labels() | {
            "catalogue_fetched": self.env._("Catalogue of procedures fetched"),
            "exchange_retry": self.env._("Tried again by hand"),
            "exchange_files_skipped": self.env._("Registered without missing files"),
            "exchange_stuck": self.env._("Submission needs a person"),
            "exchange_withdrawn": self.env._("Submission withdrawn"),
            "exchange_event": self.env._("Applicant's act applied"),
            "exchange_sent": self.env._("Platform informed"),
            "exchange_cancelled": self.env._("Answers no longer possible"),
            "exchange_by_hand": self.env._("Submission brought by hand"),
            "exchange_met": self.env._("Delivered after being brought by hand"),
            "exchange_refused": self.env._("Submission refused before registration"),
            "exchange_returned": self.env._("Submission sent back to be repaired"),
            "exchange_repaired": self.env._("Submission came again, repaired"),
            "exchange_as_is": self.env._("Taken as it is, without its repair"),
            "exchange_procedure": self.env._("Procedure chosen before registration"),
            "exchange_parked": self.env._("Problem put aside"),
            "exchange_files_gone": self.env._("Files no longer on the platform"),
            "exchange_quarantined": self.env._("Infected file put into quarantine"),
            "exchange_told": self.env._("People told that it waits"),
            "exchange_doubted": self.env._("Answers asked about again"),
            "platform_running": self.env._("Platform works again"),
            "platform_stopped": self.env._("Platform stopped"),
            "platform_unreachable": self.env._("Platform unreachable"),
            "platform_watch_revived": self.env._("Scheduled action switched on again"),
            "platform_database_confirmed": self.env._("Database confirmed"),
            "reconciliation_done": self.env._("Compared with the platform"),
            "reconciliation_failed": self.env._("Comparison failed"),
        }
