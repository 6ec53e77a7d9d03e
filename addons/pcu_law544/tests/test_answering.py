"""Answering public information: 10 and 30 days, the form asked, copies."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import Law544Case


@tagged("post_install", "-at_install")
class TestAnswering(Law544Case):
    """Law 544/2001 art. 7, 9, 16."""

    def test_terms_of_ten_and_five_days(self):
        """Both ends free, the last day rolls on (HG 123/2002 art. 16)."""
        for filed, ten, five in (
            ("2025-09-10 08:00:00", date(2025, 9, 22), date(2025, 9, 16)),
            ("2026-03-12 08:00:00", date(2026, 3, 23), date(2026, 3, 18)),
            ("2026-11-20 08:00:00", date(2026, 12, 2), date(2026, 11, 26)),
            ("2026-12-23 08:00:00", date(2027, 1, 4), date(2026, 12, 29)),
            ("2028-02-24 08:00:00", date(2028, 3, 6), date(2028, 3, 1)),
        ):
            with self.subTest(filed=filed), freeze_time(filed):
                request = self._asked()
                self.assertEqual(request.due_date, ten)
                self.assertEqual(request.refusal_due_date, five)

    def test_thirty_days_when_told_within_ten(self):
        """M9: by day 30 at the latest; both numbers, no CNP, plain text."""
        sent = self._catch_mail()
        self.citizen.pcu_cnp = "1800101221144"
        request = self._asked(origin_name="eDirect", origin_number="777")
        with freeze_time("2026-03-23 08:00:00"):
            request.with_user(self.head)._extend_term(20, "Volum mare de documente")
            self.assertEqual(request.due_date, date(2026, 4, 14))
            kinds = request.notice_ids.mapped("kind")
            self.assertIn("more_time", kinds)
            self.assertNotIn("extended", kinds)
            request.notice_ids.filtered(lambda n: n.kind == "more_time")._advance()
        (message,) = sent
        self.assertIn(request.entry_reference, message["Subject"])
        self.assertIn("(PISEG #777)", message["Subject"])
        self.assertIn("registratura@ex.ro", message["Reply-To"])
        text = self._text(message)
        for words in (
            request.entry_reference,
            "777",
            "14.04.2026",
            "Volum mare de documente",
            "Legea 544/2001, art. 7 alin. (1)",
        ):
            self.assertIn(words, text)
        for wrong in ("1800101221144", "False", "\u015f", "\u0163"):
            self.assertNotIn(wrong, text)

    def test_thirty_days_are_refused_after_the_tenth(self):
        """Who was not told in time has to be answered."""
        request = self._asked()
        with freeze_time("2026-03-24 08:00:00"), self.assertRaises(UserError):
            request.with_user(self.head)._extend_term(20, "Volum mare")
        self.assertEqual(request.due_date, date(2026, 3, 23))

    def test_answer_in_the_form_asked(self):
        """Another form needs a reason."""
        request = self._taken(channel="post")
        self.assertEqual(request.asked_form, "paper")
        self.assertEqual(request.answer_form_given, "paper")
        request.answer_form_given = "electronic"
        inspector = request.with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "another form"):
            inspector._decide("favourable", "Lista alăturată.")
        request.answer_form_reason = "Arhiva are 2.000 de pagini."
        inspector._decide("favourable", "Lista alăturată.")
        self.assertEqual(request.state, "decided")

    def test_press_by_word_of_mouth_has_a_day(self):
        """24 hours, and only for the press that asks so (art. 16)."""
        press = self.env["res.partner"].create(
            {"name": "Ziarul", "pcu_party_kind": "press", "email": "z@example.com"}
        )
        verbal = self._asked(applicant=press, channel="audience")
        self.assertEqual(verbal.term_type_id.code, "L544-PRESS")
        self.assertEqual(verbal.due_date, date(2026, 3, 13))
        written = self._asked(applicant=press)
        self.assertEqual(written.term_type_id.code, "L544-10")

    def test_copies_cost_what_the_institution_asks(self):
        """Pages times the price of the day."""
        self.company.pcu_copy_price = 0.5
        request = self._taken()
        request.with_user(self.inspector).copy_pages = 30
        self.assertEqual(request.copy_cost, 15)
        self.company.pcu_copy_price = 2
        self.assertEqual(request.copy_cost, 15, "what was asked stays")

    def test_sent_on_within_five_days(self):
        """Another institution holds the information."""
        request = self._taken()
        self.assertEqual(request.redirect_due_date, date(2026, 3, 18))
        request.with_user(self.inspector)._redirect(self.county, "email")
        self.assertEqual(request.outcome, "redirected")
        self.assertIn("redirected", request.notice_ids.mapped("kind"))
        self.assertFalse(request.redirected_late)
