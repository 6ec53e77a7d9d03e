"""The legal register on paper: A4 landscape, 14 columns, as it is bound; no ``env``.

The columns are those of the Instructions on archive work (Order 217/1996, annex). The
rows stream through: a page is drawn as soon as it is full, one text object a column,
and forgotten. Text is cut into lines beforehand by the widths of its letters, so that a
year of 100,000 entries takes a few seconds and the memory of its finished pages.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics

from .fonts import BOLD, FONT
from .printing import SMALL, Pages

WIDTHS = (44, 44, 52, 44, 24, 28, 80, 120, 60, 44, 60, 62, 52, 38)
"""Points, of the 14 columns; with gutter and margin they fill the landscape sheet."""
CENTRED = {0, 1, 3, 4, 5, 9}
LEADING, PAD = SMALL * 1.18, 2.5
HEAD, TITLE = 54.0, 5.6
GREY = HexColor("#e8e8e8")


@dataclass(frozen=True)
class Row:
    """One entry: the texts of the 14 columns, and what the page totals count."""

    cells: tuple[str, ...]
    direction: str = "incoming"
    sheets: int = 0
    annexes: int = 0
    annulled: bool = False


@dataclass(frozen=True)
class Texts:
    """What the printed register says; translated by the caller."""

    institution: str
    title: str
    period: str
    columns: tuple[str, ...]
    on_page: str
    """With ``%(rows)s``, ``%(directions)s``, ``%(sheets)s``, ``%(annexes)s``."""
    so_far: str
    directions: dict[str, str] = field(default_factory=dict)


class Totals:
    """What stands at the foot of a page."""

    def __init__(self):
        self.rows = self.sheets = self.annexes = self.annulled = 0
        self.directions = Counter()

    def add(self, row: Row) -> None:
        self.rows += 1
        self.sheets += row.sheets
        self.annexes += row.annexes
        self.directions[row.direction] += 1

    def told(self, template: str, names: dict[str, str]) -> str:
        directions = ", ".join(
            f"{name} {self.directions[code]}"
            for code, name in names.items()
            if self.directions[code]
        )
        return template % {
            "rows": self.rows, "directions": directions or "0",
            "sheets": self.sheets, "annexes": self.annexes,
        }  # fmt: skip


class Type:
    """One font at one size in one document: cuts lines, and writes them as PDF.

    What reportlab does letter by letter for every text is looked up here in tables that
    fill themselves; that is most of the time a page takes.
    """

    def __init__(self, canvas, name: str, size: float, leading: float):
        self.font, self.document = pdfmetrics.getFont(name), canvas._doc
        self.size = size
        self.letters = _Table(lambda letter: pdfmetrics.stringWidth(letter, name, size))
        self.codes = _Table(self._code)
        self.begin = f"BT {self._select(0)} {size} Tf {leading:.2f} TL"
        self.wrap = lru_cache(maxsize=16384)(self._wrap)

    def width(self, text: str) -> float:
        return sum(map(self.letters.__getitem__, text))

    def show(self, line: str) -> str:
        """Return the operators that show a line where the pen stands."""
        try:
            return f"({''.join(map(self.codes.__getitem__, line))}) Tj"
        except KeyError:
            return self._show_rare(line)

    def _show_rare(self, line: str) -> str:
        """Show a line with letters beyond the first 256 that the book has used."""
        shown = [
            f"{self._select(subset)} {self.size} Tf ({_escape(codes)}) Tj"
            for subset, codes in self.font.splitString(line, self.document)
        ]
        return " ".join([*shown, f"{self._select(0)} {self.size} Tf"])

    def _select(self, subset: int) -> str:
        return self.font.getSubsetInternalName(subset, self.document)

    def _code(self, letter: str) -> str:
        [(subset, code)] = self.font.splitString(letter, self.document)
        if subset:
            raise KeyError(letter)
        return _escape(code)

    def _wrap(self, text: str, width: float) -> tuple[str, ...]:
        """Cut a text into lines of a width; blanks and line ends become one blank."""
        words = text.split()
        if (whole := " ".join(words)) and self.width(whole) <= width:
            return (whole,)
        lines, line, used, space = [], [], 0.0, self.letters[" "]
        for word in words:
            wide = self.width(word)
            if line and used + space + wide > width:
                lines.append(" ".join(line))
                line, used = [], 0.0
            if wide > width:
                *full, word = self._cut(word, width)
                lines += full
                wide = self.width(word)
            used += wide + (space if line else 0)
            line.append(word)
        return (*lines, " ".join(line)) if line else ()

    def _cut(self, word: str, width: float) -> Iterator[str]:
        """Break a word that is longer than a line, where a number has its slash."""
        begin, used = 0, 0.0
        for place, letter in enumerate(word):
            used += self.letters[letter]
            if used > width and place > begin:
                slash = word.rfind("/", begin, place)
                end = slash + 1 if slash > begin else place
                yield word[begin:end]
                begin, used = end, self.width(word[end : place + 1])
        yield word[begin:]


class _Table(dict):
    def __init__(self, fill: Callable):
        super().__init__()
        self.fill = fill

    def __missing__(self, key):
        value = self[key] = self.fill(key)
        return value


def _escape(codes: bytes) -> str:
    return "".join(
        chr(code) if 32 <= code < 127 and code not in b"()\\" else f"\\{code:03o}"
        for code in codes
    )


class Register:
    """Draws rows on the pages of a book, page by page."""

    def __init__(self, pages: Pages, texts: Texts):
        self.pages, self.texts = pages, texts
        self.type = Type(pages.canvas, FONT, SMALL, LEADING)
        self.x = [pages.left]
        for width in WIDTHS:
            self.x.append(self.x[-1] + width)
        self.room = pages.top - HEAD - pages.bottom
        self.total = Totals()
        self._draw_head()

    def draw(self, rows: Iterable[Row], progress: Callable[[int], None] | None = None):
        """Draw all rows; return their totals.

        :param progress: called with the number of rows drawn, after each page
        """
        page, height, count = [], 0.0, Totals()
        for row in rows:
            for lines, high in self._parts(row):
                if height + high > self.room:
                    self._draw_page(page, height, count)
                    page, height, count = [], 0.0, Totals()
                    if progress:
                        progress(self.total.rows)
                page.append((lines, high, row.annulled))
                height += high
            count.add(row)
            self.total.add(row)
        self._draw_page(page, height, count, last=True)
        return self.total

    def _parts(self, row: Row):
        """Cut a row into lines; a row higher than a page goes on on the next one."""
        wrap = self.type.wrap
        cells = [
            wrap(text, width - 2 * PAD)
            for text, width in zip(row.cells, WIDTHS, strict=True)
        ]
        most = max(1, *map(len, cells))
        fits = int((self.room - 2 * PAD) / LEADING)
        if most <= fits:
            return [(cells, most * LEADING + 2 * PAD)]
        return [
            (
                [lines[begin : begin + fits] for lines in cells],
                min(fits, most - begin) * LEADING + 2 * PAD,
            )
            for begin in range(0, most, fits)
        ]

    def _draw_page(self, rows, height, count, *, last=False):
        canvas = self.pages.canvas
        canvas.doForm("RegisterHead")
        top = self.pages.top - HEAD
        tops = []
        for _lines, high, _annulled in rows:
            tops.append(top)
            top -= high
        self._draw_lines(rows, tops, top)
        for column, left in enumerate(self.x[:-1]):
            self._draw_column(column, left, rows, tops)
        if last and top - self.pages.bottom > LEADING:
            # What is left of the last page is struck out, so that nothing is added.
            canvas.line(self.x[0], self.pages.bottom, self.x[-1], top)
        self.pages.end_page(
            (
                count.told(self.texts.on_page, self.texts.directions),
                self.total.told(self.texts.so_far, self.texts.directions),
            )
        )

    def _draw_lines(self, rows, tops, bottom):
        begin, left, right = self.pages.top - HEAD, self.x[0], self.x[-1]
        lines = [(x, begin, x, bottom) for x in self.x]
        lines += [(left, y, right, y) for y in [*tops[1:], bottom]]
        for (_lines, _high, annulled), top in zip(rows, tops, strict=True):
            if annulled:
                y = top - PAD - SMALL * 0.7
                lines.append((left + PAD, y, self.x[10] - PAD, y))
        drawn = [f"{x:.2f} {y:.2f} m {u:.2f} {v:.2f} l" for x, y, u, v in lines]
        self.pages.canvas.addLiteral(" ".join(["0.4 w", *drawn, "S"]))

    def _draw_column(self, column, left, rows, tops):
        """Put all cells of a column on the page as one text object."""
        show, width = self.type.show, self.type.width
        middle = left + WIDTHS[column] / 2 if column in CENTRED else None
        out = [self.type.begin]
        for (lines, _high, _annulled), top in zip(rows, tops, strict=True):
            y = top - PAD - SMALL
            for place, line in enumerate(lines[column]):
                if middle:
                    x = middle - width(line) / 2
                    out.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {show(line)}")
                    y -= LEADING
                elif place:
                    out.append(f"T* {show(line)}")
                else:
                    out.append(f"1 0 0 1 {left + PAD:.2f} {y:.2f} Tm {show(line)}")
        self.pages.canvas.addLiteral("\n".join([*out, "ET"]))

    def _draw_head(self):
        """Draw once what every page begins with; the pages refer to it."""
        canvas, pages = self.pages.canvas, self.pages
        canvas.beginForm("RegisterHead", 0, 0, pages.width, pages.height)
        y = pages.top - 8
        canvas.setFont(BOLD, 9)
        canvas.drawString(pages.left, y, self.texts.institution)
        canvas.drawCentredString((pages.left + pages.right) / 2, y, self.texts.title)
        canvas.setFont(FONT, 8)
        canvas.drawRightString(pages.right, y, self.texts.period)
        self._draw_titles(pages.top - 12, pages.top - HEAD)
        canvas.endForm()

    def _draw_titles(self, top, bottom):
        canvas = self.pages.canvas
        canvas.setFillColor(GREY)
        canvas.setLineWidth(0.6)
        canvas.rect(self.x[0], bottom, self.x[-1] - self.x[0], top - bottom, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.lines([(x, bottom, x, top) for x in self.x[1:-1]])
        canvas.line(self.x[0], bottom + 8, self.x[-1], bottom + 8)
        for column, title in enumerate(self.texts.columns):
            middle, room = self.x[column] + WIDTHS[column] / 2, WIDTHS[column] - 3
            size = self._fit_words(title, room)
            lines = Type(canvas, BOLD, size, size).wrap(title, room)
            canvas.setFont(BOLD, size)
            y = (top + bottom + 8) / 2 + len(lines) * size * 0.55 - size * 0.85
            for line in lines:
                canvas.drawCentredString(middle, y, line)
                y -= size * 1.1
            canvas.setFont(FONT, TITLE)
            canvas.drawCentredString(middle, bottom + 2, str(column + 1))

    def _fit_words(self, title: str, room: float) -> float:
        """Make a title smaller rather than break its longest word."""
        longest = max(
            (pdfmetrics.stringWidth(word, BOLD, TITLE) for word in title.split()),
            default=0,
        )
        return TITLE * min(1, room / (longest or room) * 0.99)
