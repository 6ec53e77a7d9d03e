import hashlib
import io
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from unittest.mock import Mock

from odoo import fields
from odoo.addons.pcu_base.tests.common import ALL, NONE, READ
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from PIL import Image

from .common import PROGRAM, IntakeCase, make_mail, make_pdf


@tagged("post_install", "-at_install")
class TestMailProposal(IntakeCase):
    """An e-mail for a register is proposed and registered with one key."""

    def test_proposal_has_what_the_message_says(self):
        raw = make_mail(
            f"Primăria <{self.address}>",
            files=[("plan.pdf", "application/pdf", make_pdf())],
        )
        message = self._receive(raw)
        self.assertRecordValues(
            message,
            [
                {
                    "name": "Cerere acord",
                    "summary": "Cerere acord",
                    "sender_email": "stefan@example.org",
                    "sender_id": self.citizen.id,
                    "text": "Bună ziua!",
                    "state": "proposal",
                    "register_id": self.register.id,
                    "company_id": self.company.id,
                    "file_count": 1,
                    "suspicious": False,
                }
            ],
        )
        self.assertEqual(str(message.sent_at), "2026-11-10 08:00:00")
        self.assertEqual(message.original_id.raw, raw)
        self.assertEqual(message.sha256, hashlib.sha256(raw).hexdigest())

    def test_cedillas_become_commas_but_not_in_the_original(self):
        raw = make_mail(
            self.address,
            subject="Cerere \u015ftampil\u0103",
            From="Ion \u0162ole <ion@example.org>",
        )
        message = self._receive(raw)
        self.assertEqual(message.summary, "Cerere ștampilă")
        self.assertEqual(message.original_id.raw, raw)
        message.with_user(self.operator).action_register()
        self.assertEqual(message.entry_id.sender_id.name, "Ion Țole")

    def test_one_key_registers_with_the_bytes_as_received(self):
        pdf = make_pdf()
        raw = make_mail(self.address, files=[("plan.pdf", "application/pdf", pdf)])
        message = self._receive(raw).with_user(self.operator)
        action = message.action_register()
        entry = message.entry_id
        self.assertEqual(action["res_id"], entry.id)
        self.assertRecordValues(
            entry,
            [
                {
                    "state": "registered",
                    "direction": "incoming",
                    "channel": "email",
                    "sender_id": self.citizen.id,
                    "summary": "Cerere acord",
                    "document_count": 2,
                }
            ],
        )
        self.assertTrue(entry.number)
        self.assertEqual(
            [document._read() for document in entry.document_ids], [pdf, raw]
        )
        self.assertEqual(message.state, "registered")
        self.assertEqual(message.original_id.raw, raw)

    def test_registering_twice_is_refused(self):
        message = self._receive(make_mail(self.address)).with_user(self.operator)
        message.action_register()
        with self.assertRaises(UserError):
            message.action_register()

    def test_many_are_registered_at_once(self):
        messages = self.env["pcu.intake.message"]
        for number in range(3):
            messages |= self._receive(
                make_mail(self.address, Message_ID=f"<{number}@example.org>")
            )
        messages.with_user(self.operator).action_register()
        self.assertEqual(len(messages.entry_id), 3)

    def test_unknown_sender_becomes_a_party(self):
        message = self._receive(
            make_mail(self.address, From="Ana Pop <ana@example.org>")
        )
        self.assertFalse(message.sender_id)
        message.with_user(self.operator).action_register()
        self.assertEqual(message.entry_id.sender_id.name, "Ana Pop")
        self.assertEqual(message.entry_id.sender_id.email, "ana@example.org")

    def test_two_parties_with_one_mailbox_are_told_apart_by_name(self):
        self.citizen.copy({"name": "Maria Țăranu", "email": "stefan@example.org"})
        message = self._receive(make_mail(self.address))
        self.assertEqual(message.sender_id, self.citizen)
        message = self._receive(
            make_mail(
                self.address, From="casa@x.ro <stefan@example.org>", Message_ID="<2@x>"
            )
        )
        self.assertFalse(message.sender_id)

    def test_the_same_message_again_is_one_proposal(self):
        raw = make_mail(self.address)
        message = self._receive(raw)
        again = self._receive(b"Received: from relay by mx; x\r\n" + raw)
        self.assertEqual(again, message)

    def test_a_repeated_message_id_hides_no_other_letter(self):
        message = self._receive(make_mail(self.address))
        other = self._receive(make_mail(self.address, text="Altceva"))
        self.assertNotEqual(other, message)

    def test_mailbox_of_a_register(self):
        other = self.env["pcu.register"].create(
            {"name": "Petiții", "code": "P", "company_id": self.company.id}
        )
        server = self.env["fetchmail.server"].create(
            {"name": "Petiții", "server_type": "imap", "pcu_register_id": other.id}
        )
        message = self._receive(
            make_mail("petitii@alt-domeniu.example"),
            model="pcu.intake.message",
            default_fetchmail_server_id=server.id,
        )
        self.assertEqual(message.register_id, other)

    def _fail_for_days(self, **values):
        """Let a mailbox fail once more that could not be opened for six days."""
        server = self.env["fetchmail.server"].create(
            {
                "name": "Registratura",
                "server_type": "imap",
                "state": "done",
                "error_date": fields.Datetime.now() - timedelta(days=6),
                **values,
            }
        )
        self.patch(type(server), "_connect__", Mock(side_effect=OSError("away")))
        crons = mute_logger("odoo.addons.base.models.ir_cron")
        with self.enter_registry_test_mode(), crons:
            cron = self.env.ref("mail.ir_cron_mail_gateway_action")
            cron.method_direct_trigger()
        server.invalidate_recordset()
        return server

    def test_mailbox_of_a_register_is_never_given_up(self):
        """Once its server is back the letters of those days come in."""
        server = self._fail_for_days(pcu_register_id=self.register.id)
        self.assertEqual(server.state, "done")
        self.assertGreater(server.error_date, fields.Datetime.now() - timedelta(days=1))
        server.set_draft()
        self.assertEqual(server.state, "draft", "a person may")

    def test_other_mailboxes_are_given_up_as_odoo_does(self):
        self.assertEqual(self._fail_for_days().state, "draft")

    def test_mail_for_somebody_else_goes_its_own_way(self):
        with self.assertRaises(ValueError):
            self._receive(make_mail("altcineva@teilor.example"))

    def test_dangerous_attachment_is_shown_and_kept(self):
        message = self._receive(
            make_mail(self.address, files=[("factura.pdf", "application/pdf", PROGRAM)])
        )
        self.assertTrue(message.suspicious)
        self.assertTrue(message.file_ids.remark)
        self.assertEqual(
            message.file_ids.attachment_id.mimetype, "application/octet-stream"
        )
        self.assertFalse(message.message_main_attachment_id)
        message.with_user(self.operator).action_register()
        self.assertTrue(any(message.entry_id.document_ids.mapped("suspicious")))

    def test_picture_is_kept_byte_for_byte(self):
        """Odoo makes big pictures smaller on upload; a document must not change."""

        drawn = io.BytesIO()
        Image.new("RGB", (2400, 2000), "white").save(drawn, "JPEG", quality=95)
        message = self._receive(
            make_mail(self.address, files=[("p.jpg", "image/jpeg", drawn.getvalue())])
        )
        self.assertEqual(message.file_ids.attachment_id.raw, drawn.getvalue())

    def test_what_was_received_cant_be_rewritten(self):
        message = self._receive(make_mail(self.address)).with_user(self.operator)
        message.summary = "Corectat"
        for values in ({"text": "x"}, {"state": "registered"}, {"sender_email": "x"}):
            with self.assertRaises(UserError):
                message.write(values)

    def test_set_aside_and_taken_up_again(self):
        message = self._receive(make_mail(self.address)).with_user(self.operator)
        with self.assertRaises(UserError):
            message.unlink()
        message.action_reject()
        self.assertEqual(message.state, "rejected")
        with self.assertRaises(UserError):
            message.action_register()
        message.action_restore()
        self.assertEqual(message.state, "proposal")
        message.action_reject()
        message.unlink()

    def test_list_costs_few_queries_whatever_its_length(self):
        for number in range(12):
            self._receive(make_mail(self.address, Message_ID=f"<{number}@x>"))
        self.env.flush_all()
        messages = self.env["pcu.intake.message"].with_user(self.operator)
        spec = {"name": {}, "sender_id": {"fields": {"display_name": {}}}, "state": {}}
        messages.web_search_read([], spec)
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            messages.web_search_read([], spec)


