"""The kernels by their examples, and one letter in three formats."""

import doctest
import io
import zipfile

import docx
from odf import teletype
from odf.opendocument import load
from odf.table import Table as OdfTable
from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path
from pypdf import PdfReader

from .. import letter, placeholders, text_diff
from ..writers import FORMATS

BODY = """<p>Vă comunicăm <b>următoarele</b>:</p><ol><li>întâi</li><li>apoi</li></ol>
<table><tr><th>Nr.</th><th>Document</th></tr><tr><td>1</td><td>Șanț și țeavă</td></tr>
</table>"""
WORDS = (
    "Primăria Orașului Valea Mare", "Nr. 12/10.03.2026", "PISEG #77", "Țăranu", "Șanț",
    "următoarele", "întâi", "apoi", "Legea nr. 50/1991", "plângere prealabilă",
    "Ștefan Înțelescu", "Primar", "CERTIFICAT", "Cu stimă,",
)  # fmt: skip
FONTS = tuple(
    file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{face}.ttf")
    for face in ("Regular", "Bold")
)


def make_letter(body=BODY, **values):
    return letter.Letter(
        **{
            "institution": "Primăria Orașului Valea Mare",
            "heading": ("ROMÂNIA",),
            "contact": ("Str. Unirii nr. 1",),
            "numbers": ("Nr. 12/10.03.2026", "PISEG #77"),
            "date": "Valea Mare, 12.03.2026",
            "recipient": ("Ion Țăranu", "Str. Lungă nr. 1"),
            "title": "CERTIFICAT",
            "body": letter.blocks_from_html(body),
            "legal_basis": "Temei legal: Legea nr. 50/1991",
            "appeal": "Căi de atac: plângere prealabilă",
            "closing": "Cu stimă,",
            "signatories": (letter.Signatory("Primar", "Ștefan Înțelescu"),),
            "page_text": "Pagina {page} din {pages}",
            **values,
        }
    )


def write(kind, *args, **values):
    return FORMATS[kind](make_letter(*args, **values), FONTS)


@tagged("post_install", "-at_install")
class TestWriters(BaseCase):
    """Every format says the same."""

    def test_doctests(self):
        """Each example in the pure modules holds."""
        for module in (letter, placeholders, text_diff):
            with self.subTest(module=module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    def _words(self, kind, content):
        if kind == "pdf":
            pages = PdfReader(io.BytesIO(content)).pages
            return " ".join(page.extract_text() for page in pages)
        if kind == "docx":
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                document = docx.Document(io.BytesIO(content))
                self.assertFalse(package.testzip())
            return " ".join(document.element.body.itertext())
        return teletype.extractText(load(io.BytesIO(content)).text)

    def test_all_formats_say_the_same(self):
        """Heading, both numbers, recipient, text, law, appeal, signatory."""
        for kind in FORMATS:
            text = " ".join(self._words(kind, write(kind)).split())
            for words in WORDS:
                with self.subTest(kind=kind, words=words):
                    self.assertIn(words, text)

    def test_pdf_is_a4_and_repeats_head_and_page_numbers(self):
        """The second page says whose paper it is, under which number, which page."""
        pages = PdfReader(io.BytesIO(write("pdf", "<p>Text lung.</p>" * 80))).pages
        self.assertGreater(len(pages), 1)
        self.assertEqual(
            [round(float(side)) for side in pages[0].mediabox[2:]], [595, 842]
        )
        second = pages[1].extract_text()
        for words in ("Valea Mare", "Nr. 12/10.03.2026", f"Pagina 2 din {len(pages)}"):
            self.assertIn(words, second)

    def test_docx_is_a4_with_a_head_on_the_next_pages(self):
        """As Word shows it: size, header, counted pages."""
        document = docx.Document(io.BytesIO(write("docx")))
        section = document.sections[0]
        size = round(section.page_width.mm), round(section.page_height.mm)
        self.assertEqual(size, (210, 297))
        self.assertIn("Nr. 12/10.03.2026", section.header.paragraphs[0].text)
        self.assertIn("NUMPAGES", section.footer._element.xml)

    def test_odt_keeps_its_table_and_pages(self):
        """The table is a table, and the page's number is a field."""
        content = write("odt")
        names = [
            t.getAttribute("name")
            for t in load(io.BytesIO(content)).text.getElementsByType(OdfTable)
        ]
        self.assertGreaterEqual(len(names), 4)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.assertIn("page-count", package.read("styles.xml").decode())
            self.assertEqual(
                package.read("mimetype").decode(),
                "application/vnd.oasis.opendocument.text",
            )

    def test_a_picture_that_is_none_is_left_out(self):
        """A broken logo never stops a letter."""
        for kind in FORMATS:
            self.assertTrue(write(kind, logo=b"no picture"))

    def test_an_empty_text_still_makes_a_paper(self):
        """Nothing written yet: heading and signatures."""
        for kind in FORMATS:
            self.assertTrue(write(kind, ""))

    def test_markup_in_a_text_is_printed_not_read(self):
        """A citizen's name with angle brackets stays a name."""
        for kind in FORMATS:
            content = write(kind, "<p>&lt;b&gt;A&lt;/b&gt; &amp; B</p>")
            self.assertIn("<b>A</b> & B", self._words(kind, content))
