"""Real PDF, DOCX and JPEG files of a wanted size, made fast.

A large file is a small real one plus bytes that cannot be compressed, put where the
format allows it: an unused stream of the PDF, a media part of the DOCX, application
segments of the JPEG. Every file opens in the usual programs and no two are equal.
"""

import io
import random
import re
import zipfile
from functools import cache

from docx import Document
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

BINARY = b"application/octet-stream"
SMALL = 20_000
LARGEST = 10 * 1024 * 1024
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg",
}
# Letters that the PDF's built-in fonts lack: base letter and the mark drawn on it.
_DRAWN = {"ă": "a", "Ă": "A", "ș": "s", "Ș": "S", "ț": "t", "Ț": "T"}


def wanted_size(rng: random.Random, small: bool) -> int:
    """Return a size: most files are scans of some hundred kB, few are large."""
    if small:
        return rng.randint(SMALL, SMALL + 4000)
    low, high = rng.choices(
        ((SMALL, 400_000), (400_000, 3_000_000), (3_000_000, LARGEST - 100_000)),
        weights=(75, 21, 4),
    )[0]
    return rng.randint(low, high)


def make(kind: str, rng: random.Random, size: int, lines: list[str]) -> bytes:
    return {"pdf": make_pdf, "docx": make_docx, "jpg": make_jpeg}[kind](
        rng, size, lines
    )


# -- PDF -----------------------------------------------------------------------------


def make_pdf(rng: random.Random, size: int, lines: list[str]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(lines[0])
    for position, line in enumerate(lines):
        points = 16 if position == 0 else 11
        _draw_line(canvas, 60, 770 - 24 * position, points, line)
    canvas.showPage()
    canvas.save()
    return _pad_pdf(buffer.getvalue(), rng, size)


def _draw_line(canvas: Canvas, x: float, y: float, points: int, line: str) -> None:
    """Write a line; the marks of ă, ș and ț are drawn, as the font has none."""
    canvas.setFont("Helvetica", points)
    plain = "".join(_DRAWN.get(letter, letter) for letter in line)
    canvas.drawString(x, y, plain)
    for position, letter in enumerate(line):
        if letter not in _DRAWN:
            continue
        left = x + canvas.stringWidth(plain[:position], "Helvetica", points)
        middle = left + canvas.stringWidth(plain[position], "Helvetica", points) / 2
        if letter in "ăĂ":
            top = y + points * (0.58 if letter == "ă" else 0.76)
            half, height = points * 0.13, points * 0.13
            canvas.arc(middle - half, top, middle + half, top + height, 180, 180)
        else:
            canvas.setFont("Helvetica", points * 0.6)
            canvas.drawString(middle - points * 0.08, y - points * 0.22, ",")
            canvas.setFont("Helvetica", points)


def _pad_pdf(content: bytes, rng: random.Random, size: int) -> bytes:
    """Append an incremental update holding one unused stream of random bytes."""
    trailer = re.search(rb"/Root (\d+ 0 R).*?/Size (\d+)", content, re.DOTALL)
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", content)
    if not trailer or not start:
        message = "The PDF writer changed its trailer."
        raise ValueError(message)
    number = int(trailer.group(2))
    length = max(16, size - len(content) - 300)
    head = b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, length)
    stream = head + rng.randbytes(length) + b"\nendstream\nendobj\n"
    offset = len(content)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, offset)
    end = b"trailer\n<< /Size %d /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        number + 1,
        trailer.group(1),
        start.group(1),
        offset + len(stream),
    )
    return content + stream + table + end


# -- DOCX ----------------------------------------------------------------------------


@cache
def _docx_template() -> tuple[bytes, bytes]:
    """Return a packed document without its text, and the text part with a mark.

    Packing the styles again for each file would cost most of the time.
    """
    document = Document()
    document.add_paragraph("@@TEXT@@")
    plain, packed = io.BytesIO(), io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(packed, "w") as target:
        text = source.read("word/document.xml")
        for name in source.namelist():
            content = source.read(name)
            if name == "_rels/.rels":
                content = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
            elif name == "[Content_Types].xml":
                default = b'<Default Extension="bin" ContentType="%s"/>' % BINARY
                content = content.replace(b"<Default", default + b"<Default", 1)
            if name != "word/document.xml" and "thumbnail" not in name:
                target.writestr(_entry(name), content)
    return packed.getvalue(), text


def make_docx(rng: random.Random, size: int, lines: list[str]) -> bytes:
    packed, text = _docx_template()
    breaks = '</w:t><w:br/><w:t xml:space="preserve">'
    written = breaks.join(_escaped(line) for line in lines).encode()
    buffer = io.BytesIO(packed)
    with zipfile.ZipFile(buffer, "a") as target:
        target.writestr(_entry("word/document.xml"), text.replace(b"@@TEXT@@", written))
        content = rng.randbytes(max(16, size - len(packed) - 2000))
        target.writestr(_entry("word/media/scan.bin"), content, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry with a fixed date, so that the same seed gives the same bytes."""
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# -- JPEG ----------------------------------------------------------------------------


@cache
def _photo(variant: int) -> bytes:
    """Return one of a few pictures: a sheet of paper with lines on a desk."""
    rng = random.Random(variant)
    desk = tuple(rng.randint(60, 150) for _ in range(3))
    image = Image.new("RGB", (420, 560), desk)
    draw = ImageDraw.Draw(image)
    corner = (rng.randint(12, 40), rng.randint(12, 40))
    draw.polygon([corner, (396, 30), (390, 530), (26, 520)], fill=(246, 243, 232))
    for y in range(80, 490, 17):
        draw.line((60, y, rng.randint(190, 360), y), fill=(70, 70, 80), width=3)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def make_jpeg(rng: random.Random, size: int, lines: list[str]) -> bytes:
    """Return a photograph, with a comment and enough application data."""
    base = _photo(rng.randint(1, 6))
    segments = [_segment(0xFE, " | ".join(lines).encode()[:60000])]
    left = size - len(base) - len(segments[0])
    while left > 4:
        length = min(65000, left - 4)
        segments.append(_segment(0xEF, rng.randbytes(length)))
        left -= length + 4
    # After the start marker and the JFIF header, which must stay first.
    header = 4 + int.from_bytes(base[4:6], "big")
    return base[:header] + b"".join(segments) + base[header:]


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content
