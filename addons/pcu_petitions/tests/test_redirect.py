"""A petition addressed to the wrong authority is sent on (OG 27/2002 art. 6^1)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PetitionsCase


@tagged("post_install", "-at_install")
class TestRedirect(PetitionsCase):
    """Five days, a covering letter, a message."""

    def _dialog(self, request, **vals):
        return (
            self.env["pcu.petition.redirect"]
            .with_user(self.inspector)
            .create({"request_id": request.id, "authority_id": self.county.id, **vals})
        )

    def test_sent_on_with_covering_letter_and_message(self):
        """M5 says where, how to reach it, when; both numbers, no CNP, plain text."""
        sent = self._catch_mail()
        self.citizen.pcu_cnp = "1800101221144"
        request = self._on_desk(
            email="ion@example.com", origin_name="eDirect", origin_number="654321"
        )
        self._dialog(request, note="Este drum județean.").action_confirm()
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.outcome, "redirected")
        self.assertEqual(request.entry_id.resolution, "redirected")
        letter = request.redirect_entry_id
        self.assertEqual(letter.direction, "outgoing")
        self.assertEqual(letter.recipient_id, self.county)
        self.assertEqual(letter.answers_id, request.entry_id)
        self.assertEqual(letter.number, request.entry_number, "the number it answers")
        self.assertEqual(letter.sent_date, date(2026, 3, 12))

        kinds = request.notice_ids.mapped("kind")
        self.assertNotIn("solved", kinds)
        request.notice_ids.filtered(lambda n: n.kind == "redirected")._advance()
        (message,) = [m for m in sent if "redirecționată" in m["Subject"]]
        self.assertIn(request.entry_reference, message["Subject"])
        self.assertIn("(PISEG #654321)", message["Subject"])
        text = self._text(message)
        for words in (
            request.entry_reference,
            "654321",
            "Consiliul Județean Exemplu",
            "Piața Unirii 1, cj@example.com",
            "12.03.2026",
            "OG 27/2002, art. 6^1",
            "Este drum județean.",
        ):
            self.assertIn(words, text)
        for wrong in ("1800101221144", "False", "\u015f", "\u0163"):
            self.assertNotIn(wrong, text)

    def test_five_days_are_counted_by_the_law(self):
        """Both ends free, week-ends and legal holidays roll on (R1, R2)."""
        for filed, due in (
            ("2026-03-12 08:00:00", date(2026, 3, 18)),
            ("2025-09-10 08:00:00", date(2025, 9, 16)),
            ("2026-04-06 08:00:00", date(2026, 4, 14)),  # Easter in between
            ("2026-11-25 08:00:00", date(2026, 12, 2)),  # 30 Nov and 1 Dec
            ("2026-12-31 08:00:00", date(2027, 1, 8)),  # 6 and 7 January
        ):
            with self.subTest(filed=filed), freeze_time(filed):
                self.assertEqual(self._petition().redirect_due_date, due)

    def test_late_is_said_and_still_sent(self):
        """On the last day it is in time, the day after it is late."""
        request = self._on_desk()
        with freeze_time("2026-03-18 21:30:00"):  # 23:30 in Romania
            self.assertFalse(self._dialog(request).is_late)
        with freeze_time("2026-03-18 22:30:00"):  # the 19th in Romania
            dialog = self._dialog(request)
            self.assertTrue(dialog.is_late)
            dialog.action_confirm()
        self.assertEqual(request.outcome, "redirected")
        self.assertEqual(request.redirected_on, date(2026, 3, 19))
        self.assertTrue(request.redirected_late)

    def test_only_to_an_authority_and_not_to_ourselves(self):
        """A firm or a person is no competent authority."""
        request = self._on_desk()
        for party in (self.citizen, self.company.partner_id):
            self.company.partner_id.pcu_party_kind = "authority"
            with self.subTest(party=party.name), self.assertRaises(UserError):
                self._dialog(request, authority_id=party.id).action_confirm()
        self.assertEqual(request.state, "in_progress")
        self.assertFalse(request.redirect_entry_id)

    def test_decided_as_redirected_wants_the_authority(self):
        """The outcome alone would tell nobody where the petition went."""
        request = self._on_desk().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "Send on"):
            request._decide("redirected", "La alții.")
        self.assertEqual(request.state, "in_progress")

    def test_other_requests_and_ended_ones_are_not_sent_on(self):
        """OG 27 speaks of petitions, and of open ones."""
        other = self._in_progress()
        self.assertFalse(other.can_redirect)
        with self.assertRaises(UserError):
            self._dialog(other).action_confirm()
        request = self._on_desk()
        self._dialog(request).action_confirm()
        with self.assertRaises(UserError):
            self._dialog(request).action_confirm()

    def test_stranger_sends_nothing_on(self):
        """Only who may solve it."""
        request = self._petition()
        with self.assertRaises(AccessError):
            request.with_user(self.stranger)._redirect(self.county, "email")

    def test_extension_only_before_the_term_and_with_notice(self):
        """+15 days (art. 9), M4 owed; the day after the term it is refused."""
        request = self._petition(email="ion@example.com")
        self.assertEqual(request.due_date, date(2026, 4, 14))
        with freeze_time("2026-04-15 08:00:00"), self.assertRaises(UserError):
            request.with_user(self.head)._extend_term(15, "Verificări în teren")
        with freeze_time("2026-04-14 08:00:00"):
            request.with_user(self.head)._extend_term(15, "Verificări în teren")
        self.assertEqual(request.due_date, date(2026, 4, 27))
        self.assertIn("extended", request.notice_ids.mapped("kind"))
        with self.assertRaises(UserError):
            request.with_user(self.head)._extend_term(1, "Încă o zi")