@tagged("post_install", "-at_install")
class TestMailAnswer(IntakeCase):
    """An answer that cites our number lands on its entry."""

    def _entry(self):
        entry = self._registered()
        entry.action_route(self.urbanism, self.inspector)
        return entry

    def test_answer_lands_on_its_entry(self):
        entry = self._entry()
        raw = make_mail(self.address, subject=f"Re: Adresa nr. {entry.reference}")
        message = self._receive(raw)
        self.assertRecordValues(
            message,
            [{"state": "answer", "entry_id": entry.id, "unknown_sender": False}],
        )
        self.assertEqual(entry.document_ids._read(), raw)
        self.assertEqual(entry.document_ids.department_id, self.urbanism)
        self.assertIn("Ștefan Țăranu", entry.message_ids[0].body)
        reminders = entry.activity_ids.filtered(lambda a: a.user_id == self.inspector)
        self.assertIn("Ștefan Țăranu", reminders[-1].summary)

    def test_answer_from_an_unknown_address_is_marked(self):
        entry = self._entry()
        message = self._receive(
            make_mail(
                self.address, subject=f"RE: {entry.reference}", From="x@else.example"
            )
        )
        self.assertEqual(message.entry_id, entry)
        self.assertTrue(message.unknown_sender)

    def test_answer_that_is_another_matter_gets_its_own_entry(self):
        entry = self._entry()
        message = self._receive(make_mail(self.address, subject=entry.reference))
        message.with_user(self.operator).action_register()
        own = message.entry_id
        self.assertNotEqual(own, entry)
        self.assertEqual(own.connected_to_id, entry)
        self.assertEqual(own.document_count, 1)
        self.assertFalse(entry.document_ids)

    def test_number_nobody_has_is_a_proposal(self):
        message = self._receive(make_mail(self.address, subject="Re: 999/10.11.2026"))
        self.assertEqual(message.state, "proposal")

    def test_number_of_another_institution_is_a_proposal(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        register = self.env["pcu.register"].search([("company_id", "=", other.id)])
        for _each in range(3):
            entry = (
                self.env["pcu.register.entry"]
                .create(
                    {
                        "register_id": register.id,
                        "company_id": other.id,
                        "sender_id": self.citizen.id,
                        "summary": "x",
                    }
                )
                ._do_register()
            )
        message = self._receive(make_mail(self.address, subject=entry.reference))
        self.assertEqual(message.state, "proposal")

    def test_answer_to_an_annulled_entry_is_a_proposal(self):
        entry = self._entry()
        entry.action_annul("Greșit")
        message = self._receive(make_mail(self.address, subject=entry.reference))
        self.assertEqual(message.state, "proposal")

    def test_answer_to_a_message_of_ours_needs_no_number(self):
        self._check_answer_to_ours()

    def test_answer_with_an_identifier_too_long_for_its_line(self):
        """Python's own e-mail library, for one, then encodes the header."""
        self._check_answer_to_ours(message_id=f"<{'1' * 90}@primaria.example>")

    def _check_answer_to_ours(self, **values):
        entry = self._entry()
        ours = entry.message_post(
            body="Vă rugăm să completați", subtype_xmlid="mail.mt_note"
        )
        ours.write(values)
        message = self._receive(
            make_mail(
                self.address, From="alt@else.example", In_Reply_To=ours.message_id
            )
        )
        self.assertRecordValues(
            message, [{"entry_id": entry.id, "unknown_sender": False}]
        )


@tagged("post_install", "-at_install")
class TestMailFromPrograms(IntakeCase):
    """Programs are heard and never answered."""

    def test_what_a_program_sent_is_kept_and_never_answered(self):
        entry = self._registered()
        cases = {
            "auto_reply": {"Auto_Submitted": "auto-replied"},
            "bulk": {"Precedence": "bulk"},
            "delivery_report": {"Return_Path": "<>"},
            "own_address": {"From": f"Noi <{self.address}>"},
        }
        cases_more = [{"X_Auto_Response_Suppress": "All"}, {"Precedence": "auto_reply"}]
        sent = self.env["mail.mail"].search_count([])
        for number, (reason, headers) in enumerate(
            [*cases.items(), *(("auto_reply", more) for more in cases_more)]
        ):
            with self.subTest(headers):
                message = self._receive(
                    make_mail(
                        self.address,
                        subject=f"Re: {entry.reference}",
                        Message_ID=f"<{number}@x>",
                        **headers,
                    )
                )
                self.assertRecordValues(
                    message, [{"state": "automatic", "reason": reason}]
                )
        self.assertFalse(entry.document_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), sent)

    def test_auto_submitted_no_is_a_person(self):
        message = self._receive(make_mail(self.address, Auto_Submitted="no"))
        self.assertEqual(message.state, "proposal")

    def test_thirty_letters_of_one_sender_are_thirty_proposals(self):
        """The generic gateway would drop the twenty-first and send a warning."""
        sent = self.env["mail.mail"].search_count([])
        for number in range(30):
            self._receive(make_mail(self.address, Message_ID=f"<{number}@x>"))
        self.assertEqual(
            self.env["pcu.intake.message"].search_count(
                [("register_id", "=", self.register.id), ("state", "=", "proposal")]
            ),
            30,
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), sent)


