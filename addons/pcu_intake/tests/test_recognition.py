import io
import subprocess
from unittest.mock import patch

import pypdfium2
from odoo.addons.pcu_base.tests.common import NONE, READ
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools.misc import file_path
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .. import pages
from .common import make_pdf
from .test_scans import ScanCase, lock

FONT = "web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf"
WORDS = "Autorizație de construire strada Teilor"


def make_scan(text=WORDS, count=1):
    """Make a PDF of pictures of a text, as a scanner does."""
    pdfmetrics.registerFont(TTFont("TestScan", file_path(FONT)))
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(595, 300))
    canvas.setFont("TestScan", 22)
    canvas.drawString(40, 150, text)
    canvas.save()
    page = pypdfium2.PdfDocument(drawn.getvalue())[0]
    picture = ImageReader(page.render(scale=2).to_pil())
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 300))
    for _each in range(count):
        canvas.drawImage(picture, 0, 0, 595, 300)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestRecognition(ScanCase):
    """The words in scans are found; the scans themselves don't change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.pcu_recognise = True

    def _document(self, content, **values):
        document = self.make_document(content, **values)
        document.text_state = "empty"
        return document

    def make_document(self, content, **values):
        return self.env["pcu.document"]._create_from_bytes(
            [
                {
                    "name": "scan.pdf",
                    "content": content,
                    "company_id": self.company.id,
                    **values,
                }
            ]
        )

    def _recognise(self):
        recognitions = self.env["pcu.intake.recognition"]
        recognitions._take_up(self.company)
        found = recognitions.search([("company_id", "=", self.company.id)])
        for record in found:
            record._work()
        return found

    def _read_words(self):
        """Run the recognition; return what it told the search."""
        told = []
        documents = type(self.env["pcu.document"])
        with patch.object(
            documents, "_set_search_text", lambda _self, text: told.append(text)
        ):
            record = self._recognise()
        return record, " ".join(" ".join(told).split())

    def test_tesseract_reads_romanian_letters(self):
        content = make_scan()
        document = self._document(content)
        record, words = self._read_words()
        self.assertRecordValues(
            record, [{"state": "done", "pages_done": 1, "text": False}]
        )
        self.assertIn(WORDS, words)
        self.assertEqual(document._read(), content)

    def test_recognised_document_is_found(self):
        document = self._document(make_scan())
        self._recognise()
        self.assertEqual(document.text_state, "done")

    def test_page_with_a_text_of_its_own_is_not_recognised(self):
        self._document(make_pdf(1, "Un text destul de lung pentru o pagină"))
        with patch.object(subprocess, "run", side_effect=AssertionError):
            record, words = self._read_words()
        self.assertEqual(record.state, "done")
        self.assertIn("destul de lung", words)

    def test_only_so_many_pages(self):
        self.company.pcu_recognise_pages = 2
        self._document(make_scan(count=3))
        record, words = self._read_words()
        self.assertEqual((record.pages_done, record.page_count), (2, 3))
        self.assertIn("first 2 pages", record.problem_text)
        self.assertEqual(words.count("Teilor"), 2)
        with self.assertRaises(ValidationError):
            self.company.pcu_recognise_pages = 0

    def test_what_cant_be_read_says_why(self):
        self._document(lock(make_pdf()))
        self._document(b"%PDF-1.4\nrupt")
        records = self._recognise()
        self.assertEqual(set(records.mapped("state")), {"failed"})
        self.assertEqual(len(set(records.mapped("problem_text"))), 2)

    def test_taken_up_once_and_only_what_is_a_scan(self):
        self._document(make_scan())
        self._document(b"MZ" + bytes(200), name="a.exe")
        self.make_document(make_pdf())
        self._recognise()
        self.assertEqual(len(self._recognise()), 1)

    def test_destroyed_scan_is_not_taken_up(self):
        """It holds no text any more, and no picture either."""
        document = self._document(make_scan())
        # Whether a document may be destroyed is the archive's to say.
        self.env.cr.execute(
            "CREATE OR REPLACE FUNCTION pcu_document_may_be_destroyed(document integer)"
            " RETURNS boolean AS 'SELECT true' LANGUAGE sql STABLE"
        )
        document._destroy_bytes()
        self.assertEqual(document.text_state, "empty")
        self.env["pcu.intake.recognition"]._take_up(self.company)
        self.assertFalse(
            self.env["pcu.intake.recognition"].search(
                [("document_id", "=", document.id)]
            )
        )

    def test_stopped_recognition_goes_on_where_it_was(self):
        self._document(make_pdf(6, "Un text destul de lung pentru o pagină"))
        recognitions = self.env["pcu.intake.recognition"]
        recognitions._take_up(self.company)
        record = recognitions.search([("company_id", "=", self.company.id)])
        pause = type(record)._pause
        self.patch(type(record), "_pause", lambda _self, _done: False)
        record._work()
        self.assertRecordValues(record, [{"state": "reading", "pages_done": 4}])
        self.patch(type(record), "_pause", pause)
        _record, words = self._read_words()
        self.assertEqual(words.count("destul"), 6)

    def test_without_tesseract_scans_wait_and_the_institution_is_told(self):
        self._document(make_scan())
        self.assertFalse(self.company.pcu_recognise_note)
        with patch.object(pages, "can_recognise", lambda _language: False):
            self.company.invalidate_recordset()
            self.assertIn("tesseract", self.company.pcu_recognise_note)
            self.env["pcu.intake.recognition"]._cron_work()
        self.assertFalse(self.env["pcu.intake.recognition"].search([]))

    def test_roles_and_verbs(self):
        self._document(make_pdf())
        record = self._recognise()
        self.assertVerbs(
            record, operator=READ, admin=READ, inspector=NONE, head=NONE, auditor=NONE
        )
