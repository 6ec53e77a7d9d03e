"""Every e-mail to the citizen, M1 to M9, and what goes to the house, M10.

The kinds are read from the field itself, so that a new one, of a floor above too, is
checked from the day on which it is added.
"""

import re

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import RequestsCase

CNP = "1800101221144"
CEDILLAS = set("\u015f\u0163\u015e\u0162")


@tagged("post_install", "-at_install")
class TestMails(RequestsCase):
    """One request that has been through everything, one e-mail of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ro_RO")

    def setUp(self):
        super().setUp()
        self.citizen.write({"pcu_cnp": CNP, "street": "Str. Lungă 1"})
        self.company.write(
            {"pcu_pickup_place": "Registratură", "pcu_pickup_hours": "8:00–16:00"}
        )
        self.procedure.appeal_note = "Plângere prealabilă, Legea 554/2004 art. 7."
        request = self._in_progress()
        solving = request.with_user(self.inspector)
        solving._ask_fee(
            "Taxă certificat", 15, mandatory=False, payment_note="Casierie"
        )
        solving._ask_clarification("Lipsește planul.")
        request._add_clarification_answer("Iată.")
        solving._decide("favourable", "Se aprobă.")
        solving._dispatch_answer("post")
        request.sudo().closing_reason = "Nu este de competența instituției."
        request.entry_id._get_fonts()
        self.request = request
        self.letter = self.env["pcu.dispatch"].create(
            {
                "entry_id": request.reply_entry_id.id,
                "recipient_id": self.citizen.id,
                "tracking_number": "RR123456785RO",
            }
        )

    def _get_kinds(self):
        """Return every kind of notice, those of the floors above too."""
        return self.env["pcu.notice"]._fields["kind"].get_values(self.env)

    def _message(self, kind):
        """Return the e-mail of a kind as it goes over the wire."""
        request = self.request
        notice = request.notice_ids.filtered(lambda n: n.kind == kind)[:1]
        notice = notice or self.env["pcu.notice"].create(
            {"request_id": request.id, "kind": kind, "email_to": "ion@example.com"}
        )
        notice.write(
            {
                "fee_id": request.fee_ids.id,
                "clarification_id": request.clarification_ids[:1].id,
                "dispatch_id": self.letter.id,
            }
        )
        notice.mail_id = notice._create_mail(notice.create_date)
        (message,) = notice._build_messages()
        return message

    def _text(self, message):
        """Return the plain-text part; a mail without one fails here."""
        return " ".join(message.get_body(("plain",)).get_content().split())

    def test_each_kind_has_its_template(self):
        """No kind is owed that nobody can write."""
        for kind in self._get_kinds():
            notice = self.env["pcu.notice"].new({"kind": kind})
            template = self.env.ref(notice._get_template_xmlid())
            self.assertEqual(template.model, "pcu.notice")

    def test_every_e_mail_is_right(self):
        """Both numbers, correct letters, no CNP, a text part, one thread."""
        first = self.request.notice_ids.sorted("id")[:1].message_id
        for kind in self._get_kinds():
            with self.subTest(kind=kind):
                message = self._message(kind)
                text, subject = self._text(message), message["Subject"]
                for words in (subject, text):
                    self.assertIn(self.request.entry_reference, words)
                    self.assertRegex(words, "PISEG\\D*#\\D{0,2}123456")
                    self.assertFalse(CEDILLAS & set(words))
                    self.assertNotIn(CNP, words)
                    self.assertFalse(re.search(r"\bFalse\b|\bNone\b|{{|<t ", words))
                self.assertTrue(subject.startswith("[Primăria Exemplu] Cererea nr. "))
                self.assertIn("Bună ziua", text)
                self.assertIn("Cu stimă", text)
                self.assertIn("registratura@ex.ro", message["Reply-To"])
                self.assertFalse(list(message.iter_attachments()))
                if kind != "registered":
                    self.assertIn(first, message["References"])

    def test_each_says_what_it_is_for(self):
        """The words the law or the citizen needs (romania.md 7)."""
        for kind, words in {
            "registered": ("înregistrată", "Căi de atac"),
            "fee": ("Taxă certificat", "15,00 lei", "Casierie", "dovada"),
            "clarification": ("Lipsește planul", "se suspendă"),
            "refused": ("Motivul: Nu este de competența", "cerere nouă"),
            "solved": ("favorabil", "Căi de atac"),
            "ready": ("Registratură", "8:00–16:00", "actul de identitate"),
            "posted": ("RR123456785RO", "expediat"),
        }.items():
            text = self._text(self._message(kind))
            for word in words:
                with self.subTest(kind=kind, word=word):
                    self.assertIn(word, text)

    def test_mail_to_the_house_names_numbers_and_no_person(self):
        """M10: the digest leaves the house, so it names no applicant."""
        self.inspector.write({"email": "inspector@ex.ro", "lang": "ro_RO"})
        self.env["pcu.digest"]._owe(
            self.company, {(self.inspector, "late"): self.request}
        )
        mail = self.env["mail.mail"].search([("email_to", "=", "inspector@ex.ro")])
        text = html2plaintext(mail.body_html)
        self.assertIn(self.request.entry_reference, text)
        self.assertNotIn("Țăranu", text)
        self.assertNotIn(CNP, text)
        self.assertFalse(CEDILLAS & set(text))
