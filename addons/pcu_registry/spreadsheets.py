"""Tables as a spreadsheet, one sheet for each; pure, no ``env``."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

#: The narrowest and the widest column, in characters.
NARROW, WIDE = 8, 60
#: A sheet's name has at most 31 characters and none of these.
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Sheet:
    """One table: lines of title, heads in bold, a line for each row."""

    titles: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence]
    name: str = ""
    """On the tab below; without one the program's own."""
    charted: int = 0
    """How many columns after the first one stand in a chart beside the table."""


def write(*sheets: Sheet) -> bytes:
    """Return an XLSX file.

    A cell never becomes a formula or a link, whatever a citizen wrote.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bg_color": "#e8e8e8", "border": 1})
        for sheet in sheets:
            _write_sheet(book, sheet, bold, head)
    return out.getvalue()


def _write_sheet(book, sheet: Sheet, bold, head) -> None:
    page = book.add_worksheet(sheet.name.translate(FORBIDDEN)[:31] or None)
    for line, title in enumerate(sheet.titles):
        page.write(line, 0, title, bold)
    top = len(sheet.titles) + 1
    page.write_row(top, 0, sheet.heads, head)
    for line, row in enumerate(sheet.rows, top + 1):
        page.write_row(line, 0, row)
    page.freeze_panes(top + 1, 1)
    for column, words in enumerate(sheet.heads):
        cells = [words, *(row[column] for row in sheet.rows)]
        longest = max(len(str(cell)) for cell in cells) + 2
        page.set_column(column, column, min(max(longest, NARROW), WIDE))
    if sheet.charted and sheet.rows:
        _draw_chart(book, page, sheet, top)


def _draw_chart(book, page, sheet: Sheet, top: int) -> None:
    chart, last = book.add_chart({"type": "column"}), top + len(sheet.rows)
    for place in range(1, sheet.charted + 1):
        chart.add_series(
            {
                "name": [page.name, top, place],
                "categories": [page.name, top + 1, 0, last, 0],
                "values": [page.name, top + 1, place, last, place],
            }
        )
    page.insert_chart(top, len(sheet.heads) + 1, chart)