@tagged("post_install", "-at_install")
class TestMailMalformed(IntakeCase):
    """What can't be read waits in sight and blocks nothing."""

    def _to_us(self, rest):
        return f"To: {self.address}\r\n".encode() + rest

    def test_unreadable_message_waits_with_its_reason(self):
        cases = {
            "damaged": b"From: a@b.ro\r\nSubject: x\r\n"
            b"Content-Type: multipart/mixed\r\n\r\nfara granita",
            "too_many_parts": b"From: a@b.ro\r\nContent-Type: multipart/mixed;"
            b' boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 600 + b"--b--\r\n",
        }
        for reason, rest in cases.items():
            with self.subTest(reason):
                raw = self._to_us(rest)
                message = self._receive(raw)
                self.assertRecordValues(
                    message, [{"state": "unreadable", "reason": reason}]
                )
                self.assertEqual(message.original_id.raw, raw)

    def test_not_an_email_at_all_waits_too(self):
        for reason, raw in (("empty", b" \r\n"), ("no_headers", b"\x00\xff\xfe" * 50)):
            message = self._receive(raw, model="pcu.intake.message")
            self.assertRecordValues(
                message, [{"state": "unreadable", "reason": reason}]
            )

    def test_unreadable_message_is_registered_as_it_is(self):
        raw = self._to_us(b"Content-Type: multipart/mixed\r\n\r\n?")
        message = self._receive(raw).with_user(self.operator)
        message.action_register()
        self.assertEqual(message.entry_id.document_ids._read(), raw)

    def test_a_failure_of_ours_keeps_the_message(self):
        def broken(_self, _letter):
            raise KeyError("x")

        self.patch(
            type(self.env["pcu.intake.message"]), "_prepare_letter_values", broken
        )
        with mute_logger("odoo.addons.pcu_intake.models.pcu_intake_message_reading"):
            message = self._receive(make_mail(self.address))
        self.assertRecordValues(message, [{"state": "unreadable", "reason": "failed"}])

    def test_read_again_after_the_cause_is_gone(self):
        message = self._receive(make_mail(self.address))
        message.write({"state": "unreadable", "reason": "failed"})
        message.with_user(self.operator).action_read_again()
        self.assertEqual(message.state, "proposal")

    def test_charset_that_lies(self):
        text = "Către primărie: ștampilă și țarc"
        cases = [
            ("utf-8", text.translate({0x219: 0x15F, 0x21B: 0x163}).encode("cp1250")),
            ("us-ascii", text.encode()),
            ("no-such-charset", text.encode()),
        ]
        for number, (declared, body) in enumerate(cases):
            with self.subTest(declared):
                message = self._receive(
                    self._to_us(
                        f"From: a@b.ro\r\nMessage-ID: <{number}>\r\nSubject: x\r\n"
                        f"Content-Type: text/plain; charset={declared}\r\n"
                        "Content-Transfer-Encoding: 8bit\r\n\r\n".encode()
                        + body
                    )
                )
                self.assertEqual(message.state, "proposal")
                self.assertIn("primărie", message.text)

    def test_headers_in_raw_bytes_and_a_wrong_date(self):
        message = self._receive(
            self._to_us(
                "From: Ștefan <a@b.ro>\r\nSubject: Înștiințare\r\n"
                "Date: ieri după-masă\r\n\r\nText".encode()
            )
        )
        self.assertEqual(message.state, "proposal")
        self.assertFalse(message.sent_at)
        self.assertIn("tiin", message.name)

    def test_message_within_a_message_is_a_file(self):
        inner = make_mail("x@y.ro", subject="Vechea scrisoare")
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = "a@b.ro", self.address, "Fwd"
        outer.set_content("Vedeți mai jos")
        outer.add_attachment(message_from_bytes(inner))
        message = self._receive(outer.as_bytes())
        self.assertEqual(message.file_ids.name, "Vechea scrisoare.eml")
        self.assertEqual(message.text, "Vedeți mai jos")

    def test_winmail_dat_is_kept_as_a_file(self):
        tnef = b"\x78\x9f\x3e\x22" + bytes(200)
        message = self._receive(
            make_mail(
                self.address, files=[("winmail.dat", "application/ms-tnef", tnef)]
            )
        )
        self.assertEqual(message.file_ids.attachment_id.raw, tnef)

    def test_page_without_text_shows_its_words_only(self):
        message = self._receive(
            self._to_us(
                b"From: a@b.ro\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
                b"<style>p{}</style><p>Salut</p><script>rau()</script>"
                b'<img src="http://spion.example/x.png">'
            )
        )
        self.assertEqual(message.text, "Salut")

    def test_message_of_25_mb(self):
        big = bytes(range(256)) * (100 * 1024)
        raw = make_mail(self.address, files=[("plan.dwg", "application/acad", big)])
        message = self._receive(raw)
        self.assertEqual(message.file_ids.size, len(big))
        self.assertGreater(message.size, 25 * 1024 * 1024)
        message.with_user(self.operator).action_register()
        self.assertEqual(message.entry_id.document_ids[0].size, len(big))


@tagged("post_install", "-at_install")
class TestMailRights(IntakeCase):
    """Role by role, verb by verb."""

    def test_verbs(self):
        message = self._receive(
            make_mail(self.address, files=[("a.pdf", "application/pdf", make_pdf())])
        )
        self.assertVerbs(message, operator=ALL - {"create"}, admin=READ)
        self.assertVerbs(message.file_ids, operator=READ, admin=READ)
        for records in (message, message.file_ids):
            self.assertVerbs(records, inspector=NONE, head=NONE, auditor=NONE)

    def test_attachments_follow_the_message(self):
        message = self._receive(make_mail(self.address))
        self.assertTrue(message.original_id.with_user(self.operator).raw)
        with self.assertRaises(AccessError):
            message.original_id.with_user(self.inspector).raw  # noqa: B018

    def test_only_the_registry_registers(self):
        message = self._receive(make_mail(self.address))
        for user in (self.inspector, self.head, self.auditor, self.admin):
            for act in ("action_register", "action_reject", "action_read_again"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(message.with_user(user), act)()

    def test_another_institution_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        message = self._receive(make_mail(self.address)).with_user(stranger)
        message = message.with_context(allowed_company_ids=other.ids)
        self.assertFalse(message.has_access("read"))
