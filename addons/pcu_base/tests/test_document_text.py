"""Documents are found by their words; what has none, or resists, harms nobody."""

import zipfile
from io import BytesIO
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from reportlab.pdfgen.canvas import Canvas

from .. import document_text
from ..file_types import OFFICE_XML
from .common import CNP, PDF, PNG, PcuBaseCase

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf_with(text):
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 700, text)
    canvas.save()
    return buffer.getvalue()


def docx_with(*runs):
    buffer = BytesIO()
    body = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:p>{body}</w:p></w:document>',
        )
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestDocumentText(PcuBaseCase):
    def assertFound(self, document, *words):
        for word in words:
            self.assertTrue(self._matches(document, word), word)

    def assertNotFound(self, document, *words):
        for word in words:
            self.assertFalse(self._matches(document, word), word)

    def _matches(self, document, word):
        self.env.cr.execute(
            "SELECT search_vector @@ (pcu_search_plain(%s) || ':*')::tsquery"
            " FROM pcu_document WHERE id = %s",
            (word, document.id),
        )
        return self.env.cr.fetchone()[0]

    def _read(self):
        self.env["pcu.document"].search([("text_state", "=", "pending")])
        with self.enter_registry_test_mode():
            self.env.ref("pcu_base.ir_cron_pcu_document_text").method_direct_trigger()

    # -- reading in the background --------------------------------------

    def test_words_of_a_pdf_are_found_once_it_is_read(self):
        document = self.make_document(content=pdf_with("Cerere panouri fotovoltaice"))
        self.assertEqual(document.text_state, "pending")
        self._read()
        self.assertEqual(document.text_state, "done")
        self.assertFound(document, "fotovoltaice", "PANOURI", "panou")
        self.assertNotFound(document, "voltaice")

    def test_a_document_that_somebody_writes_just_now_is_read_next_time(self):
        document = self.make_document(content=pdf_with("Cerere panouri fotovoltaice"))
        nothing = document.browse()
        with patch.object(type(document), "try_lock_for_update", return_value=nothing):
            self._read()
        self.assertEqual(document.text_state, "pending")
        self._read()
        self.assertEqual(document.text_state, "done")

    def test_words_of_a_letter_are_found_though_cut_into_runs(self):
        document = self.make_document("cerere.docx", docx_with("Hotă", "râre", " nouă"))
        self.assertEqual(document.true_type, f"{OFFICE_XML}.wordprocessingml.document")
        self._read()
        self.assertFound(document, "hotarare", "Hotărâre", "noua")

    def test_plain_text_of_an_old_program_is_found(self):
        # Windows for Central Europe has only the letters with the cedilla.
        cedillas = str.maketrans("șțȘȚ", "\u015f\u0163\u015e\u0162")
        content = "Adeverință pentru Țăranu Ștefan".translate(cedillas)
        document = self.make_document("a.txt", content.encode("cp1250"))
        self._read()
        self.assertFound(document, "adeverinta", "Țăranu", "stefan")

    def test_picture_and_broken_pdf_say_so_and_stop_nothing(self):
        picture = self.make_document("poza.png", PNG)
        broken = self.make_document(content=PDF[:40] + b"\0" * 200)
        good = self.make_document(content=pdf_with("Contestatie"))
        self._read()
        self.assertEqual(picture.text_state, "empty")
        self.assertEqual(broken.text_state, "unreadable")
        self.assertFound(good, "contestatie")

    def test_bomb_is_given_up_within_the_limits(self):
        document = self.make_document("a.docx", docx_with("a" * 3_000_000))
        with patch.object(document_text, "SECONDS", 0.001):
            self._read()
        self.assertEqual(document.text_state, "unreadable")

    # -- text given by others -------------------------------------------

    def test_recognised_text_is_found_without_diacritics(self):
        document = self.make_document("scan.png", PNG)
        document._set_search_text("Autorizației de construire, str. Mihai Viteazu")
        self.assertEqual(document.text_state, "done")
        self.assertFound(document, "autorizatiei", "construire", "viteaz")

    def test_no_text_is_said(self):
        document = self.make_document("scan.png", PNG)
        document._set_search_text(" \n")
        self.assertEqual(document.text_state, "empty")

    def test_cnp_in_a_text_is_not_searchable(self):
        document = self.make_document("scan.png", PNG)
        document._set_search_text(f"Subsemnatul, CNP {CNP}, solicit")
        self.assertNotFound(document, CNP)
        self.assertFound(document, "solicit")

    def test_endless_text_is_cut(self):
        document = self.make_document("scan.png", PNG)
        words = " ".join(f"cuvant{n}" for n in range(100_000))
        document._set_search_text(words)
        self.assertFound(document, "cuvant7")
        self.assertNotFound(document, "cuvant99999")

    def test_nobody_reads_the_words_themselves(self):
        document = self.make_document()
        document._set_search_text("secret")
        for user in (self.operator, self.auditor, self.admin):
            with self.assertRaises(AccessError):
                document.with_user(user).read(["search_vector"])
