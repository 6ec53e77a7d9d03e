"""E-mails and papers as strangers send them."""

import io
from email.message import EmailMessage
from email.utils import format_datetime

from odoo.addons.pcu_registry.tests.common import RegistryCase
from odoo.fields import Datetime
from reportlab.pdfgen.canvas import Canvas

PROGRAM = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0L\x01" + bytes(300)


def make_pdf(pages=1, text="pagina"):
    """Draw a PDF with a word and a number on each page."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number in range(pages):
        canvas.drawString(72, 700, f"{text} {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def make_mail(to, subject="Cerere acord", text="Bună ziua!", files=(), **headers):
    """Write a message as a mail program does; `None` drops a header."""
    mail = EmailMessage()
    values = {
        "From": "Ștefan Țăranu <stefan@example.org>",
        "To": to,
        "Subject": subject,
        "Date": format_datetime(Datetime.to_datetime("2026-11-10 08:00:00")),
        "Message-ID": "<1@example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in values.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    for name, kind, content in files:
        maintype, _slash, subtype = kind.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes()


class IntakeCase(RegistryCase):
    """The registry's town hall, with an e-mail address for its register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "teilor.example"})
        cls.company.alias_domain_id = cls.domain
        cls.register.alias_name = "registratura"
        cls.address = "registratura@teilor.example"
        cls.citizen.write({"email": "stefan@example.org", "pcu_party_kind": "natural"})

    def _receive(self, raw, model=None, **context):
        threads = self.env["mail.thread"].with_context(**context)
        return self.env["pcu.intake.message"].browse(
            threads.message_process(model, raw)
        )
