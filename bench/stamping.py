"""Stamping a 20-page PDF, beside the bare library call that lays the same overlay on.

    stamp    our whole act: draw the stamp with its QR, put it on all pages, write
    merge    what the library's manual says: `page.merge_page(overlay)` on each page,
             write; the overlay is ready beforehand
    copy     the floor: the library reads the file and writes it, nothing laid on

All three run in this process, in random order; times are processor seconds, ratios
medians over the rounds. Goal: stamp <= 1.5 x merge. The stamped pages are read back:
each must show the number and its own text.
"""

import argparse
import io
import random
import statistics
import sys
import time
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from stack.paths import ODOO_PYTHON, odoo_program  # noqa: E402

PAGES, NUMBER = 20, "Nr. 12345/21.11.2026"


def kernel():
    """Import the stamp's drawing without Odoo."""
    package = types.ModuleType("registry")
    package.__path__ = [str(ROOT / "addons" / "pcu_registry")]
    sys.modules["registry"] = package
    from registry import stamping

    return stamping


def fonts() -> tuple[str, str]:
    folder = next(
        Path(odoo_program()).parents[1].glob("lib/**/web/static/fonts/google/Open_Sans")
    )
    return tuple(str(folder / f"Open_Sans-{kind}.ttf") for kind in ("Regular", "Bold"))


def make_document() -> bytes:
    """Write a document as people send it: pages full of text."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(1, PAGES + 1):
        canvas.drawString(40, 800, f"Pagina {page}")
        for line in range(48):
            canvas.drawString(40, 780 - 15 * line, f"{line} cerere certificat " * 4)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def ways(stamping, document: bytes) -> dict:
    from pypdf import PdfReader, PdfWriter

    stamp = stamping.Stamp(
        "Primăria Țânțăreni", "INTRARE", NUMBER, "Ziua 21 Luna 11 Anul 2026",
        "file: 20", "URB", "14399840 RG 12345/21.11.2026",
    )  # fmt: skip
    overlay = stamping.draw_stamp(stamp, fonts())

    def write(writer) -> bytes:
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def merge() -> bytes:
        writer = PdfWriter(clone_from=io.BytesIO(document))
        page_of_stamp = PdfReader(io.BytesIO(overlay)).pages[0]
        for page in writer.pages:
            page.merge_page(page_of_stamp)
        return write(writer)

    return {
        "stamp": lambda: stamping.stamp_pdf(document, stamp, fonts()).content,
        "merge": merge,
        "copy": lambda: write(PdfWriter(clone_from=io.BytesIO(document))),
    }


def measure(calls: dict, rounds: int) -> dict:
    found = {name: [] for name in calls}
    for number in range(rounds):
        for name in random.Random(number).sample(list(calls), len(calls)):
            began = time.process_time()
            calls[name]()
            found[name].append(time.process_time() - began)
    return found


def count_wrong(content: bytes) -> int:
    """Count the pages that don't show both the number and their own text."""
    from pypdf import PdfReader

    texts = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return abs(len(texts) - PAGES) + sum(
        NUMBER not in text or f"Pagina {page}" not in text
        for page, text in enumerate(texts, start=1)
    )


def verdict(found: dict, grown: int, wrong: int) -> int:
    for name, times in found.items():
        print(f"{name:8}{1000 * statistics.median(times):9.1f} ms")
    print(f"bytes added by the stamp: {grown}")
    ratios = [
        ours / bare for ours, bare in zip(found["stamp"], found["merge"], strict=True)
    ]
    middle = statistics.median(ratios)
    missed = 0
    for label, value, goal in (
        ("stamp / merge", middle, 1.5),
        ("pages shown wrongly", wrong, 0),
    ):
        good = value <= goal
        missed += not good
        print(f"{'ok' if good else 'MISSED':8}{label:24}{value:7.2f}  goal <= {goal}")
    print(f"        min–max of the ratio    {min(ratios):.2f}–{max(ratios):.2f}")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    stamping = kernel()
    document = make_document()
    calls = ways(stamping, document)
    stamped = calls["stamp"]()  # fonts are read from now on
    found = measure(calls, options.rounds)
    grown = len(stamped) - len(calls["copy"]())
    return 1 if verdict(found, grown, count_wrong(stamped)) else 0


if __name__ == "__main__":
    if Path(sys.prefix).resolve() != ODOO_PYTHON.parents[1].resolve():
        # The library is in Odoo's environment, not in the tools'.
        import os

        os.execv(ODOO_PYTHON, [str(ODOO_PYTHON), *sys.argv])  # noqa: S606
    sys.exit(main())
