"""Work on the pages of a PDF or picture, as a program of its own.

PDFium is neither safe in threads nor on hostile files, and recognition takes memory and
time: so nothing of it happens in the server. ``pages.py`` starts this program and reads
what it writes, one JSON object a line; it limits itself before it opens anything, and
Tesseract with it. It knows nothing of Odoo.

    page_worker.py inspect FILE
    page_worker.py marks FILE FIRST LAST MARK
    page_worker.py text FILE FIRST LAST LANGUAGE
    page_worker.py pictures FILE FIRST LAST FOLDER
    page_worker.py assemble            (reads a JSON plan from standard input)
"""

import json
import os
import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

Image.MAX_IMAGE_PIXELS = 200_000_000

MEMORY = 1536 * 1024**2
CPU_SECONDS = 900
MARK_SCALE = 100 / 72
TEXT_SCALE = 250 / 72
PICTURE_SCALE = 24 / 72
MAX_SIDE = 6000
"""Pixels; a plan of ten metres is rendered smaller, not refused."""
ENOUGH_LETTERS = 20
"""A page with a text of its own isn't recognised; a page number isn't a text."""
PAGE_SECONDS = 90
PASSWORD_ERROR = 4
"""FPDF_ERR_PASSWORD"""


class ProblemError(Exception):
    """What the caller should be told, as a code."""


def say(**fact):
    """Write one answer."""
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def limit():
    """Take no more memory and time than pages may need; be polite to the server."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


def open_pdf(path):
    """Open a PDF.

    :raise ProblemError: password, damaged, empty
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as exc:
        locked = "password" in str(exc).lower() or (
            getattr(exc, "err_code", None) == PASSWORD_ERROR
        )
        raise ProblemError("password" if locked else "damaged") from exc
    if not len(document):
        raise ProblemError("empty")
    return document


def render(page, scale):
    """Draw a page in grey, within the largest side."""
    longest = max(page.get_size()) or 1
    scale = min(scale, MAX_SIDE / longest)
    return page.render(scale=scale, grayscale=True).to_pil()


def is_picture(path):
    with open(path, "rb") as file:
        return not file.read(1024).lstrip().startswith(b"%PDF")


def inspect(path):
    """Say how many pages there are."""
    if not Path(path).stat().st_size:
        raise ProblemError("empty")
    if is_picture(path):
        with Image.open(path) as image:
            image.verify()
        say(pages=1)
    else:
        say(pages=len(open_pdf(path)))


def marks(path, first, last, mark):
    """Say of each page whether it is a separator sheet."""
    document = open_pdf(path)
    for number in range(int(first), min(int(last), len(document))):
        page = document[number]
        image = render(page, MARK_SCALE)
        codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
        page.close()
        say(page=number, mark=any(code.text.strip() == mark for code in codes))


def text(path, first, last, language):
    """Say what stands on each page: its own text, or the recognised one."""
    if is_picture(path):
        with Image.open(path) as image:
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            say(page=0, text=recognise(image.convert("L"), language))
        return
    document = open_pdf(path)
    for number in range(int(first), min(int(last), len(document))):
        page = document[number]
        layer = page.get_textpage()
        own = layer.get_text_range()
        layer.close()
        if sum(c.isalnum() for c in own) < ENOUGH_LETTERS:
            own = recognise(render(page, TEXT_SCALE), language)
        page.close()
        say(page=number, text=own)


def recognise(image, language):
    """Let Tesseract read one page; an unreadable page is an empty one."""
    try:
        done = subprocess.run(
            ["tesseract", "-", "-", "-l", language, "--psm", "1"],
            input=as_png(image), capture_output=True, timeout=PAGE_SECONDS, check=True,
        )  # fmt: skip
    except FileNotFoundError as exc:
        raise ProblemError("no_tesseract") from exc
    except subprocess.TimeoutExpired:
        return ""
    except subprocess.CalledProcessError as exc:
        if b"Failed loading language" in exc.stderr:
            raise ProblemError("no_language") from exc
        return ""
    return done.stdout.decode("utf-8", "replace")


def as_png(image):
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def pictures(path, first, last, folder):
    """Draw small pictures of pages, to be looked at."""
    document = open_pdf(path)
    for number in range(int(first), min(int(last), len(document))):
        page = document[number]
        target = Path(folder) / f"{number}.png"
        target.write_bytes(as_png(render(page, PICTURE_SCALE)))
        page.close()
        say(page=number)


def assemble():
    """Write new PDFs of pages of others.

    The plan: ``{"files": [path, …], "parts": [{"target": path, "pages": [[file, page,
    turn], …]}, …]}``; the turn is added to the page's own, in degrees clockwise.
    """
    plan = json.load(sys.stdin)
    sources = [open_pdf(path) for path in plan["files"]]
    for part in plan["parts"]:
        target = pdfium.PdfDocument.new()
        for file, page, turn in part["pages"]:
            if not 0 <= page < len(sources[file]):
                raise ProblemError("no_such_page")
            target.import_pages(sources[file], [page])
            if turn:
                last = target[len(target) - 1]
                last.set_rotation((last.get_rotation() + turn) % 360)
                last.close()
        target.save(part["target"])
        target.close()
        say(target=part["target"])


COMMANDS = {
    "inspect": inspect,
    "marks": marks,
    "text": text,
    "pictures": pictures,
    "assemble": assemble,
}


def main(command, *arguments):
    limit()
    try:
        COMMANDS[command](*arguments)
    except ProblemError as exc:
        say(problem=str(exc))
    except (pdfium.PdfiumError, OSError, ValueError, MemoryError,
            Image.DecompressionBombError) as exc:  # fmt: skip
        sys.stderr.write(f"{exc}\n")
        say(problem="memory" if isinstance(exc, MemoryError) else "damaged")


if __name__ == "__main__":
    main(*sys.argv[1:])
