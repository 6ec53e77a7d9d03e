"""A table as a spreadsheet; pure, no ``env``."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

#: The narrowest and the widest column, in characters.
NARROW, WIDE = 8, 60


def write_table(
    titles: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence]
) -> bytes:
    """Return an XLSX file: some lines of title, heads in bold, one line for each row.

    A cell never becomes a formula, whatever a citizen wrote.
    """
    out = io.BytesIO()
    rows = [list(row) for row in rows]
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options | {"strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet()
        for line, title in enumerate(titles):
            sheet.write(line, 0, title, bold)
        top = len(titles) + 1
        sheet.write_row(top, 0, heads, bold)
        for line, row in enumerate(rows, top + 1):
            sheet.write_row(line, 0, row)
        for column, head in enumerate(heads):
            cells = [head, *(row[column] for row in rows)]
            longest = max(len(str(cell)) for cell in cells) + 2
            sheet.set_column(column, column, min(max(longest, NARROW), WIDE))
    return out.getvalue()
