"""The emergency sheet: numbered lines to write on when the computer doesn't work; pure.

One A4 landscape page holds 18 lines. Each has its emergency number (sheet and line) and
the register's own number, which the citizen can be told at once: both were set aside
together. The printed sheet waits in a drawer; after the outage the lines are entered.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .fonts import BOLD, FONT, register_fonts
from .stamping import fit

LINES_PER_PAGE = 18
MARGIN = 12 * mm
_WIDTH, _HEIGHT = landscape(A4)
_ROW = 8 * mm
_HEAD = 10 * mm
_COLUMNS = (17, 20, 25, 25, 68, 77, 41)
"""Widths in mm: sheet and line, number, day and hour, issuer's number, issuer, content,
signature."""


@dataclass(frozen=True)
class Sheet:
    """What the sheet says; texts come translated from the caller."""

    title: str
    institution: str
    notes: Sequence[str]
    headings: Sequence[str]
    lines: Sequence[tuple[str, str]]
    footer: str


def draw_sheet(sheet: Sheet, fonts: tuple[str, str]) -> bytes:
    """Draw the sheet as a PDF.

    :param fonts: paths of the regular and the bold TrueType font; they must have the
        Romanian letters
    """
    register_fonts(*fonts)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT))
    canvas.setTitle(sheet.title)
    pages = [
        sheet.lines[first : first + LINES_PER_PAGE]
        for first in range(0, len(sheet.lines), LINES_PER_PAGE)
    ]
    for page, lines in enumerate(pages, 1):
        y = _draw_top(canvas, sheet)
        _draw_rows(canvas, sheet, lines, y)
        canvas.setFont(FONT, 8)
        canvas.drawString(MARGIN, MARGIN - 4 * mm, sheet.footer)
        canvas.drawRightString(
            _WIDTH - MARGIN, MARGIN - 4 * mm, f"{page} / {len(pages)}"
        )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_top(canvas, sheet) -> float:
    y = _HEIGHT - MARGIN
    for font, size, text in (
        (FONT, 9, sheet.institution),
        (BOLD, 14, sheet.title),
        *((FONT, 8.5, note) for note in sheet.notes),
    ):
        size = fit(text, font, size, _WIDTH - 2 * MARGIN)
        y -= size
        canvas.setFont(font, size)
        canvas.drawString(MARGIN, y, text)
        y -= 2.5
    return y - 2 * mm


def _draw_rows(canvas, sheet, lines, top) -> None:
    edges = [MARGIN]
    for width in _COLUMNS:
        edges.append(edges[-1] + width * mm)
    bottom = top - _HEAD - len(lines) * _ROW
    canvas.setLineWidth(0.6)
    for x in edges:
        canvas.line(x, top, x, bottom)
    canvas.line(edges[0], top, edges[-1], top)
    for row in range(len(lines) + 1):
        y = top - _HEAD - row * _ROW
        canvas.line(edges[0], y, edges[-1], y)
    for column, heading in enumerate(sheet.headings):
        _cell(canvas, heading, BOLD, 8, edges, column, top - _HEAD + 3.5 * mm)
    for row, texts in enumerate(lines, 1):
        y = top - _HEAD - row * _ROW + 2.6 * mm
        for column, text in enumerate(texts):
            _cell(canvas, text, BOLD, 11, edges, column, y)


def _cell(canvas, text, font, size, edges, column, y) -> None:
    left, right = edges[column], edges[column + 1]
    canvas.setFont(font, fit(text, font, size, right - left - 2 * mm))
    canvas.drawString(left + mm, y, text)
