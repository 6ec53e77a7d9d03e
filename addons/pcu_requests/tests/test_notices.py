"""The applicant is told each thing once, however the mail server behaves."""

import smtplib
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.pcu_base.tests.common import dead_worker
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestNotices(RequestsCase):
    """Owing, sending, waiting, giving up."""

    def setUp(self):
        super().setUp()
        self.sent = []
        self.fault = None
        server = type(self.env["ir.mail_server"])

        def send_email(this, message, *args, **kwargs):
            if self.fault:
                raise self.fault
            self.sent.append(message)
            return message["Message-Id"]

        patcher = patch.object(server, "send_email", send_email)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _text(self, message):
        return message.get_body(preferencelist=("plain",)).get_content()

    def test_registered_notice_says_both_numbers(self):
        """M1: PISEG number, internal number and date, department, term."""
        request = self._filed()
        request.notice_ids._advance()
        self.assertEqual(request.notice_ids.state, "sent")
        (message,) = self.sent
        self.assertEqual(
            message["Subject"],
            f"[Primăria Exemplu] Cererea nr. {request.entry_reference} – înregistrată "
            "(PISEG #123456)",
        )
        text = " ".join(self._text(message).split())
        for words in (
            "*#123456*",
            f"*{request.entry_reference}*",
            "Urbanism",
            "14.04.2026",
            "eDirect",
        ):
            self.assertIn(words, text)
        self.assertEqual(message["Message-Id"], request.notice_ids.message_id)
        self.assertIn("registratura@ex.ro", message["Reply-To"])

    def test_text_has_comma_below_and_no_personal_code(self):
        """Correct Romanian letters, no CNP, in all three messages."""
        self.citizen.pcu_cnp = "1800101221144"
        request = self._complete()
        request.with_user(self.inspector).action_take()
        request.with_user(self.inspector)._ask_clarification("Lipsește planul.")
        request._add_clarification_answer("Da.")
        request.with_user(self.inspector)._decide("partial", "Se aprobă în parte.")
        request.notice_ids._advance()
        self.assertEqual(len(self.sent), 3)
        for message in self.sent:
            text = message["Subject"] + self._text(message)
            self.assertFalse(set("\u015f\u0163\u015e\u0162") & set(text))
            self.assertNotIn("1800101221144", text)
            self.assertNotIn("False", text)

    def test_solved_notice_says_outcome_and_where_to_download(self):
        """M7: solved, both numbers, outcome, the document on the platform."""
        request = self._decided()
        request.notice_ids.filtered(lambda n: n.kind == "solved")._advance()
        text = " ".join(self._text(self.sent[0]).split())
        self.assertIn("soluționată la data de *12.03.2026*", text)
        self.assertIn("*favorabil*", text)
        self.assertIn("poate fi descărcat", text)

    def test_clarification_notice_says_what_and_until_when(self):
        """M3: what is missing, the date, that the legal term goes on."""
        request = self._filed()
        request.with_user(self.inspector).action_take()
        request.with_user(self.inspector)._ask_clarification("– Plan cadastral")
        request.notice_ids.filtered(lambda n: n.kind == "clarification")._advance()
        text = " ".join(self._text(self.sent[0]).split())
        self.assertIn("– Plan cadastral", text)
        self.assertIn("23.03.2026", text)
        self.assertIn("nu se suspendă", text)

    def test_nothing_leaves_before_the_number(self):
        """The promise is made at filing, kept after numbering."""
        with patch.object(
            self.request_class, "_advance_registered", lambda _self: None
        ):
            request = self._filed()
        request.notice_ids._advance()
        self.assertEqual(request.notice_ids.state, "waiting")
        self.assertFalse(self.sent)
        request._advance_registered()
        request.notice_ids._advance()
        self.assertEqual(len(self.sent), 1)

    def test_sending_twice_sends_once(self):
        """A repeated run finds nothing to do."""
        notice = self._filed().notice_ids
        notice._advance()
        notice._advance()
        self.assertEqual(len(self.sent), 1)
        self.assertEqual(self._mail_count(notice), 1)

    def test_mail_server_down_then_up(self):
        """The mail waits and leaves later, as the same row with the same id."""
        notice = self._filed().notice_ids
        self.fault = MailDeliveryException("Connection refused")
        notice._advance()
        self.assertEqual((notice.state, notice.attempts), ("waiting", 1))
        self.assertEqual(notice.next_try_at, datetime(2026, 3, 12, 8, 0, 10))
        self.assertIn("Connection refused", notice.error)
        notice._advance()
        self.assertEqual(notice.attempts, 1, "not due yet")
        self.fault = None
        self.clock.move_to("2026-03-12 08:00:11")
        notice._advance()
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.error)
        self.assertEqual(len(self.sent), 1)
        self.assertEqual(self.sent[0]["Message-Id"], notice.message_id)
        self.assertEqual(self._mail_count(notice), 1)

    def test_odoos_own_queue_leaves_it_alone(self):
        """While we try, the hourly queue must not send a second time."""
        notice = self._filed().notice_ids
        self.fault = MailDeliveryException("Connection refused")
        notice._advance()
        due = self.env["mail.mail"].search(
            [
                ("state", "=", "outgoing"),
                "|",
                ("scheduled_date", "=", False),
                ("scheduled_date", "<=", datetime(2026, 3, 12, 9)),
            ]
        )
        self.assertNotIn(notice.mail_id, due)

    def test_two_days_later_a_clerk_is_told(self):
        """After forty-eight hours somebody tells the applicant another way."""
        request = self._in_progress()
        notice = request.notice_ids
        self.fault = MailDeliveryException("Connection refused")
        moment = datetime(2026, 3, 12, 8)
        while notice.state == "waiting" and moment < datetime(2026, 3, 16):
            notice._advance()
            moment = notice.next_try_at or moment
            self.clock.move_to(moment)
        self.assertEqual(notice.state, "failed")
        self.assertLessEqual(moment - notice.first_try_at, timedelta(hours=48))
        self.assertEqual(self._mail_count(notice), 1)
        self.assertEqual(notice.mail_id.state, "exception")
        self.assertTrue(
            request.activity_ids.filtered(lambda a: a.user_id == self.inspector)
        )
        self.assertTrue(request.notice_problem)

    def test_refused_address_is_not_tried_again(self):
        """A mailbox that does not exist will not exist in an hour."""
        notice = self._filed().notice_ids
        fault = MailDeliveryException("Mail Delivery Failed")
        fault.__context__ = smtplib.SMTPRecipientsRefused(
            {"ion@example.com": (550, b"no such user")}
        )
        self.fault = fault
        notice._advance()
        self.assertEqual(notice.state, "failed")

    def test_greylisting_is_tried_again(self):
        """A 450 only asks for patience."""
        notice = self._filed().notice_ids
        fault = MailDeliveryException("Mail Delivery Failed")
        fault.__context__ = smtplib.SMTPRecipientsRefused(
            {"ion@example.com": (450, b"greylisted")}
        )
        self.fault = fault
        notice._advance()
        self.assertEqual(notice.state, "waiting")

    def _claim(self, notice):
        return self.env["pcu.notice"]._claim(10, notice.ids)

    def test_crash_during_sending_is_picked_up_after_the_lease(self):
        """A process dead elsewhere leaves a lease that runs out; the row stays one."""
        notice = self._filed().notice_ids
        self.assertEqual(list(self._claim(notice)), notice.ids)
        self.assertFalse(self._claim(notice))
        notice.lease_owner = "another-host|1|its boot|1"
        self.assertFalse(self._claim(notice))
        self.clock.move_to("2026-03-12 08:06:00")
        notice._advance()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(self._mail_count(notice), 1)

    def test_what_a_killed_process_was_sending_is_sent_at_once(self):
        """Its successor on the machine sees that it is gone; the mail is the same."""
        notice = self._filed().notice_ids
        self._claim(notice)
        notice.lease_owner = dead_worker()
        notice._advance()
        self.assertEqual(notice.state, "sent")
        self.assertEqual([m["Message-Id"] for m in self.sent], [notice.message_id])
        self.assertEqual(self._mail_count(notice), 1)

    def test_who_was_overtaken_neither_sends_nor_writes(self):
        """A worker that slept through its lease leaves the notice to the next one."""
        notice = self._filed().notice_ids
        late = self._claim(notice)
        self.clock.move_to("2026-03-12 08:06:00")
        self.assertTrue(self._claim(notice))
        self.fault = MailDeliveryException("Connection refused")
        self.assertEqual(notice._send_claimed(late), 0)
        self.assertEqual((notice.state, notice.attempts), ("sending", 2))

    def test_who_is_overtaken_while_it_speaks_writes_nothing(self):
        """The result that counts is the one of the worker that holds the notice."""
        notice = self._filed().notice_ids
        late = self._claim(notice)
        server = type(self.env["ir.mail_server"])

        def slow(_server, message, *_args, **_kwargs):
            self.clock.move_to("2026-03-12 08:06:00")
            self.assertTrue(self._claim(notice))
            raise MailDeliveryException("Connection refused")

        with patch.object(server, "send_email", slow):
            notice._send_claimed(late)
        self.assertEqual((notice.state, notice.attempts), ("sending", 2))
        self.assertFalse(notice.error)

    def test_no_address_is_a_to_do_for_the_clerk(self):
        """Without an e-mail address nothing waits for ever."""
        self.citizen.email = False
        request = self._filed(email=False)
        notice = request.notice_ids
        self.assertEqual(notice.state, "no_address")
        self.assertEqual(request.activity_ids.user_id, self.head)
        self.assertIn("by post", request.notice_problem)
        with self.assertRaisesRegex(UserError, "e-mail address"):
            notice.with_user(self.inspector).action_retry()
        request.with_user(self.inspector).email = "nou@example.com"
        notice.with_user(self.inspector).action_retry()
        notice._advance()
        self.assertEqual(notice.state, "sent")
        self.assertIn("nou@example.com", self.sent[0]["To"])

    def test_sent_notice_is_not_sent_again(self):
        """There is no button that tells a citizen twice."""
        notice = self._filed().notice_ids
        notice._advance()
        with self.assertRaises(UserError):
            notice.with_user(self.inspector).action_retry()

    def test_cron_sends_what_is_due(self):
        """The scheduler works through many notices and stops."""
        requests = self._filed() | self._filed() | self._filed()
        with self.enter_registry_test_mode():
            self.env.ref("pcu_requests.ir_cron_notice").method_direct_trigger()
        requests.invalidate_recordset()
        self.assertEqual(set(requests.notice_ids.mapped("state")), {"sent"})
        self.assertEqual(len(self.sent), 3)

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("pcu_requests.ir_cron_notice").method_direct_trigger()
        self.env.invalidate_all()

    def test_one_that_cannot_be_written_keeps_no_other_waiting(self):
        """What a template makes of one request stops only that one's e-mail."""
        request = self._in_progress()
        request.with_user(self.inspector)._ask_clarification("Lipsește planul.")
        registered, asked = request.notice_ids.sorted("id")
        # The broken one is the first in the queue.
        asked.next_try_at = datetime(2026, 3, 12, 7)
        template = type(self.env["mail.template"])
        render = template._render_field

        def render_field(this, field, res_ids, *args, **kwargs):
            if asked.id in res_ids:
                raise ValueError("it can not be rendered")
            return render(this, field, res_ids, *args, **kwargs)

        with (
            patch.object(template, "_render_field", render_field),
            mute_logger("odoo.addons.pcu_requests.models.pcu_notice"),
        ):
            self._run_cron()
        self.assertEqual(registered.state, "sent")
        self.assertEqual((asked.state, asked.attempts), ("waiting", 1))
        self.assertGreater(asked.next_try_at, datetime(2026, 3, 12, 8))
        self.assertTrue(asked.error)
        self.clock.move_to("2026-03-12 08:01:00")
        self._run_cron()
        self.assertEqual((asked.state, asked.error), ("sent", False))

    def test_one_that_the_program_cannot_send_keeps_no_other_waiting(self):
        """An odd address or a bad certificate is a fault of one, with its ladder."""
        poisoned, good = self._filed().notice_ids, self._filed().notice_ids
        poisoned.next_try_at = datetime(2026, 3, 12, 7)
        server = type(self.env["ir.mail_server"])

        def send_email(_server, message, *_args, **_kwargs):
            if message["Message-Id"] == poisoned.message_id:
                raise AssertionError("no valid recipient")
            self.sent.append(message)

        with (
            patch.object(server, "send_email", send_email),
            mute_logger("odoo.addons.pcu_requests.models.pcu_notice"),
        ):
            self._run_cron()
            self.assertEqual(good.state, "sent")
            self.assertEqual((poisoned.state, poisoned.attempts), ("waiting", 1))
            self.assertTrue(poisoned.error)
            self.clock.move_to("2026-03-15 08:00:00")
            self._run_cron()
        self.assertEqual(poisoned.state, "failed", "a person is told in the end")

    def test_clerk_reads_the_text_that_left(self):
        """The notice shows the e-mail, though e-mail rows are for administrators."""
        notice = self._filed().notice_ids
        notice._advance()
        body = notice.with_user(self.inspector).mail_body
        self.assertIn("înregistrată la Primăria Exemplu", html2plaintext(body))

    def _mail_count(self, notice):
        return self.env["mail.mail"].search_count(
            [("message_id", "=", notice.message_id)]
        )
