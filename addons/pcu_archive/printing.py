"""The archive's forms on paper: a head, facts, a table, signatures; pure, no ``env``.

All legal forms of the archive (inventory, minutes, register, certificate, sheet) have
the same parts; this draws them on A4 with repeated table heads and page numbers.
"""

import io
from dataclasses import dataclass
from html import escape

from odoo.addons.pcu_registry.fonts import BOLD, FONT, register_fonts
from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    KeepTogether,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

MARGIN = 15 * mm
FRAME_PADDING = 6
_GREY = HexColor("#eeeeee")
#: A cell longer than a page can't be laid out; what is cut stays in the program.
MAX_CELL = 1500


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width, and whether it holds numbers."""

    title: str
    share: float = 1
    number: bool = False


@dataclass(frozen=True)
class Form:
    """What a form says; texts come translated from the caller."""

    institution: str
    title: str
    subtitle: str = ""
    annex: str = ""
    facts: tuple = ()
    paragraphs: tuple = ()
    columns: tuple = ()
    rows: tuple = ()
    closing: tuple = ()
    signatures: tuple = ()
    wide: bool = False
    page: str = "%s"


def draw(*forms: Form, fonts: tuple[str, str]) -> bytes:
    """Draw forms one after the other into one PDF.

    :param fonts: paths of the regular and the bold TrueType font; they must have the
        Romanian letters
    """
    register_fonts(*fonts)
    out = io.BytesIO()
    wide = any(form.wide for form in forms)
    size = landscape(A4) if wide else A4
    document = SimpleDocTemplate(
        out, pagesize=size, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN, title=forms[0].title, author=forms[0].institution,
    )  # fmt: skip
    story = []
    for index, form in enumerate(forms):
        if index:
            story.append(PageBreak())
        story += _story(form, size[0] - 2 * (MARGIN + FRAME_PADDING))
    document.build(story, *2 * [_page_number(forms[0])])
    return out.getvalue()


def _page_number(form):
    def draw_on(canvas, document):
        canvas.setFont(FONT, 7)
        canvas.drawString(MARGIN, 8 * mm, form.institution[:120])
        canvas.drawRightString(
            document.pagesize[0] - MARGIN, 8 * mm, form.page % document.page
        )

    return draw_on


def _style(size=9, bold=False, **options) -> ParagraphStyle:
    options.setdefault("leading", size * 1.3)
    return ParagraphStyle(
        "s", fontName=BOLD if bold else FONT, fontSize=size, **options
    )


def _text(text, style) -> Paragraph:
    text = str(text or "")
    if len(text) > MAX_CELL:
        text = f"{text[:MAX_CELL]}…"
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _story(form: Form, width: float) -> list:
    head = [[_text(form.institution, _style(10, bold=True)),
             _text(form.annex, _style(8, alignment=TA_RIGHT))]]  # fmt: skip
    story = [
        Table(head, colWidths=[width * 0.6, width * 0.4], style=_PLAIN),
        Spacer(0, 5 * mm),
        _text(form.title, _style(13, bold=True, alignment=TA_CENTER)),
    ]
    if form.subtitle:
        story.append(_text(form.subtitle, _style(10, alignment=TA_CENTER)))
    story.append(Spacer(0, 4 * mm))
    if form.facts:
        rows = [
            [_text(label, _style(bold=True)), _text(value, _style())]
            for label, value in form.facts
        ]
        story.append(Table(rows, colWidths=[width * 0.35, width * 0.65], style=_PLAIN))
        story.append(Spacer(0, 3 * mm))
    story += [_text(p, _style(spaceAfter=2 * mm)) for p in form.paragraphs]
    if form.columns:
        story.append(_table(form, width))
    story.append(Spacer(0, 4 * mm))
    story += [_text(p, _style(spaceAfter=2 * mm)) for p in form.closing]
    if form.signatures:
        story.append(KeepTogether([Spacer(0, 8 * mm), _signatures(form, width)]))
    return story


def _table(form: Form, width: float) -> LongTable:
    share = width / sum(column.share for column in form.columns)
    head = _style(8, bold=True, alignment=TA_CENTER)
    cell, number = _style(8), _style(8, alignment=TA_RIGHT)
    styles = [number if column.number else cell for column in form.columns]
    rows = [[_text(column.title, head) for column in form.columns]]
    rows += [
        [_text(value, style) for value, style in zip(row, styles, strict=True)]
        for row in form.rows
    ]
    return LongTable(
        rows,
        colWidths=[column.share * share for column in form.columns],
        repeatRows=1,
        style=_GRID,
    )


def _signatures(form: Form, width: float) -> Table:
    cells = [
        _text(f"{label}\n\n\n……………………………", _style(9, alignment=TA_CENTER))
        for label in form.signatures
    ]
    rows = [cells[i : i + 3] for i in range(0, len(cells), 3)]
    rows[-1] += [""] * (min(len(cells), 3) - len(rows[-1]))
    return Table(rows, colWidths=[width / len(rows[0])] * len(rows[0]), style=_PLAIN)


_PLAIN = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
)
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, black),
        ("BACKGROUND", (0, 0), (-1, 0), _GREY),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)
