import io
import logging
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from .. import stamping
from .common import RegistryCase
from .signed_pdf import make_signed_pdf, signature_holds


def make_pdf(pages=1, rotate=0, crop=None, size=(595, 842)):
    """Draw a small PDF with text and, if wished, a turn and a crop."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=size)
    for number in range(pages):
        canvas.drawString(20, 20, f"pagina {number + 1}")
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=drawn)
    for page in writer.pages:
        page.rotate(rotate)
        if crop:
            page.cropbox = RectangleObject(crop)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestPlacement(BaseCase):
    """The stamp stands upright in the corner that the reader sees."""

    def _corners(self, **options):
        page = PdfReader(io.BytesIO(make_pdf(**options))).pages[0]
        a, b, c, d, e, f = stamping._placement(page)
        width, height = stamping.WIDTH, stamping.HEIGHT
        return [
            (round(a * x + c * y + e), round(b * x + d * y + f))
            for x, y in ((0, 0), (width, height))
        ]

    def test_plain_page(self):
        self.assertEqual(self._corners(), [(375, 754), (581, 828)])

    def test_turned_pages(self):
        """Turned clockwise by 90°, the reader's top right is the page's top left."""
        self.assertEqual(self._corners(rotate=90), [(88, 622), (14, 828)])
        self.assertEqual(self._corners(rotate=180), [(220, 88), (14, 14)])
        self.assertEqual(self._corners(rotate=270), [(507, 220), (581, 14)])

    def test_cropped_page(self):
        self.assertEqual(
            self._corners(crop=(100, 200, 500, 700)), [(280, 612), (486, 686)]
        )

    def test_small_page_shrinks_the_stamp(self):
        (left, bottom), (right, top) = self._corners(size=(120, 60))
        self.assertGreaterEqual(min(left, bottom), 0)
        self.assertLessEqual(right, 120)
        self.assertLessEqual(top, 60)


@tagged("post_install", "-at_install")
class TestStamping(RegistryCase):
    """Copies carry the number; originals stay as they came."""

    def setUp(self):
        super().setUp()
        self.company.name = "Primăria Țânțăreni"
        self.entry = self._registered(self.operator, page_count=3, annex_count=1)
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)

    def _document(self, content, name="cerere.pdf", entry=None):
        entry = entry or self.entry
        return self.env["pcu.document"]._create_from_bytes(
            [{**entry._prepare_document_values(), "name": name, "content": content}]
        )

    def _text(self, document, page=0):
        return PdfReader(io.BytesIO(document._read())).pages[page].extract_text()

    def test_copy_shows_the_number(self):
        original = self._document(make_pdf(2))
        copy = self.entry.with_user(self.operator)._stamp_pdf()
        self.assertEqual((copy.kind, copy.original_id), ("copy", original))
        for page in (0, 1):
            text = self._text(copy, page)
            self.assertIn(self.entry.reference, text)
            self.assertIn("Țânțăreni", text)
            self.assertIn(f"pagina {page + 1}", text)
        self.assertTrue(original._is_intact())

    def test_pages_share_one_stamp(self):
        one, many = make_pdf(1), make_pdf(50)
        stamp, fonts = self.entry._prepare_stamp(), self.entry._get_fonts()
        grown_one = len(stamping.stamp_pdf(one, stamp, fonts).content) - len(one)
        grown_many = len(stamping.stamp_pdf(many, stamp, fonts).content) - len(many)
        self.assertLess(grown_many, 2 * grown_one)

    def test_signed_pdf_gets_a_cover_sheet_and_is_not_touched(self):
        signed = make_signed_pdf(make_pdf())
        self.assertTrue(signature_holds(signed))
        document = self._document(signed)
        sheet = self.entry._stamp_pdf()
        self.assertTrue(sheet.is_cover)
        text = " ".join(self._text(sheet).split())
        self.assertIn(self.entry.reference, text)
        self.assertIn("electronic signature", text)
        self.assertIn(document.sha256, text)
        self.assertNotIn("pagina 1", text)
        self.assertEqual(document._read(), signed)
        self.assertTrue(signature_holds(document._read()))

    def test_stamping_a_signed_pdf_would_break_it(self):
        """Why there is a cover sheet: what the stamp does to a signature."""
        signed = make_signed_pdf(make_pdf())
        stamp, fonts = self.entry._prepare_stamp(), self.entry._get_fonts()
        self.patch(stamping, "is_signed", lambda _content: False)
        self.assertFalse(
            signature_holds(stamping.stamp_pdf(signed, stamp, fonts).content)
        )

    def test_signature_added_to_an_update_of_the_file_is_seen(self):
        signed = make_signed_pdf(make_pdf(3))
        self.assertTrue(stamping.is_signed(signed + b"\n% an update follows\n"))
        self.assertFalse(stamping.is_signed(make_pdf(3)))

    def test_very_long_pdf_gets_a_cover_sheet(self):
        document = self._document(make_pdf(2000))
        result = self.entry.action_stamp()
        self.assertIn("very long", result["params"]["message"])
        [sheet] = document.copy_ids
        self.assertTrue(sheet.is_cover)
        self.assertIn("too long", self._text(sheet))
        self.assertIn(self.entry.reference, self._text(sheet))
        self.assertTrue(document._is_intact())

    def test_very_big_pdf_is_not_even_read(self):
        document = self._document(make_pdf(3))
        self.patch(stamping, "MAX_BYTES", document.size - 1)
        with patch.object(type(document), "_read", side_effect=MemoryError):
            sheet = self.entry._stamp_pdf()
        self.assertTrue(sheet.is_cover)

    def test_one_bad_file_loses_nothing(self):
        """What was told to be wrong stays, untouched, and so does the entry."""
        whole = make_pdf(3)
        for content in (
            b"%PDF-1.7\n",
            whole[: len(whole) // 2],
            whole.replace(b"/Pages", b"/Pagez"),
            whole.replace(b"endobj", b"endob"),
            b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF",
        ):
            with self.subTest(content=content[:20]), mute_logger("pypdf"):
                document = self._document(content, name="stricat.pdf")
                try:
                    copy = self.entry._stamp_pdf(document)
                    # pypdf repaired it
                    self.assertIn(self.entry.reference, self._text(copy))
                except UserError as error:
                    self.assertIn("stricat.pdf", str(error))
                    self.assertIn("original is kept", str(error))
                self.assertEqual(document._read(), content)

    def test_second_press_makes_no_second_copy(self):
        self._document(make_pdf())
        self.entry.action_stamp()
        with self.assertRaisesRegex(UserError, "without a stamped copy"):
            self.entry.action_stamp()

    def test_damaged_pdf_is_told_in_words(self):
        document = self._document(b"%PDF-1.4\n damaged")
        with mute_logger("pypdf"), self.assertRaisesRegex(UserError, "damaged"):
            self.entry._stamp_pdf(document)

    def test_locked_pdf_is_told_in_words(self):
        writer = PdfWriter(clone_from=io.BytesIO(make_pdf()))
        writer.encrypt("secret", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        document = self._document(out.getvalue())
        with self.assertRaisesRegex(UserError, "password"):
            self.entry._stamp_pdf(document)
        self.assertFalse(document.copy_ids)
        self.assertEqual(document._read(), out.getvalue())

    def test_pdf_locked_against_changes_only_is_stamped(self):
        writer = PdfWriter(clone_from=io.BytesIO(make_pdf()))
        writer.encrypt("", "owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        copy = self.entry._stamp_pdf(self._document(out.getvalue()))
        self.assertIn(self.entry.reference, self._text(copy))

    def test_draft_has_nothing_to_stamp(self):
        draft = self._draft(self.operator)
        self._document(make_pdf(), entry=draft)
        with self.assertRaisesRegex(UserError, "Register the document first"):
            draft._stamp_pdf()
