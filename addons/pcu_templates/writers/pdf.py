"""A letter as PDF on A4, with the head again and the page's number on every page."""

import io
from xml.sax.saxutils import escape

from odoo.addons.pcu_registry.fonts import BOLD, FONT, register_fonts
from odoo.addons.pcu_registry.paper_lists import canvas_with_foot
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as PdfTable

from ..letter import Block, Letter, Run, Signatory, Table

MARGIN_LEFT, MARGIN = 25 * mm, 20 * mm
"""The left margin leaves room for binding, as archived papers need."""
FIRST_TOP, NEXT_TOP, BOTTOM = 15 * mm, 27 * mm, 20 * mm
SIZE, LOGO = 11, 20 * mm
ITALIC = "PcuSansItalic"
_GREY = HexColor("#555555")
_ALIGN = {
    "left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT, "justify": TA_JUSTIFY
}  # fmt: skip
_BARE = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]


def write(letter: Letter, fonts: tuple[str, str]) -> bytes:
    """Return the PDF.

    :param fonts: paths of the regular and the bold TrueType font, with Romanian letters
    """
    _register(fonts)
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, title=letter.title or letter.subject,
        author=letter.institution, lang=letter.language,
    )  # fmt: skip
    width = A4[0] - MARGIN_LEFT - MARGIN
    document.addPageTemplates(
        [
            PageTemplate(
                "first", [_frame(width, FIRST_TOP)], autoNextPageTemplate="next"
            ),
            PageTemplate(
                "next", [_frame(width, NEXT_TOP)],
                onPage=lambda canvas, _doc: _draw_head_again(canvas, letter),
            ),
        ]
    )  # fmt: skip
    foot = canvas_with_foot(letter.institution, letter.page_text)
    document.build(_story(letter, width), canvasmaker=foot)
    return out.getvalue()


def _register(fonts: tuple[str, str]) -> None:
    register_fonts(*fonts)
    italic = fonts[0].replace("Regular", "Italic")
    pdfmetrics.registerFont(TTFont(ITALIC, italic))
    # Bold italic is drawn bold: an official paper has no use for both.
    pdfmetrics.registerFontFamily(FONT, FONT, BOLD, ITALIC, BOLD)


def _frame(width: float, top: float) -> Frame:
    height = A4[1] - top - BOTTOM
    return Frame(
        MARGIN_LEFT, BOTTOM, width, height,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip


def _story(letter: Letter, width: float) -> list:
    parts = []
    if letter.mark:
        parts.append(_line(letter.mark, 9, align="center", colour=_GREY))
    parts += [_head(letter, width), Spacer(1, 5 * mm), _numbers(letter, width)]
    if letter.recipient:
        parts.append(Spacer(1, 5 * mm))
        parts += [
            _line(line, SIZE, bold=not position, indent=width * 0.45)
            for position, line in enumerate(letter.recipient)
        ]
    if letter.title:
        parts += [Spacer(1, 8 * mm), _line(letter.title, 14, bold=True, align="center")]
    if letter.subject:
        parts += [Spacer(1, 3 * mm), _line(letter.subject, SIZE, align="center")]
    parts.append(Spacer(1, 6 * mm))
    parts += [_draw(block, width) for block in letter.body]
    for words in (letter.legal_basis, letter.appeal):
        if words:
            parts += [Spacer(1, 2 * mm), _line(words, 10, align="justify")]
    if letter.closing:
        parts += [Spacer(1, 4 * mm), _line(letter.closing, SIZE)]
    parts.append(KeepTogether(_signatures(letter, width)))
    return parts


def _head(letter: Letter, width: float) -> PdfTable:
    """The arms or the logo at the left, the institution beside it, a line below."""
    words = [
        *[_line(line, 9) for line in letter.heading],
        _line(letter.institution, 13, bold=True),
        *[_line(line, 8, colour=_GREY) for line in letter.contact],
    ]
    picture = _picture(letter.logo)
    side = LOGO + 4 * mm if picture else 0
    row = [picture, words] if picture else [words]
    table = PdfTable([row], colWidths=[side, width - side] if picture else [width])
    table.setStyle(
        [*_BARE, ("LINEBELOW", (0, 0), (-1, -1), 0.8, HexColor("#222222")),
         ("BOTTOMPADDING", (0, 0), (-1, -1), 6)]
    )  # fmt: skip
    return table


def _picture(content: bytes) -> Image | None:
    """Return the logo in its place; a picture that can't be read is left out."""
    if not content:
        return None
    try:
        wide, high = ImageReader(io.BytesIO(content)).getSize()
    except Exception:  # noqa: BLE001 the reader fails in as many ways as formats exist
        return None
    scale = min(LOGO / wide, LOGO / high)
    return Image(io.BytesIO(content), wide * scale, high * scale, hAlign="LEFT")


def _numbers(letter: Letter, width: float) -> PdfTable:
    left = [_line(line, SIZE, bold=True) for line in letter.numbers]
    right = [_line(letter.date, SIZE, align="right")]
    table = PdfTable([[left, right]], colWidths=[width * 0.65, width * 0.35])
    table.setStyle(_BARE)
    return table


def _draw(block: Block | Table, width: float):
    if isinstance(block, Table):
        return _draw_table(block, width)
    style = {
        "h1": {"size": 14, "before": 6, "bold": True},
        "h2": {"size": 12, "before": 6, "bold": True},
        "h3": {"size": 11, "before": 4, "bold": True},
    }.get(block.kind, {"size": SIZE, "before": 0, "bold": False})
    bullet = {"bullet": "–", "number": f"{block.number}."}.get(block.kind)
    paragraph = ParagraphStyle(
        block.kind,
        fontName=BOLD if style["bold"] else FONT,
        fontSize=style["size"],
        leading=style["size"] * 1.4,
        alignment=_ALIGN[block.align],
        spaceBefore=style["before"],
        spaceAfter=5,
        leftIndent=18 if bullet else 0,
        bulletIndent=4,
        bulletFontName=FONT,
        bulletFontSize=style["size"],
        keepWithNext=block.kind.startswith("h"),
    )
    return Paragraph(_markup(block.runs) or "&nbsp;", paragraph, bulletText=bullet)


def _draw_table(block: Table, width: float) -> PdfTable:
    cells = [
        [_line_of(cell, bold=block.head and not position) for cell in row]
        for position, row in enumerate(block.rows)
    ] or [[""]]
    table = PdfTable(
        cells,
        colWidths=[width * share for share in block.shares()] or None,
        repeatRows=int(block.head),
        spaceBefore=3,
        spaceAfter=8,
    )
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, _GREY),
                    ("VALIGN", (0, 0), (-1, -1), "TOP")])  # fmt: skip
    return table


