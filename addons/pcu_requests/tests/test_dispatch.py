"""How the answer leaves: platform, e-mail with files, post, pick-up with its slip."""

import io
from datetime import date, datetime, time, timedelta

from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from pypdf import PdfReader

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestDispatch(RequestsCase):
    """The way is chosen with the decision."""

    def _decide_for(self, way, **vals):
        request = self._in_progress(**vals)
        form = Form(
            self.env["pcu.request.decide"]
            .with_user(self.inspector)
            .with_context(default_request_id=request.id)
        )
        form.text = "Se aprobă."
        form.delivery_way = way
        form.save().action_confirm()
        return request

    def _at_counter(self, way, **vals):
        return self._decide_for(
            way, channel="counter", origin_name=False, origin_number=False, **vals
        )

    def _kinds(self, request):
        return set(request.notice_ids.mapped("kind"))

    def test_the_way_the_request_came_is_proposed(self):
        """Platform, else e-mail, else paper."""
        request = self._filed()
        self.assertEqual(request._get_delivery_way(), "platform")
        request.origin_number = False
        self.assertEqual(request._get_delivery_way(), "email")
        request.email = "nu-e-adresa"
        self.assertEqual(request._get_delivery_way(), "pickup")

    def test_a_way_that_cannot_reach_the_applicant_is_refused(self):
        """No platform, no address: nothing is decided."""
        for way, vals, words in (
            ("platform", {"origin_number": False}, "did not come from a platform"),
            ("email", {"email": "x"}, "e-mail address"),
        ):
            with self.subTest(way=way), self.assertRaisesRegex(UserError, words):
                self._decide_for(way, **vals)

    def test_e_mail_carries_the_documents_only_when_it_was_chosen(self):
        """No personal data leaves unasked (romania.md 7)."""
        for way, count in (("email", 1), ("pickup", 0)):
            request = self._decided()
            request.delivery_way = way
            notice = request.notice_ids.filtered(lambda n: n.kind == "solved")
            mail = notice._create_mail(notice.create_date)
            self.assertEqual(len(mail.attachment_ids), count)
            notice.mail_id = mail
            (message,) = notice._build_messages()
            self.assertEqual(len(list(message.iter_attachments())), count)

    def test_paper_becomes_a_reply_under_the_same_number(self):
        """The registry finds it among what has to be sent."""
        request = self._at_counter("post")
        reply = request.reply_entry_id
        self.assertEqual(reply.answers_id, request.entry_id)
        self.assertEqual(reply.number, request.entry_number)
        self.assertEqual(
            (reply.direction, reply.recipient_id), ("outgoing", self.citizen)
        )
        self.assertNotIn("posted", self._kinds(request), "nothing was sent yet")

    def test_the_applicant_hears_when_the_letter_left(self):
        """M8 with the R number, from the registry's own dispatch."""
        self.citizen.write({"street": "Str. Lungă 1", "city": "Valea Mare"})
        request = self._at_counter("post")
        letter = (
            self.env["pcu.dispatch"]
            .with_user(self.operator)
            .create(
                {
                    "entry_id": request.reply_entry_id.id,
                    "recipient_id": self.citizen.id,
                    "tracking_number": "RR123456785RO",
                }
            )
        )
        letter._send(request.reply_entry_id.registration_date)
        notice = request.notice_ids.filtered(lambda n: n.kind == "posted")
        self.assertEqual(notice.dispatch_id, letter)
        self.assertTrue(request.reply_entry_id.sent_date)

    def test_pick_up_is_recorded_once_and_closes(self):
        """Who, when, in the register too; not twice, not before the decision."""
        request = self._at_counter("pickup")
        self.assertIn("ready", self._kinds(request))
        counter = request.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "who took"):
            counter._collect(" ")
        with self.assertRaisesRegex(UserError, "after the decision"):
            counter._collect("Ion Țăranu", date(2026, 3, 1))
        # Decided half past midnight: the day before is not yet over in UTC.
        today = local_day()
        night = datetime.combine(today - timedelta(1), time(22, 30))
        self.env.cr.execute(
            "UPDATE pcu_request SET decided_at = %s WHERE id = %s", [night, request.id]
        )
        request.invalidate_recordset(["decided_at"])
        with self.assertRaisesRegex(UserError, "after the decision"):
            counter._collect("Ion Țăranu", today - timedelta(1))
        counter._collect("Ion Țăranu", today)
        self.assertEqual((request.state, request.closing_kind), ("closed", "solved"))
        self.assertTrue(request.reply_entry_id.sent_date)
        self.assertEqual(request.reply_entry_id.delivery_channel, "pickup")
        with self.assertRaisesRegex(UserError, "does not wait"):
            counter._collect("Altcineva")

    def test_strangers_hand_nothing_over(self):
        """Neither another department nor the auditor."""
        request = self._at_counter("pickup")
        for user in (self.stranger, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user)._collect("Ion")

    def test_issued_documents_are_digested_in_the_journal(self):
        """What was decided can be compared later, byte by byte."""
        request = self._decided()
        row = self.env["pcu.journal"].search(
            [("res_id", "=", request.id), ("action", "=", "documents_issued")]
        )
        self.assertEqual(
            row.data["sha256"], request.final_document_ids.mapped("sha256")
        )
        with self.assertRaises(UserError):
            request.final_document_ids.name = "altul.pdf"


@tagged("post_install", "-at_install")
class TestPickupSlip(HttpCase, RequestsCase):
    """The slip over HTTP."""

    def test_slip_is_for_who_may_read_the_request(self):
        """Romanian words and both numbers; strangers find nothing."""
        request = self._decided()
        request.delivery_way = "pickup"
        self.authenticate("operator", "operator")
        answer = self.url_open(f"/pcu/pickup-slip/{request.id}")
        text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        for words in (request.entry_reference, "123456", "Țăranu", "certificat.pdf"):
            self.assertIn(words, text)
        self.authenticate("stranger", "stranger")
        url = f"/pcu/pickup-slip/{request.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
