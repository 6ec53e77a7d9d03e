"""Complaints about a refusal (Law 544/2001 art. 21; HG 123/2002)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import Law544Case


@tagged("post_install", "-at_install")
class TestComplaint(Law544Case):
    """Filed, registered, answered in fifteen days by somebody else."""

    def _complaint(self, request, **vals):
        return (
            self.env["pcu.law544.complaint"]
            .with_user(self.operator)
            .create({"request_id": request.id, **vals})
        )

    def test_complaint_is_registered_and_put_before_the_head(self):
        """A row connected to the request, a to-do with the date of the law."""
        request = self._refused()
        complaint = self._complaint(request)
        self.assertTrue(complaint.entry_id.number)
        self.assertEqual(complaint.entry_id.connected_to_id, request.entry_id)
        self.assertEqual(complaint.due_date, date(2026, 3, 30))
        todo = complaint.sudo().activity_ids
        self.assertEqual(todo.user_id, self.head)
        self.assertEqual(todo.date_deadline, date(2026, 3, 30))

    def test_fifteen_days_end_on_a_working_day(self):
        """As the vectors of the terms say."""
        request = self._refused()
        for filed, due in (
            (date(2025, 9, 10), date(2025, 9, 26)),
            (date(2026, 4, 9), date(2026, 4, 27)),
            (date(2026, 12, 23), date(2027, 1, 8)),
        ):
            with self.subTest(filed=filed):
                self.assertEqual(self._complaint(request, filed_on=filed).due_date, due)

    def test_nothing_to_complain_about_yet(self):
        """Neither in the term nor after a whole answer; but over the term."""
        request = self._taken()
        with self.assertRaisesRegex(UserError, "nothing to complain"):
            self._complaint(request)
        with freeze_time("2026-03-24 08:00:00"):
            self.assertEqual(self._complaint(request).state, "open")
        answered = self._taken()
        answered.with_user(self.inspector)._decide("favourable", "Iată lista.")
        with self.assertRaisesRegex(UserError, "nothing to complain"):
            self._complaint(answered)
        with self.assertRaises(UserError):
            self._complaint(self._on_desk())

    def test_answered_by_a_head_who_did_not_refuse(self):
        """Neither the registry, nor an inspector, nor who decided; with an answer."""
        request = self._taken()
        request.with_user(self.head)._refuse_information(self.commercial, "Motiv.")
        complaint = self._complaint(request)
        with self.assertRaisesRegex(UserError, "answer first"):
            complaint.with_user(self.head).action_accept()
        complaint.answer = "Se comunică informațiile."
        with self.assertRaisesRegex(AccessError, "yourself"):
            complaint.with_user(self.head).action_accept()
        with self.assertRaises(AccessError):
            complaint.action_accept()
        other = self._user("second", "pcu_base.group_head")
        self.urbanism.member_ids += other
        complaint.with_user(other).action_accept()
        self.assertEqual(complaint.state, "favourable")
        self.assertEqual(complaint.answered_on, date(2026, 3, 12))
        self.assertEqual(complaint.entry_id.resolution, "favourable")
        self.assertFalse(complaint.sudo().activity_ids)

    def test_the_answer_goes_to_the_applicant_with_all_numbers(self):
        """Both numbers and the complaint's, the way to court, no CNP, one thread."""
        sent = self._catch_mail()
        self.citizen.pcu_cnp = "1800101221144"
        request = self._refused(origin_name="eDirect", origin_number="777")
        for state, words, others in (
            ("reject", ("respinsă", "art. 22", "Rămâne secretă."), ("favorabil",)),
            ("accept", ("soluționată favorabil",), ("art. 22", "tribunal")),
        ):
            complaint = self._complaint(request)
            complaint.answer = "Rămâne secretă."
            getattr(complaint.with_user(self.head), f"action_{state}")()
            notice = request.notice_ids.filtered(
                lambda n, answered=complaint: n.complaint_id == answered
            )
            notice._advance()
            message = sent[-1]
            self.assertIn(request.entry_reference, message["Subject"])
            self.assertIn("reclamația administrativă", message["Subject"])
            self.assertIn("(PISEG #777)", message["Subject"])
            self.assertIn("registratura@ex.ro", message["Reply-To"])
            first = request.notice_ids.sorted("id")[:1]
            self.assertIn(first.message_id, message["References"])
            text = self._text(message)
            for word in (
                *words,
                request.entry_reference,
                complaint.entry_id.reference,
                "777",
            ):
                self.assertIn(word, text)
            for wrong in (*others, "1800101221144", "False", "\u015f", "\u0163"):
                self.assertNotIn(wrong, text)
        self.assertEqual(len(sent), 2)

    def test_what_a_court_says_is_not_told_by_us(self):
        """The figure is kept; the court writes itself."""
        complaint = self._complaint(self._refused(), kind="court")
        complaint.answer = "Respinsă definitiv."
        complaint.with_user(self.head).action_reject()
        self.assertNotIn("complaint", complaint.request_id.notice_ids.mapped("kind"))

    def test_answered_complaint_stays(self):
        """Neither written, nor answered twice, nor deleted."""
        complaint = self._complaint(self._refused(), kind="court")
        self.assertFalse(complaint.due_date, "a court has its own terms")
        complaint.answer = "Respinsă definitiv."
        complaint.with_user(self.head).action_reject()
        with self.assertRaises(UserError):
            complaint.answer = "Altceva"
        with self.assertRaises(UserError):
            complaint.with_user(self.head).action_accept()
        with self.assertRaises(AccessError):
            complaint.write({"state": "open"})

    def test_filed_after_thirty_days_is_said(self):
        """Told on 12 March: 14 April is the last day (R1, R2)."""
        request = self._refused()
        self.assertFalse(
            self._complaint(request, filed_on=date(2026, 4, 14)).filed_late
        )
        self.assertTrue(self._complaint(request, filed_on=date(2026, 4, 15)).filed_late)