def _signatures(letter: Letter, width: float) -> list:
    """Two side by side; who prepared it stands below, small."""
    parts = [Spacer(1, 10 * mm)]
    people = list(letter.signatories)
    for start in range(0, len(people), 2):
        row = people[start : start + 2]
        cells = [_signatory(person) for person in row]
        table = PdfTable([cells], colWidths=[width / len(cells)] * len(cells))
        table.setStyle(_BARE)
        parts += [table, Spacer(1, 6 * mm)]
    if letter.prepared_by:
        parts.append(_line(letter.prepared_by, 8, colour=_GREY))
    return parts


def _signatory(person: Signatory) -> list:
    lines = [
        _line(person.role, SIZE, bold=True, align="center"),
        _line(person.name, SIZE, align="center"),
    ]
    lines.append(
        _line(person.note, 8, align="center", colour=_GREY)
        if person.note
        else Spacer(1, 14 * mm)
    )
    return lines


def _draw_head_again(canvas: Canvas, letter: Letter) -> None:
    """Say on the next pages whose paper this is and under which number."""
    top = A4[1] - 15 * mm
    canvas.saveState()
    canvas.setFont(FONT, 8)
    canvas.setFillColor(_GREY)
    canvas.drawString(MARGIN_LEFT, top, letter.institution)
    canvas.drawRightString(A4[0] - MARGIN, top, " · ".join(letter.numbers))
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN_LEFT, top - 3, A4[0] - MARGIN, top - 3)
    canvas.restoreState()


def _line(text, size, *, bold=False, align="left", colour=None, indent=0) -> Paragraph:
    style = ParagraphStyle(
        "line",
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=size * 1.3,
        alignment=_ALIGN[align],
        leftIndent=indent,
        textColor=colour or HexColor("#000000"),
    )
    return Paragraph(escape(text or "").replace("\n", "<br/>"), style)


def _line_of(runs: tuple[Run, ...], *, bold: bool) -> Paragraph:
    style = ParagraphStyle("cell", fontName=BOLD if bold else FONT, fontSize=9.5,
                           leading=12)  # fmt: skip
    return Paragraph(_markup(runs), style)


def _markup(runs: tuple[Run, ...]) -> str:
    """Return reportlab's markup of runs; the text itself is escaped."""
    out = []
    for run in runs:
        text = escape(run.text).replace("\n", "<br/>")
        for wanted, tag in ((run.underline, "u"), (run.italic, "i"), (run.bold, "b")):
            if wanted:
                text = f"<{tag}>{text}</{tag}>"
        out.append(text)
    return "".join(out)
