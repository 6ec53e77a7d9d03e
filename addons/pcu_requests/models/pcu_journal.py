"""The acts of this module, in the journal's words."""

from odoo import api, models


class PcuJournal(models.Model):
    """Names what happens to requests."""

    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        """Add the acts on requests and notices."""
        return super()._get_action_labels() | {
            "procedure_adopted": self.env._("Procedure taken over"),
            "procedure_published": self.env._("Procedure published"),
            "request_filed": self.env._("Request filed"),
            "request_registered": self.env._("Request registered"),
            "request_classified": self.env._("Procedure chosen"),
            "request_in_progress": self.env._("Work on the request started"),
            "request_clarification": self.env._("Applicant asked"),
            "clarification_answered": self.env._("Applicant answered"),
            "term_extended": self.env._("Term extended"),
            "approval_asked": self.env._("Sent for approval"),
            "approval_given": self.env._("Approved"),
            "approval_returned": self.env._("Returned for correction"),
            "approval_taken_back": self.env._("Taken back from approval"),
            "approval_replaced": self.env._("Other approver chosen"),
            "fee_asked": self.env._("Fee asked"),
            "fee_proof": self.env._("Proof of payment recorded"),
            "fee_paid": self.env._("Payment checked"),
            "fee_refused": self.env._("Proof of payment refused"),
            "fee_exempted": self.env._("Fee let off"),
            "documents_issued": self.env._("Documents issued"),
            "answer_collected": self.env._("Answer taken over"),
            "request_printed": self.env._("Sheet of the request printed"),
            "request_decided": self.env._("Request decided"),
            "request_closed": self.env._("Request closed"),
            "request_withdrawn": self.env._("Request withdrawn"),
            "request_refused": self.env._("Request refused"),
            "notice_sent": self.env._("Applicant told by e-mail"),
        }
