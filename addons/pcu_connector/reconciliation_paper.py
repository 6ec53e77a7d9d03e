"""Drawing the comparison of both sides as a PDF; pure, no ``env``."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from odoo.addons.pcu_registry.fonts import BOLD, FONT, register_fonts
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

INK, RULE, SHADE = HexColor("#1a1a1a"), HexColor("#999999"), HexColor("#eeeeee")
MARGIN = 18 * mm
FACTS = (52 * mm, 122 * mm)
LINES = (28 * mm, 30 * mm, 90 * mm, 26 * mm)


@dataclass(frozen=True)
class Paper:
    """What the report says; texts come translated from the caller."""

    title: str
    institution: str
    summary: str
    facts: list[tuple[str, str]]
    headings: list[str] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    digest: str = ""
    page: str = "{page}"


def draw(paper: Paper, fonts: tuple[str, str]) -> bytes:
    """Return the report as PDF, A4 upright.

    :param fonts: paths of the regular and the bold TrueType font; they must have
        the Romanian letters
    """
    register_fonts(*fonts)
    plain = ParagraphStyle("plain", fontName=FONT, fontSize=9, leading=12)
    bold = ParagraphStyle("bold", parent=plain, fontName=BOLD)
    title = ParagraphStyle("title", parent=bold, fontSize=15, leading=20)
    story = [
        Paragraph(escape(paper.institution), bold),
        Paragraph(escape(paper.title), title),
        Spacer(0, 4 * mm),
        Paragraph(escape(paper.summary), bold),
        Spacer(0, 4 * mm),
        _table([[_cell(n, plain), _cell(v, bold)] for n, v in paper.facts], FACTS),
    ]
    if paper.lines:
        head = [_cell(text, bold) for text in paper.headings]
        rows = [[_cell(text, plain) for text in line] for line in paper.lines]
        story += [Spacer(0, 6 * mm), _table([head, *rows], LINES, head=1)]
    if paper.digest:
        story += [Spacer(0, 6 * mm), Paragraph(f"SHA-256 {paper.digest}", plain)]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=paper.title, author=paper.institution,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip

    def foot(canvas, _document):
        canvas.setFont(FONT, 8)
        text = paper.page.format(page=canvas.getPageNumber())
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, text)

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _cell(text: str, style: ParagraphStyle) -> Paragraph:
    # What comes from a platform is text, never markup.
    return Paragraph(escape(str(text)), style)


def _table(rows: list, widths: tuple, head: int = 0) -> Table:
    look = [
        ("GRID", (0, 0), (-1, -1), 0.4, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
    ]
    if head:
        look.append(("BACKGROUND", (0, 0), (-1, head - 1), SHADE))
    return Table(rows, colWidths=widths, repeatRows=head, style=look)
