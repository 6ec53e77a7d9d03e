"""Real papers for the demonstration: a PDF, a Word file and a photo."""

from io import BytesIO

from docx import Document
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from stack.paths import ROOT

#: The standard fonts of PDF lack ă, ș, ț; Odoo ships one that has them.
FONT = "web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf"


def pdf(title: str, *lines: str) -> bytes:
    """Return a one-page PDF with a title and lines of text."""
    places = ROOT.glob(f".odoo/usr/lib/python3/dist-packages/odoo/addons/{FONT}")
    font = "Helvetica"
    for place in places:
        pdfmetrics.registerFont(TTFont("Text", str(place)))
        font = "Text"
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setTitle(title)
    canvas.setFont(font, 18)
    canvas.drawString(72, 740, title)
    canvas.setFont(font, 11)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 18 * number, line)
    canvas.save()
    return target.getvalue()


def docx(title: str, *lines: str) -> bytes:
    """Return a Word file."""
    document = Document()
    document.add_heading(title)
    for line in lines:
        document.add_paragraph(line)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def jpeg(text: str, size: tuple[int, int] = (2400, 1600)) -> bytes:
    """Return a photo, larger than what Odoo would shrink."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(image).text((80, 80), text, fill="black")
    target = BytesIO()
    image.save(target, "JPEG", quality=90)
    return target.getvalue()
