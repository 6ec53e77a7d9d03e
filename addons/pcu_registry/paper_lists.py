"""Forms and lists on A4: a head, facts, words, a table, signatures; pure, no ``env``.

One drawer for what is short and signed: hand-over lists (*borderou*, *condică*), the
archive's inventories and minutes, reports. A paper is tens of rows, not a year of them
(that is ``printing.Pages``), so the layout engine of reportlab does the work: wrapped
cells, a head on every page, the signatures kept together on the last one.

    >>> paper = Paper("Town hall", "List", columns=(Column("No."), Column("What", 5)),
    ...               rows=(("1", "Request"),), signatures=(("Received", ""),))

A model makes ``Paper`` objects from its record, with translated texts, and calls
``draw(*papers, fonts=...)``.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)
from reportlab.platypus.tables import LongTable, Table

from .fonts import BOLD, FONT, register_fonts

MARGIN = 15 * mm
#: A cell longer than a page can't be laid out; what is cut stays in the program.
MAX_CELL = 1500
#: As many signatures stand side by side.
SIGNATURES_IN_ROW = 3
_LINE, _HEAD = HexColor("#555555"), HexColor("#e8e8e8")
_DOTS = "…" * 18
_PLAIN = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
]
_GRID = [
    ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
    ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


class Column(NamedTuple):
    """A column: its head, its share of the width, whether its cells are numbers."""

    head: str
    share: float = 1
    number: bool = False


@dataclass(frozen=True)
class Paper:
    """What a paper says, from top to bottom; texts come translated from the caller.

    Nothing in it is read as markup: what a citizen wrote is printed as it is. Empty
    lines of ``about`` and ``closing`` are left out.
    """

    institution: str
    title: str
    subtitle: str = ""
    annex: str = ""
    """Above the title on the right, as legal forms have it."""
    facts: tuple[tuple[str, str], ...] = ()
    """Pairs of a label and what stands beside it."""
    about: tuple[str, ...] = ()
    drawings: tuple = ()
    """Charts (``reportlab.graphics``), between the words and the table."""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    closing: tuple[str, ...] = ()
    signatures: tuple[tuple[str, str], ...] = ()
    """Who signs: the role (*am predat*) and the name, or nothing if not known."""
    wide: bool = False
    goes_on: bool = False
    """Below the paper before it, as its next part, and not from a new page on."""
    page_text: str = "{page} / {pages}"


def draw(*papers: Paper, fonts: tuple[str, str]) -> bytes:
    """Draw papers into one PDF, each from a new page on unless it ``goes_on``.

    :param fonts: paths of the regular and the bold TrueType font; they must have the
        Romanian letters
    """
    register_fonts(*fonts)
    first, out = papers[0], io.BytesIO()
    size = landscape(A4) if any(paper.wide for paper in papers) else A4
    document = SimpleDocTemplate(
        out, pagesize=size, title=first.title, author=first.institution,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    # The frame keeps six points free on each side.
    width = size[0] - 2 * MARGIN - 12
    parts = []
    for index, paper in enumerate(papers):
        if paper.goes_on:
            head = [_gap(4), _text(paper.title, 11, bold=True), _gap(1)]
            # Words alone at the foot of a page would announce nothing.
            parts.append(CondPageBreak(35 * mm))
        else:
            parts += [PageBreak()] * bool(index)
            head = _lay_out_head(paper, width)
        parts += head + _lay_out(paper, width)
    document.build(
        parts, canvasmaker=canvas_with_foot(first.institution, first.page_text)
    )
    return out.getvalue()


def _lay_out_head(paper: Paper, width: float) -> list:
    parts = [
        _columns_of_text(
            [
                (
                    _text(paper.institution, 10, bold=True),
                    _text(paper.annex, 8, TA_RIGHT),
                )
            ],
            (width * 0.6, width * 0.4),
        ),
        Spacer(0, 4 * mm),
        _text(paper.title, 14, TA_CENTER, bold=True),
    ]
    if paper.subtitle:
        parts.append(_text(paper.subtitle, 10, TA_CENTER))
    return [*parts, Spacer(0, 4 * mm)]


def _lay_out(paper: Paper, width: float) -> list:
    parts = []
    if paper.facts:
        rows = [(_text(name, 9, bold=True), _text(fact)) for name, fact in paper.facts]
        parts += [_columns_of_text(rows, (width * 0.35, width * 0.65)), _gap()]
    parts += [part for line in paper.about if line for part in (_text(line), _gap(1))]
    parts += [part for drawing in paper.drawings for part in (drawing, _gap(2))]
    if paper.columns:
        parts += [_gap(1), _draw_table(paper, width)]
    parts.append(_gap())
    parts += [part for line in paper.closing if line for part in (_text(line), _gap(1))]
    if paper.signatures:
        parts.append(KeepTogether([_gap(6), _draw_signatures(paper, width)]))
    return parts


def _draw_table(paper: Paper, width: float) -> LongTable:
    whole = sum(column.share for column in paper.columns)
    sides = [TA_RIGHT if column.number else TA_LEFT for column in paper.columns]
    head = [_text(column.head, 8, TA_CENTER, bold=True) for column in paper.columns]
    rows = [
        [_text(cell, 8, side) for cell, side in zip(row, sides, strict=True)]
        for row in paper.rows
    ]
    return LongTable(
        [head, *rows],
        colWidths=[width * column.share / whole for column in paper.columns],
        repeatRows=1,
        style=_GRID,
    )


def _draw_signatures(paper: Paper, width: float) -> Table:
    """Put the signatures side by side, with room for name, date and hand."""
    cells = [
        [_text(role, 9, TA_CENTER, bold=True), _text(name or _DOTS, 9, TA_CENTER),
         Spacer(1, 9 * mm), _text(_DOTS, 9, TA_CENTER)]
        for role, name in paper.signatures
    ]  # fmt: skip
    across = min(len(cells), SIGNATURES_IN_ROW)
    cells += [""] * (-len(cells) % across)
    rows = [cells[i : i + across] for i in range(0, len(cells), across)]
    return _columns_of_text(rows, [width / across] * across)


def _columns_of_text(rows, widths) -> Table:
    return Table(rows, colWidths=widths, style=_PLAIN)


def _gap(millimetres: float = 3) -> Spacer:
    return Spacer(0, millimetres * mm)


def _text(text: str, size: float = 9, side: int = TA_LEFT, *, bold=False) -> Paragraph:
    """Return a paragraph; what a citizen wrote is never read as markup."""
    text = text or ""
    if len(text) > MAX_CELL:
        text = f"{text[:MAX_CELL]}…"
    return Paragraph(escape(text).replace("\n", "<br/>"), _style(size, side, bold))


@lru_cache(maxsize=32)
def _style(size: float, side: int, bold: bool) -> ParagraphStyle:
    return ParagraphStyle(
        "text",
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=size * 1.25,
        alignment=side,
        splitLongWords=1,
    )


def canvas_with_foot(institution: str, page_text: str) -> type[Canvas]:
    """Return a canvas that knows at the end how many pages there are.

    :param page_text: with ``{page}`` and ``{pages}``
    """

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
                self.setFont(FONT, 7)
                self.drawString(MARGIN, MARGIN / 2, institution[:120])
                text = page_text.format(page=number, pages=len(self._pages))
                self.drawRightString(self._pagesize[0] - MARGIN, MARGIN / 2, text)
                super().showPage()  # pylint: disable=super-method-mismatch
            super().save()

    return CountingCanvas
