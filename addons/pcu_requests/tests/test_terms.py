"""Terms come from the procedure's rule; what is left is said in working days."""

from datetime import date

from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestTerms(RequestsCase):
    """Edges: Easter, week-end, the last day, the day after."""

    def test_working_days_rule(self):
        """An urbanism certificate has fifteen working days (Legea 50/1991)."""
        self.procedure.write({"term_length": 15, "term_unit": "working_days"})
        self.assertEqual(self._filed().due_date, date(2026, 4, 2))

    def test_term_runs_from_the_local_day_of_registration(self):
        """At half past eleven in the evening in Romania it is still the same day."""
        self.clock.move_to("2026-03-12 21:30:00")
        self.assertEqual(self._filed().registration_date, date(2026, 3, 12))
        self.clock.move_to("2026-03-12 22:30:00")
        self.assertEqual(self._filed().registration_date, date(2026, 3, 13))

    def test_due_today_is_not_late(self):
        """The last day belongs to the term."""
        request = self._filed()
        self.clock.move_to("2026-04-14 09:00:00")
        request.invalidate_recordset()
        self.assertEqual(request.urgency, "today")
        self.assertFalse(request.is_overdue)
        self.assertEqual(request.days_left_text, "due today")
        self.assertNotIn(request, self._overdue())

    def test_the_day_after_is_late(self):
        """From the next day on the request is overdue, in words and in the search."""
        request = self._filed()
        self.clock.move_to("2026-04-15 09:00:00")
        request.invalidate_recordset()
        self.assertEqual((request.urgency, request.days_left), ("late", -1))
        self.assertTrue(request.is_overdue)
        self.assertEqual(request.days_left_text, "overdue by one working day")
        self.assertIn(request, self._overdue())

    def test_days_left_skip_easter(self):
        """From Thursday before Easter to Tuesday after it: one working day."""
        request = self._filed()
        self.clock.move_to("2026-04-09 09:00:00")
        request.invalidate_recordset()
        self.assertEqual(request.days_left, 1)
        self.assertEqual(request.days_left_text, "one working day left")
        self.assertEqual(request.urgency, "soon")

    def test_romanian_words(self):
        """Romanian wants *de* from twenty on."""
        self.env["res.lang"]._activate_lang("ro_RO")
        request = self._filed().with_context(lang="ro_RO")
        self.assertEqual(request.days_left, 21)
        self.assertEqual(request.days_left_text, "21 de zile lucrătoare rămase")
        self.clock.move_to("2026-04-01 09:00:00")
        request.invalidate_recordset()
        self.assertRegex(request.days_left_text, r"^\d zile lucrătoare rămase$")

    def test_a_solved_request_has_no_time_left(self):
        """Nobody is chased for what is decided."""
        request = self._decided()
        self.clock.move_to("2026-12-01 09:00:00")
        request.invalidate_recordset()
        self.assertFalse(request.is_overdue)
        self.assertFalse(request.days_left_text)
        self.assertNotIn(request, self._overdue())

    def test_classifying_recomputes_the_term(self):
        """The term counts from registration, by the rule of the procedure chosen."""
        self.procedure.write({"term_length": 15, "term_unit": "working_days"})
        request = self._filed(procedure_code="XYZ")
        self.assertEqual(request.due_date, date(2026, 4, 14))
        self.clock.move_to("2026-03-16 09:00:00")
        request.with_user(self.operator)._classify(self.procedure)
        self.assertEqual(request.due_date, date(2026, 4, 2))

    def _overdue(self):
        return self.env["pcu.request"].search([("is_overdue", "=", True)])
