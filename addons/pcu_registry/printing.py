"""Pages to be printed and bound: paper, fonts, foot with "page x of y"; no ``env``.

The number of pages is known only at the end. Instead of keeping all pages open until
then, each refers to one small form that is drawn last, when the book is counted.
"""

from typing import BinaryIO
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Frame,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.doctemplate import LayoutError

from .fonts import BOLD, FONT, register_fonts

# Streams as bytes: the ASCII armour of old days costs half of the time of a page.
rl_config.useA85 = 0
SMALL, NORMAL = 7.0, 9.0
GUTTER, MARGIN, FOOT = 62.0, 28.0, 40.0
"""Points. The gutter is what the binding takes, on the left."""
_TOTAL = "PageTotal"


class Pages:
    """A PDF under way: numbered pages of one size, each with its foot."""

    def __init__(
        self,
        out: BinaryIO,
        fonts: tuple[str, str],
        page_of: str,
        *,
        title: str = "",
        landscape: bool = False,
    ):
        """Begin.

        :param page_of: as in ``"page %(page)s of"``; the total follows
        """
        register_fonts(*fonts)
        self.width, self.height = reversed(A4) if landscape else A4
        self.left, self.right = GUTTER, self.width - MARGIN
        self.bottom, self.top = MARGIN + FOOT / 2, self.height - MARGIN
        self.canvas = Canvas(out, (self.width, self.height), pageCompression=1)
        self.canvas.setTitle(title)
        self.page_of = page_of
        self.number = 0

    def end_page(self, foot: tuple[str, ...] = ()) -> None:
        """Write the foot (lines on the left, the number on the right); turn over."""
        self.number += 1
        canvas, y = self.canvas, MARGIN
        canvas.setFont(FONT, SMALL)
        for line in reversed(foot):
            canvas.drawString(self.left, y, line)
            y += SMALL * 1.25
        # The total stands right of this, in a form that is drawn at the end.
        canvas.drawRightString(
            self.right - self._total_width, MARGIN, self.page_of % {"page": self.number}
        )
        canvas.doForm(_TOTAL)
        canvas.showPage()

    def save(self) -> int:
        """Count the pages, write the file, return how many there are."""
        canvas = self.canvas
        canvas.beginForm(_TOTAL, 0, 0, self.width, self.height)
        canvas.setFont(FONT, SMALL)
        canvas.drawString(self.right - self._total_width + 2, MARGIN, str(self.number))
        canvas.endForm()
        canvas.save()
        return self.number

    @property
    def _total_width(self) -> float:
        return pdfmetrics.stringWidth("0000", FONT, SMALL) + 2

    def flow(self, parts: list[tuple], foot: tuple[str, ...] = ()) -> None:
        """Let titles, texts and tables run over as many pages as they need.

        :param parts: ``("title"|"heading"|"text", text)``, ``("table", widths, head,
            rows)`` with widths in parts of the page, ``("signatures", names)``,
            ``("space", points)``
        """
        story = [self._flowable(*part) for part in parts]
        frame = self._frame()
        while story:
            if not self._orphan(story[0], frame) and frame.add(story[0], self.canvas):
                del story[0]
                continue
            pieces = frame.split(story[0], self.canvas)
            if len(pieces) > 1:
                frame.add(pieces[0], self.canvas)
                story[:1] = pieces[1:]
            elif frame._atTop:
                raise LayoutError(f"higher than a page: {story[0]!r}")
            self.end_page(foot)
            frame = self._frame()
        self.end_page(foot)

    def _orphan(self, flowable, frame: Frame) -> bool:
        """Tell whether a heading would stand alone at the foot of a page."""
        heading = getattr(flowable, "style", None) is STYLES["heading"]
        return heading and not frame._atTop and frame._y - self.bottom < 6 * NORMAL

    def _frame(self) -> Frame:
        width, height = self.right - self.left, self.top - self.bottom
        return Frame(self.left, self.bottom, width, height, 0, 0, 0, 0)

    def _flowable(self, kind: str, *content):
        if kind == "table":
            return self._table(*content)
        if kind == "signatures":
            return self._signatures(*content)
        if kind == "space":
            return Spacer(1, *content)
        style = STYLES[kind]
        return Paragraph(escape(content[0]).replace("\n", "<br/>"), style)

    def _table(self, widths, head, rows) -> Table:
        whole = (self.right - self.left) / sum(widths)
        cells = [
            [Paragraph(escape(text), STYLES[style]) for text in row]
            for style, rows_of in (("head", [head]), ("cell", rows))
            for row in rows_of
        ]
        return Table(
            cells,
            [width * whole for width in widths],
            repeatRows=1,
            style=TABLE,
            spaceAfter=NORMAL,
            hAlign="LEFT",
        )

    def _signatures(self, names) -> Table:
        """Leave room for name, signature and stamp of each."""
        whole = (self.right - self.left) / len(names)
        cells = [
            Paragraph(escape(name).replace("\n", "<br/>"), STYLES["sign"])
            for name in names
        ]
        return Table([cells], [whole] * len(names), spaceBefore=3 * NORMAL, style=[TOP])


def _style(name: str, font: str = FONT, size: float = NORMAL, **values):
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.35, **values
    )


STYLES = {
    "title": _style(
        "title", BOLD, 14, alignment=TA_CENTER, spaceBefore=6, spaceAfter=12
    ),
    "heading": _style("heading", BOLD, 10, spaceBefore=8, spaceAfter=4),
    "text": _style("text", spaceAfter=5),
    "head": _style("head", BOLD, 7.5),
    "cell": _style("cell", FONT, 7.5),
    "sign": _style("sign", alignment=TA_CENTER),
}
TOP = ("VALIGN", (0, 0), (-1, -1), "TOP")
TABLE = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#000000")),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e8e8e8")),
        TOP,
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
)
