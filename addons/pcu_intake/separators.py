"""Separator sheets: drawn here, recognised by their QR code; pure, no ``env``.

A sheet lies on top of each document in the scanner's feeder. Only the exact mark
counts: any other code on a citizen's paper is content.
"""

import io

import qrcode
from odoo.addons.pcu_registry.fonts import BOLD, FONT, register_fonts
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

MARK = "PCU:SEPARATOR:1"
"""What the QR code says. The last figure is the version of the sheet."""

CODE_SIDE = 220
"""Points (78 mm): read at 75 dpi, askew, and after a bad photocopy."""


def is_mark(text: str) -> bool:
    """Tell whether a code read from a page is the separator's.

    >>> is_mark("PCU:SEPARATOR:1"), is_mark("https://example.org"), is_mark("")
    (True, False, False)
    """
    return text.strip() == MARK


def cut(page_count: int, marked: list[int]) -> list[list[int]]:
    """Cut a batch at its separator sheets; the sheets fall out.

    Two sheets in a row (the back of one, or one too many) cut once. What lies before
    the first sheet is a document too.

    :param marked: the pages that are separator sheets, counted from 0

    >>> cut(6, [2])
    [[0, 1], [3, 4, 5]]
    >>> cut(6, [0, 1, 4])
    [[2, 3], [5]]
    >>> cut(2, [0, 1])
    []
    """
    parts: list[list[int]] = [[]]
    marked_pages = set(marked)
    for page in range(page_count):
        if page in marked_pages:
            parts.append([])
        else:
            parts[-1].append(page)
    return [part for part in parts if part]


def draw_sheets(
    count: int, title: str, lines: list[str], fonts: tuple[str, str]
) -> bytes:
    """Draw separator sheets as a PDF, one a page.

    :param title: the big word on the sheet, translated
    :param lines: what a clerk should know, translated
    :param fonts: paths of the regular and the bold TrueType font
    """
    register_fonts(*fonts)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for _sheet in range(count):
        _draw_sheet(canvas, title, lines)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_sheet(canvas: Canvas, title: str, lines: list[str]) -> None:
    width, height = A4
    canvas.setFillGray(0)
    # Dark bars at both edges show in the stack where one document ends.
    canvas.rect(0, height - 28, width, 14, stroke=0, fill=1)
    canvas.rect(0, 14, width, 14, stroke=0, fill=1)
    canvas.setFont(BOLD, 40)
    canvas.drawCentredString(width / 2, height - 130, title)
    canvas.setFont(FONT, 14)
    for row, line in enumerate(lines):
        canvas.drawCentredString(width / 2, height - 175 - 22 * row, line)
    _draw_code(canvas, (width - CODE_SIDE) / 2, (height - CODE_SIDE) / 2 - 60)


def _draw_code(canvas: Canvas, x: float, y: float) -> None:
    code = qrcode.QRCode(
        border=0, error_correction=qrcode.constants.ERROR_CORRECT_H, mask_pattern=3
    )
    code.add_data(MARK)
    code.make(fit=True)
    matrix = code.get_matrix()
    cell = CODE_SIDE / len(matrix)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                path.rect(
                    x + column * cell, y + CODE_SIDE - (row + 1) * cell, cell, cell
                )
    canvas.drawPath(path, stroke=0, fill=1)
