"""Slips for the citizen and labels for the paper; pure, no ``env``.

A slip (A6, or on the upper part of an A4 sheet) says what was handed in and how to
follow it; a label carries the number and is stuck on the document. Both hold a QR with
the address of the status page and a Code128 with the number as it is cited, so that a
hand scanner types it into the search. Everything is vectors: any printer will do.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import black, grey
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from .fonts import BOLD, FONT, register_fonts
from .stamping import draw_qr

SIZES = {
    "a6": (105, 148),
    "a4": (210, 297),
    "label_62x29": (62, 29),
    "label_102x51": (102, 51),
}
"""Format: width and height in millimetres."""
DEFAULT_FORMAT = "a6"
_SUMMARY_LINES = 4
_A4_SCALE, _A4_USED = 1.4, 0.7
_NARROWEST_BAR = 0.19 * mm
"""A bar of a Code128 below this is not read by a hand scanner any more."""


@dataclass(frozen=True)
class Slip:
    """What a slip or label says; texts come translated from the caller."""

    institution: str
    title: str
    number: str
    date_line: str
    items: tuple[tuple[str, str], ...] = ()
    """Label and text of each line about what was handed in."""
    follow: tuple[str, ...] = ()
    """How to follow it, one paragraph each."""
    code_line: str = ""
    url: str = ""
    barcode: str = ""


def draw_slips(
    slips: Iterable[Slip], paper: str, fonts: tuple[str, str], title: str = ""
) -> bytes:
    """Draw each slip on a page of its own; return the PDF.

    :param paper: one of ``SIZES``
    :param fonts: paths of the regular and the bold TrueType font
    """
    register_fonts(*fonts)
    width, height = (side * mm for side in SIZES[paper])
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    canvas.setTitle(title)
    for slip in slips:
        if paper.startswith("label"):
            _draw_label(canvas, slip, width, height)
        elif paper == "a4":
            # The upper part of the sheet, in larger letters.
            canvas.translate(0, height * (1 - _A4_USED))
            canvas.scale(_A4_SCALE, _A4_SCALE)
            used = height * _A4_USED / _A4_SCALE
            _draw_slip(canvas, slip, width / _A4_SCALE, used, 11 * mm)
        else:
            _draw_slip(canvas, slip, width, height, 8 * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def barcode_text(reference: str) -> str:
    """Return what a Code128 can hold of a number.

    >>> barcode_text("123/10.11.2026"), barcode_text("Ș-000123/2026")
    ('123/10.11.2026', '-000123/2026')
    """
    return "".join(char for char in reference if " " <= char <= "~").strip()


# ---------------------------------------------------------------------- layouts


def _draw_slip(canvas, slip: Slip, width, height, margin):
    inner = width - 2 * margin
    y = height - margin
    y = _paragraph(canvas, slip.institution, BOLD, 11, margin, y, inner, 2)
    y = _paragraph(canvas, slip.title, FONT, 9, margin, y - 2, inner, 2)
    y -= 5
    canvas.setLineWidth(0.8)
    canvas.line(margin, y, width - margin, y)
    y = _fitted(canvas, slip.number, BOLD, 26, margin, y - 5, inner)
    y = _fitted(canvas, slip.date_line, FONT, 10, margin, y - 3, inner)
    y -= 6
    canvas.setLineWidth(0.3)
    canvas.line(margin, y, width - margin, y)
    y -= 4
    for label, text in slip.items:
        y = _item(canvas, label, text, margin, y, inner)
    _draw_follow(canvas, slip, width, margin)


def _draw_follow(canvas, slip: Slip, width, margin):
    """Put the QR, the words beside it and the barcode at the foot of the slip."""
    bar_height, side = 11 * mm, 34 * mm
    _draw_barcode(canvas, slip.barcode, margin, margin, width - 2 * margin, bar_height)
    top = margin + bar_height + 3 * mm + side
    if slip.url:
        draw_qr(canvas, slip.url, margin, top - side, side)
    left = margin + side + 3 * mm
    room, y = width - margin - left, top - 2
    for text in slip.follow:
        y = _paragraph(canvas, text, FONT, 7.5, left, y, room, 5) - 3
    _fitted(canvas, slip.code_line, BOLD, 11, left, y, room)


def _draw_label(canvas, slip: Slip, width, height):
    """Words at the left, the QR at the right, the barcode below both."""
    unit = height / 29
    margin, bar_height = 2 * unit, 6.6 * unit
    side = height - bar_height - 2.6 * margin
    _draw_barcode(canvas, slip.barcode, margin, margin, width - 2 * margin, bar_height)
    draw_qr(canvas, slip.url, width - margin - side, height - margin - side, side)
    room = width - 3 * margin - side
    y = height - margin
    y = _paragraph(canvas, slip.institution, FONT, 2.3 * unit, margin, y, room, 2)
    y = _fitted(canvas, slip.number, BOLD, 5.4 * unit, margin, y - 1.2 * unit, room)
    _fitted(canvas, slip.date_line, FONT, 2.5 * unit, margin, y - unit, room)


# ---------------------------------------------------------------------- pieces


def _paragraph(canvas, text, font, size, x, y, width, most):
    """Write wrapped text below ``y``; return where it ended."""
    lines = simpleSplit(text, font, size, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip(' .,;')} …"]
    canvas.setFillColor(black)
    for line in lines:
        y = _fitted(canvas, line, font, size, x, y, width)
    return y


def _fitted(canvas, text, font, size, x, y, width):
    """Write one line below ``y``, smaller when it is too long; return its foot."""
    if not text:
        return y
    wide = stringWidth(text, font, size)
    drawn = size if wide <= width else size * width / wide
    canvas.setFont(font, drawn)
    canvas.drawString(x, y - drawn, text)
    return y - drawn * 1.25


def _item(canvas, label, text, x, y, width):
    canvas.setFillColor(grey)
    y = _fitted(canvas, label, FONT, 6.5, x, y, width)
    return _paragraph(canvas, text, FONT, 9, x, y, width, _SUMMARY_LINES) - 2


def _draw_barcode(canvas, text, x, y, width, height):
    """Draw a Code128 as wide as there is room, none when its bars were too thin."""
    if not text:
        return
    modules = Code128(text, barWidth=1, quiet=False).width
    bar = min(width / (modules + 20), 0.4 * mm)
    if bar < _NARROWEST_BAR:
        return
    code = Code128(text, barWidth=bar, barHeight=height, quiet=True, lquiet=10 * bar)
    code.drawOn(canvas, x + (width - code.width) / 2, y)
