"""Hand-over and dispatch lists as PDF: a table with signatures; pure, no ``env``.

A list (*borderou*, *condică*) is short: tens of lines, not a year of them. So the
layout engine of reportlab does the work: wrapped cells, a head on every page, the
signatures kept together on the last one.
"""

import io
from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus.tables import LongTable, Table

from .fonts import BOLD, FONT, register_fonts

MARGIN = 15 * mm
_LINE = HexColor("#555555")
_HEAD = HexColor("#e8e8e8")


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width, the side its text stands on."""

    head: str
    share: float
    right: bool = False


@dataclass(frozen=True)
class PaperList:
    """What a list says; texts come translated from the caller."""

    institution: str
    title: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: str = ""
    signatures: tuple[tuple[str, str], ...] = ()
    """Who signs: the role (*am predat*) and the name, if known."""
    page_text: str = "{page} / {pages}"
    wide: bool = False


def draw_list(paper: PaperList, fonts: tuple[str, str]) -> bytes:
    """Return the PDF of a list.

    :param fonts: paths of the regular and the bold TrueType font
    """
    register_fonts(*fonts)
    out = io.BytesIO()
    size = landscape(A4) if paper.wide else A4
    document = SimpleDocTemplate(
        out, pagesize=size, title=paper.title, author=paper.institution,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    width = size[0] - 2 * MARGIN
    parts = [
        _text(paper.institution, 10, bold=True),
        Spacer(1, 4 * mm),
        _text(paper.title, 14, bold=True, centre=True),
        Spacer(1, 2 * mm),
        *[_text(line, 9.5) for line in paper.about],
        Spacer(1, 3 * mm),
        _draw_table(paper, width),
        Spacer(1, 3 * mm),
    ]
    if paper.totals:
        parts.append(_text(paper.totals, 9.5, bold=True))
    parts.append(_draw_signatures(paper, width))
    document.build(parts, canvasmaker=_canvas_with_pages(paper.page_text))
    return out.getvalue()


def _draw_table(paper: PaperList, width: float) -> LongTable:
    whole = sum(column.share for column in paper.columns)
    table = LongTable(
        [
            [_text(column.head, 8.5, bold=True) for column in paper.columns],
            *[
                [
                    _text(cell, 8.5, right=column.right)
                    for cell, column in zip(row, paper.columns, strict=True)
                ]
                for row in paper.rows
            ],
        ],
        colWidths=[width * column.share / whole for column in paper.columns],
        repeatRows=1,
    )
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
            ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return table


def _draw_signatures(paper: PaperList, width: float) -> KeepTogether:
    """Put the signatures side by side, with room for name, date and hand."""
    if not paper.signatures:
        return KeepTogether([])
    cells = [
        [_text(role, 9.5, bold=True), _text(name or "…" * 18, 9.5),
         Spacer(1, 9 * mm), _text("…" * 18, 9.5)]
        for role, name in paper.signatures
    ]  # fmt: skip
    table = Table([cells], colWidths=[width / len(cells)] * len(cells))
    return KeepTogether([Spacer(1, 6 * mm), table])


def _text(text: str, size: float, *, bold=False, centre=False, right=False):
    """Return a paragraph; what a citizen wrote is never read as markup."""
    style = ParagraphStyle(
        "text",
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=size * 1.25,
        alignment=1 if centre else 2 if right else 0,
        splitLongWords=1,
    )
    return Paragraph(escape(text or ""), style)


def _canvas_with_pages(text: str) -> type[Canvas]:
    """Return a canvas that knows at the end how many pages there are."""

    class CountingCanvas(Canvas):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self._pages: list[dict] = []

        def showPage(self):
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self):  # pylint: disable=missing-return
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(FONT, 8)
                self.drawCentredString(
                    self._pagesize[0] / 2,
                    MARGIN / 2,
                    text.format(page=number, pages=len(self._pages)),
                )
                super().showPage()  # pylint: disable=super-method-mismatch
            super().save()

    return CountingCanvas


def shares(*pairs: tuple) -> tuple[Column, ...]:
    """Make columns from tuples (head, share[, right]).

    >>> shares(("No.", 1, True), ("Content", 5))[1].head
    'Content'
    """
    return tuple(Column(*pair) for pair in pairs)
