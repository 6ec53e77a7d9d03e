"""Registration stamps on copies of PDF documents; pure, no ``env``.

The stamp is one small page drawn by reportlab (institution, direction, number, date,
sheets and annexes, QR) that pypdf puts on the pages as one shared Form XObject. The
page's own content is never parsed, so a hundred pages cost little more than one, and
the bytes of the original are only read. A signed PDF is not stamped, because every
change would break the signature as readers show it: it gets a cover sheet, a page of
its own beside it. So does a very long document, whose copy would cost more than the
stamp is worth.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import qrcode
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    RectangleObject,
)
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .fonts import BOLD, FONT, register_fonts

WIDTH, HEIGHT = 206.0, 74.0
MARGIN = 14.0
INK = HexColor("#1d3f72")
QR_MASK = 3
"""A fixed mask: every mask decodes, and choosing the best one is most of the work."""

_SIGNED = re.compile(rb"/ByteRange\s*\[")


class StampError(ValueError):
    """The file can't be stamped: damaged, locked with a password, or empty."""


@dataclass(frozen=True)
class Stamp:
    """What the stamp says; texts come translated from the caller."""

    institution: str
    direction: str
    number: str
    date_line: str
    pages_line: str = ""
    department: str = ""
    qr: str = ""


@dataclass(frozen=True)
class Stamped:
    """The copy; or a cover sheet, and why (``signed`` or ``long``)."""

    content: bytes
    cover: str = ""


SIGNED, LONG = "signed", "long"
MAX_PAGES, MAX_BYTES = 500, 50 * 1024 * 1024
"""Longer documents, a scanned archive say, get a cover sheet."""


def is_signed(content: bytes) -> bool:
    """Tell whether a PDF carries a signature (a ``/ByteRange`` over itself)."""
    return bool(_SIGNED.search(content))


def stamp_pdf(
    content: bytes,
    stamp: Stamp,
    fonts: tuple[str, str],
    covers: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Stamped:
    """Return a stamped copy of a PDF, or a cover sheet when it is signed or very long.

    :param fonts: paths of the regular and the bold TrueType font; they must have
        the Romanian letters
    :param covers: the text of the cover sheet by its cause, title first
    :raise StampError: ``password``, ``empty`` or ``damaged``
    """
    if is_signed(content):
        return cover_sheet(SIGNED, stamp, fonts, covers)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise StampError("password")
        pages = len(reader.pages)
        if not pages:
            raise StampError("empty")
        if pages > MAX_PAGES:
            return cover_sheet(LONG, stamp, fonts, covers)
        writer = PdfWriter(clone_from=reader)
        _put_on_pages(writer, draw_stamp(stamp, fonts))
        out = io.BytesIO()
        writer.write(out)
    except StampError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, NotImplementedError) as exc:  # fmt: skip
        # pypdf meets damaged files with all of these.
        raise StampError("damaged") from exc
    return Stamped(out.getvalue())


def cover_sheet(
    cause: str,
    stamp: Stamp,
    fonts: tuple[str, str],
    covers: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Stamped:
    """Return an A4 page with the stamp, to lie before the untouched original."""
    register_fonts(*fonts)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    y = A4[1] - HEIGHT - 6 * MARGIN
    for place, text in enumerate(covers.get(cause, ())):
        font, size = (FONT, 11) if place else (BOLD, 16)
        for line in simpleSplit(text, font, size, A4[0] - 8 * MARGIN):
            canvas.setFont(font, size)
            canvas.drawString(4 * MARGIN, y, line)
            y -= size * 1.4
        y -= size * 0.8
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(out))
    _put_on_pages(writer, draw_stamp(stamp, fonts))
    sheet = io.BytesIO()
    writer.write(sheet)
    return Stamped(sheet.getvalue(), cause)


def draw_stamp(stamp: Stamp, fonts: tuple[str, str]) -> bytes:
    """Draw the stamp as a PDF page of its own size."""
    register_fonts(*fonts)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    canvas.setStrokeColor(INK)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.setLineWidth(1.2)
    canvas.roundRect(1, 1, WIDTH - 2, HEIGHT - 2, 4, fill=1)
    canvas.setFillColor(INK)
    text_width = WIDTH - (HEIGHT if stamp.qr else 0) - 12
    lines = [
        (BOLD, 8.0, stamp.institution),
        (BOLD, 10.5, stamp.direction),
        (BOLD, 12.0, stamp.number),
        (FONT, 7.0, stamp.date_line),
        (FONT, 7.0, " · ".join(filter(None, (stamp.pages_line, stamp.department)))),
    ]
    y = HEIGHT - 5
    for font, size, text in lines:
        size = fit(text, font, size, text_width)
        y -= size + 1.6
        canvas.setFont(font, size)
        canvas.drawString(7, y, text)
    if stamp.qr:
        draw_qr(canvas, stamp.qr, WIDTH - HEIGHT + 3, 5, HEIGHT - 10)
    canvas.save()
    return out.getvalue()


