"""Sheets of requests and the documents behind them as one PDF to print.

PDFium reads files from outside, so it does it in a child process with limits. Run as a
program, this file reads a plan from a file and does it in order:

    print_bundle.py prepare PLAN    (each document becomes pages; says how many)
    print_bundle.py join PLAN       (the PDFs named in the plan become one)
"""

import json
import resource
import sys
from pathlib import Path

PDF, PICTURE = "pdf", "picture"
SECONDS = 120
MEMORY = 1536 * 1024**2
#: Pages that one document may add, and the sides of a picture that a printer shows.
MAX_PAGES = 200
PIXELS = (2000, 2800)
MARGIN = 28


class BundleError(Exception):
    """The documents could not be brought together."""


def prepare(folder: str, documents: list[tuple[str, str]]) -> list[int]:
    """Make a PDF of each document in a folder, ``0.pdf`` for the first.

    :param documents: the path and the kind of each
    :return: the number of pages of each; 0 for what can't be printed
    """
    return json.loads(_run("prepare", folder, documents))


def join(folder: str, paths: list[str]) -> bytes:
    """Return PDFs of our own as one, in their order."""
    _run("join", folder, paths)
    return (Path(folder) / "bundle.pdf").read_bytes()


def _run(act: str, folder: str, what: list) -> bytes:
    from odoo.addons.pcu_base import limited_child

    plan = Path(folder) / "plan.json"
    plan.write_text(json.dumps(what))
    try:
        return limited_child.run(__file__, act, str(plan), seconds=2 * SECONDS)
    except limited_child.ChildError as error:
        raise BundleError(*error.args) from error


# ----------------------------------------------------------------------
# In the child
# ----------------------------------------------------------------------


def prepare_all(folder: Path, documents: list) -> list[int]:
    pages = []
    for number, (path, kind) in enumerate(documents):
        convert = copy_pdf if kind == PDF else draw_picture
        try:
            pages.append(convert(path, folder / f"{number}.pdf"))
        except Exception as error:  # noqa: BLE001 - one broken file stops no other
            sys.stderr.write(f"{number}: {error!r}\n")
            pages.append(0)
    return pages


def copy_pdf(source: str, target: Path) -> int:
    """Copy the pages of a PDF with what stands on them, also in its forms."""
    import pypdfium2

    with pypdfium2.PdfDocument(source) as old, pypdfium2.PdfDocument.new() as new:
        if not 0 < len(old) <= MAX_PAGES:
            return 0
        new.import_pages(old)
        new.save(target)
        return len(new)


def draw_picture(source: str, target: Path) -> int:
    """Put each page of a picture onto a sheet of A4, upright or across."""
    from PIL import Image, ImageOps, ImageSequence
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    Image.MAX_IMAGE_PIXELS = 60_000_000
    canvas, pages = Canvas(str(target)), 0
    with Image.open(source) as picture:
        for frame in ImageSequence.Iterator(picture):
            if pages == MAX_PAGES:
                return 0
            drawn = ImageOps.exif_transpose(frame).convert("RGBA")
            drawn.thumbnail(PIXELS)
            paper = Image.new("RGB", drawn.size, "white")
            paper.paste(drawn, mask=drawn)
            across = drawn.width > drawn.height
            width, height = landscape(A4) if across else A4
            canvas.setPageSize((width, height))
            canvas.drawImage(
                ImageReader(paper), MARGIN, MARGIN, width - 2 * MARGIN,
                height - 2 * MARGIN, preserveAspectRatio=True,
            )  # fmt: skip
            canvas.showPage()
            pages += 1
            if picture.format == "GIF":
                break  # a moving picture is printed as it begins
    canvas.save()
    return pages


def join_all(folder: Path, paths: list[str]) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument.new() as bundle:
        for path in paths:
            with pypdfium2.PdfDocument(path) as part:
                bundle.import_pages(part)
        bundle.save(folder / "bundle.pdf")


def main(act: str, plan: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    folder, what = Path(plan).parent, json.loads(Path(plan).read_text())
    if act == "join":
        join_all(folder, what)
    else:
        sys.stdout.write(json.dumps(prepare_all(folder, what)))


if __name__ == "__main__":
    main(*sys.argv[1:])
