"""What must be true before a request is decided."""

from odoo import models
from odoo.exceptions import UserError

#: Outcomes that give the applicant what was asked for, so need the whole file.
GRANTING = ("favourable", "partial")


class PcuRequest(models.Model):
    """Before the decision."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    def _check_may_decide(self, outcome, text):
        """Refuse a decision that something still stands against.

        :raise UserError: what is missing and what to do about it
        """
        self._check_file_complete(outcome)
        self._check_fees_paid()
        self._check_approved(outcome, text)

    def _check_file_complete(self, outcome):
        """Grant nothing on a file without its mandatory documents."""
        if outcome in GRANTING and self.missing_count:
            raise UserError(
                self.env._(
                    "%(request)s can't be granted: %(missing)s missing or not "
                    "accepted. Ask the applicant for it, accept the document on the "
                    "checklist, or choose another outcome.",
                    request=self.display_name,
                    missing=self.missing_text,
                )
            )

    # ------------------------------------------------------------------
    # Hooks for the floor above: papers prepared in the house
    # ------------------------------------------------------------------

    def _has_prepared_answer(self):
        """Tell whether a paper was prepared that goes out with the decision."""
        return False

    def _issue_prepared_answer(self):
        """Make documents of what was prepared, in the transaction of the decision."""
        return self.env["pcu.document"]