def fit(text: str, font: str, size: float, width: float) -> float:
    """Make long texts smaller instead of cutting them."""
    wide = pdfmetrics.stringWidth(text, font, size)
    return size if wide <= width else max(size * width / wide, 3.0)


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draw a QR code as vectors into a square."""
    code = qrcode.QRCode(border=1, mask_pattern=QR_MASK)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    cell = side / len(matrix)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                path.rect(x + column * cell, y + side - (row + 1) * cell, cell, cell)
    canvas.drawPath(path, stroke=0, fill=1)


def _put_on_pages(writer: PdfWriter, overlay: bytes) -> None:
    """Refer every page to one shared Form XObject with the stamp."""
    form = _as_form(writer, PdfReader(io.BytesIO(overlay)).pages[0])
    opening = _content_stream(writer, b"q\n")
    for page in writer.pages:
        name = _add_resource(page, form)
        matrix = _placement(page)
        drawing = "Q q {} cm {} Do Q\n".format(
            " ".join(f"{value:.4f}" for value in matrix), name
        )
        contents = page.get("/Contents")
        contents = contents.get_object() if contents is not None else ArrayObject()
        if not isinstance(contents, ArrayObject):
            contents = ArrayObject([page.raw_get("/Contents")])
        closing = _content_stream(writer, b"\n" + drawing.encode())
        page[NameObject("/Contents")] = ArrayObject([opening, *contents, closing])


def _as_form(writer: PdfWriter, page: PageObject):
    stream = DecodedStreamObject()
    stream.set_data(page.get_contents().get_data())
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): RectangleObject((0, 0, WIDTH, HEIGHT)),
            NameObject("/Resources"): page["/Resources"].clone(writer),
        }
    )
    return writer._add_object(stream.flate_encode())


def _content_stream(writer: PdfWriter, data: bytes):
    stream = DecodedStreamObject()
    stream.set_data(data)
    return writer._add_object(stream)


def _add_resource(page: PageObject, form) -> str:
    """Name the form in the page's own resources without touching shared ones."""
    inherited = page.get("/Resources")
    resources = DictionaryObject(
        inherited.get_object() if inherited is not None else {}
    )
    known = resources.get("/XObject")
    objects = DictionaryObject(known.get_object() if known is not None else {})
    number = 0
    while (name := f"/PcuStamp{number}") in objects:
        number += 1
    objects[NameObject(name)] = form
    resources[NameObject("/XObject")] = objects
    page[NameObject("/Resources")] = resources
    return name


def _placement(page: PageObject) -> tuple[float, ...]:
    """Return the matrix that brings the stamp to the reader's top right corner.

    ``/Rotate`` turns the page for the reader, and only the crop box is seen; both are
    undone here. On a page too small for it the stamp shrinks.
    """
    box = page.cropbox
    left, bottom = float(box.left), float(box.bottom)
    width, height = float(box.width), float(box.height)
    turn = int(page.get("/Rotate") or 0) % 360
    seen = (height, width) if turn in (90, 270) else (width, height)
    scale = min(1.0, (seen[0] - 2) / WIDTH, (seen[1] - 2) / HEIGHT)
    margin = min(MARGIN, max(seen[0] - WIDTH * scale, 0) / 2,
                 max(seen[1] - HEIGHT * scale, 0) / 2)  # fmt: skip
    # Where it goes as the reader sees the page, then back onto the unturned page.
    x, y = seen[0] - WIDTH * scale - margin, seen[1] - HEIGHT * scale - margin
    place = Transformation().scale(scale, scale).translate(x, y)
    back = {
        0: Transformation(),
        90: Transformation().rotate(90).translate(width, 0),
        180: Transformation().rotate(180).translate(width, height),
        270: Transformation().rotate(-90).translate(0, height),
    }.get(turn, Transformation())
    return place.transform(back).translate(left, bottom).ctm
