import doctest
import io

import pypdfium2
import zxingcpp
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger
from pypdf import PdfReader

from .. import check_code, slips
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestKernels(BaseCase):
    def test_examples(self):
        for each in (check_code, slips):
            with self.subTest(each.__name__):
                self.assertFalse(doctest.testmod(each).failed)

    def test_code_has_sixty_bits_and_more(self):
        self.assertGreaterEqual(check_code.LENGTH * 5, 60)
        self.assertEqual(len(set(check_code.ALPHABET)), 32)
        self.assertEqual(len(check_code.make_code("secret", 1, 1)), check_code.LENGTH)

    def test_another_secret_makes_another_code(self):
        self.assertNotEqual(
            check_code.make_code("secret", 1, 1), check_code.make_code("other", 1, 1)
        )


class SlipCase(RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "name": "Primăria Țânțăreni",
                "pcu_public_url": "https://registratura.tantareni.example",
            }
        )
        with freeze_time("2026-11-10 07:41:00"):
            cls.entry = cls._registered(cls.operator, page_count=3, annex_count=2)

    def _pdf(self, paper="a6", entry=None):
        entries = (entry or self.entry).with_user(self.operator)
        return entries._draw_slips(paper)

    def _text(self, pdf):
        return PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


@tagged("post_install", "-at_install")
class TestSlip(SlipCase):
    """What the citizen takes home, and what sticks on the paper."""

    def test_codes_can_be_read_on_every_format(self):
        """Both codes are decoded from what a label printer of 203 dpi makes."""
        for paper, size in slips.SIZES.items():
            with self.subTest(paper):
                page = pypdfium2.PdfDocument(self._pdf(paper))[0]
                self.assertEqual(
                    [round(side / 72 * 25.4) for side in page.get_size()], list(size)
                )
                picture = page.render(scale=203 / 72).to_pil()
                read = {c.format: c.text for c in zxingcpp.read_barcodes(picture)}
                self.assertEqual(
                    read,
                    {
                        zxingcpp.BarcodeFormat.QRCode: (
                            "https://registratura.tantareni.example/pcu/verificare"
                            f"?nr={self.entry.number}&an=2026"
                            f"&cod={self.entry._get_check_code()}"
                        ),
                        zxingcpp.BarcodeFormat.Code128: self.entry.reference,
                    },
                )

    def test_slip_says_what_was_handed_in_and_how_to_follow_it(self):
        text = self._text(self._pdf())
        shown = check_code.show_code(self.entry._get_check_code())
        for part in (
            "Primăria Țânțăreni", self.entry.reference, "10.11.2026, 09:41",
            "Cerere certificat de urbanism", "file: 3, anexe: 2", shown,
            "registratura.tantareni.example/pcu/verificare",
        ):  # fmt: skip
            self.assertIn(part, text)
        self.assertNotIn(self.citizen.name, text)

    def test_slip_is_romanian_for_a_clerk_who_works_in_english(self):
        self.operator.lang = "en_US"
        self.assertIn("DOVADĂ DE ÎNREGISTRARE", self._text(self._pdf()))

    def test_legal_term_comes_from_the_floor_above(self):
        self.assertNotIn("Termen legal", self._text(self._pdf()))
        model = type(self.env["pcu.register.entry"])
        self.patch(model, "_get_slip_term", lambda _entry: "10.12.2026")
        self.assertIn("Termen legal\n10.12.2026", self._text(self._pdf()))

    def test_content_of_a_confidential_document_is_not_on_its_slip(self):
        secret = self._registered(self.operator, confidentiality="confidential")
        self.assertNotIn("Cerere", self._text(self._pdf(entry=secret)))

    def test_long_content_is_cut_and_stays_above_the_codes(self):
        long = self._registered(self.operator, summary="Cerere foarte lungă " * 60)
        self.assertIn("…", self._text(self._pdf(entry=long)))

    def test_printing_is_noted_in_the_journal(self):
        self._pdf("label_62x29")
        row = self.env["pcu.journal"].search([("action", "=", "slip_printed")])
        self.assertEqual(row.res_id, self.entry.id)
        self.assertEqual(row.data, {"format": "label_62x29"})

    def test_only_the_registry_prints(self):
        for user in (self.inspector, self.head, self.auditor, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.entry.with_user(user)._draw_slips("a6")

    def test_entry_that_the_operator_cannot_see_is_not_printed(self):
        hidden = self._registered(confidentiality="confidential")
        hidden.action_route(self.urbanism)
        with self.assertRaises(AccessError):
            self._pdf(entry=hidden)

    def test_draft_has_no_slip(self):
        with self.assertRaisesRegex(UserError, "no number yet"):
            self._draft(self.operator).action_print_slip()

    def test_unknown_format_is_told_in_words(self):
        with self.assertRaisesRegex(UserError, "no slip format"):
            self._pdf("a0")

    def test_address_for_citizens_must_be_an_address(self):
        for wrong in ("primaria.ro", "javascript:alert(1)", "https://"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.company.pcu_public_url = wrong

    def test_format_is_the_institutions_unless_chosen(self):
        self.company.pcu_slip_format = "label_102x51"
        entry = self.entry.with_user(self.operator)
        self.assertIn("paper=label_102x51", entry.action_print_slip()["url"])
        wizard = self.env["pcu.register.slip"].with_user(self.operator)
        chosen = wizard.with_context(active_ids=entry.ids).create({"paper": "a4"})
        self.assertIn("paper=a4", chosen.action_confirm()["url"])
        with self.assertRaises(AccessError):
            wizard.with_user(self.inspector).create({"paper": "a4"})


@tagged("post_install", "-at_install")
class TestSlipDownload(SlipCase, HttpCase):
    """The PDF comes to the clerk's browser, and to nobody else's."""

    def setUp(self):
        super().setUp()
        self.operator.password = "a-long-password"
        self.inspector.password = "a-long-password"

    def _get(self, login, url=None):
        self.authenticate(login, "a-long-password")
        return self.url_open(
            url or self.entry.with_user(self.operator).action_print_slip()["url"]
        )

    def test_operator_gets_the_pdf(self):
        second = self._registered(self.operator)
        action = (self.entry | second).with_user(self.operator).action_print_slip()
        answer = self._get(self.operator.login, action["url"])
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.headers["Content-Disposition"].startswith("inline"))
        self.assertEqual(len(PdfReader(io.BytesIO(answer.content)).pages), 2)

    @mute_logger("odoo.http")
    def test_inspector_is_refused(self):
        self.assertEqual(self._get(self.inspector.login).status_code, 403)

    def test_nobody_is_sent_to_the_log_in(self):
        url = self.entry.with_user(self.operator).action_print_slip()["url"]
        self.assertIn("/web/login", self.url_open(url).url)

    @mute_logger("odoo.http")
    def test_another_institution_is_refused(self):
        other = self.env["res.company"].create({"name": "Primăria Plopilor"})
        self.operator.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        url = f"/pcu/slip?ids={self.entry.id}&paper=a6"
        self.assertEqual(self._get(self.operator.login, url).status_code, 403)

    @mute_logger("odoo.http")
    def test_nonsense_is_told_in_words(self):
        answer = self._get(self.operator.login, "/pcu/slip?ids=abc")
        self.assertEqual(answer.status_code, 422)
