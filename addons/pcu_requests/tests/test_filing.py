"""A request comes in once, gets its number, its term and its checklist."""

from datetime import date

from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestFiling(RequestsCase):
    """What a program files."""

    def test_filed_request_is_registered_with_term_and_checklist(self):
        """One call gives number, department, legal term and what is missing."""
        request = self._filed()
        self.assertEqual(request.state, "registered")
        self.assertTrue(request.entry_number)
        self.assertEqual(request.entry_reference, request.entry_id.reference)
        self.assertEqual(request.department_id, self.urbanism)
        self.assertEqual(request.due_date, date(2026, 4, 14))
        self.assertEqual(request.internal_due_date, date(2026, 4, 9))
        self.assertEqual(request.missing_text, "Cerere tip, Plan cadastral")

    def test_same_submission_twice_is_one_request(self):
        """The origin key makes filing safe to repeat."""
        first = self._filed(origin_key="edirect:1")
        second = self._filed(origin_key="edirect:1")
        self.assertEqual(first, second)
        self.assertEqual(len(first.notice_ids), 1)
        self.assertEqual(first.entry_id.origin_key, "edirect:1")
