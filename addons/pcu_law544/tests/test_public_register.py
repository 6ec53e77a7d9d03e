"""The public register: what was asked, never who asked."""

import io

import openpyxl
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from .common import Law544Case


@tagged("post_install", "-at_install")
class TestPublicRegister(Law544Case, HttpCase):
    """No personal data leaves."""

    def test_personal_data_is_refused_in_the_public_text(self):
        """CNP, e-mail, telephone, the applicant's name; plain words are fine."""
        request = self._asked()
        for text in (
            "Dosarul lui 1800101221144",
            "Răspuns la ion@example.com",
            "Telefon 0722 123 456",
            "Contractele cerute de ION TARANU",
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                request.public_summary = text
        request.public_summary = "Contractele de lucrări din 2025, peste 100.000 lei"

    def test_register_names_nobody(self):
        """As spreadsheet and as PDF; what isn't anonymised yet says so."""
        self.citizen.pcu_cnp = "1800101221144"
        self._refused(public_summary="Ofertele la licitația pentru drumuri")
        self._asked(subject="Dosarul lui Ion Țăranu")
        self.authenticate("operator", "operator")
        address = f"/pcu/law544-register/{self.company.id}/2026/"
        answer = self.url_open(address + "xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        cells = [str(c) for row in sheet.iter_rows(values_only=True) for c in row if c]
        text = " ".join(cells)
        self.assertIn("Ofertele la licitația pentru drumuri", text)
        self.assertIn("(în curs de anonimizare)", text)
        self.assertIn("art. 12 alin. (1) lit. c)", text)
        for wrong in ("Țăranu", "1800101221144", "ion@example.com"):
            self.assertNotIn(wrong, text)
        answer = self.url_open(address + "pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF"))

    def test_only_who_publishes_gets_the_file(self):
        """Others, and other institutions, find nothing."""
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        cases = (
            ("operator", self.company, 200),
            ("inspector", self.company, 404),
            ("auditor", self.company, 404),
            ("operator", other, 404),
        )
        for login, company, status in cases:
            with self.subTest(login=login, company=company.name):
                self.authenticate(login, login)
                answer = self.url_open(f"/pcu/law544-register/{company.id}/2026/xlsx")
                self.assertEqual(answer.status_code, status)
