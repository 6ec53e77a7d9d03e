"""Asking the page worker, within limits of time and memory; pure, no ``env``."""

import json
import logging
import mmap
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from odoo.addons.pcu_base.romania import comma_below

_logger = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("page_worker.py")

PASSWORD, DAMAGED, EMPTY, TOO_LONG, MEMORY_USED, NO_TESSERACT, NO_LANGUAGE = (
    "password", "damaged", "empty", "too_long", "memory", "no_tesseract",
    "no_language",
)  # fmt: skip

_SIGNED = re.compile(rb"/ByteRange\s*\[")


class PagesError(ValueError):
    """The pages can't be worked on; the text is one of the codes above."""


def is_signed(path: str) -> bool:
    """Tell whether a PDF carries a signature; nothing is loaded whole."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return bool(_SIGNED.search(content))


def can_recognise(language: str) -> bool:
    """Tell whether Tesseract and the data of a language are there."""
    if not shutil.which("tesseract"):
        return False
    done = subprocess.run(
        ["tesseract", "--list-langs"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return language in done.stdout.split()


def count_pages(path: str, seconds: float = 60) -> int:
    """Return how many pages a PDF or picture has.

    :raise PagesError: password, damaged, empty, too_long
    """
    return next(_run(["inspect", path], seconds))["pages"]


def find_marks(
    path: str, first: int, last: int, mark: str, seconds: float
) -> Iterator[tuple[int, bool]]:
    """Yield each page from first to last (not included) and whether it has the mark."""
    for fact in _run(["marks", path, str(first), str(last), mark], seconds):
        yield fact["page"], fact["mark"]


def read_texts(
    path: str, first: int, last: int, language: str, seconds: float
) -> Iterator[tuple[int, str]]:
    """Yield each page from first to last (not included) with its text."""
    for fact in _run(["text", path, str(first), str(last), language], seconds):
        # Tesseract writes Romanian letters with the cedilla of old keyboards.
        yield fact["page"], comma_below(fact["text"])


def draw(path: str, first: int, last: int, folder: str, seconds: float = 60) -> None:
    """Draw small pictures of pages as ``<number>.png`` in a folder."""
    for _fact in _run(["pictures", path, str(first), str(last), folder], seconds):
        pass


def assemble(
    files: list[str],
    parts: list[tuple[str, list[tuple[int, int, int]]]],
    seconds: float = 300,
) -> None:
    """Write new PDFs of pages of others; the others are only read.

    :param parts: for each new file its path, and its pages as ``(place of the file in
        files, page counted from 0, degrees to turn clockwise)``
    :raise PagesError: as ``count_pages``
    """
    plan = {
        "files": files,
        "parts": [{"target": target, "pages": pages} for target, pages in parts],
    }
    written = [fact["target"] for fact in _run(["assemble"], seconds, plan)]
    if len(written) != len(parts):
        raise PagesError(DAMAGED)


def _run(arguments: list[str], seconds: float, plan: dict | None = None):
    """Start the worker and yield what it says.

    A worker that dies (a crash on a hostile file, the limits of the system) counts as
    a damaged file: what it had said until then stands.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", str(WORKER), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=_environment(), text=True,
    )  # fmt: skip
    timed_out = threading.Event()

    def stop():
        timed_out.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        if plan is not None:
            process.stdin.write(json.dumps(plan))
        process.stdin.close()
        for line in process.stdout:
            fact = json.loads(line)
            if problem := fact.get("problem"):
                raise PagesError(problem)
            yield fact
        code = process.wait()
    except BrokenPipeError:
        code = process.wait()
    finally:
        timer.cancel()
        process.kill()
        complaint = process.stderr.read()
        for pipe in (process.stdout, process.stderr):
            pipe.close()
        process.wait()
    if timed_out.is_set():
        raise PagesError(TOO_LONG)
    if code:
        _logger.info("Page worker ended with %s: %s", code, complaint[-500:])
        raise PagesError(MEMORY_USED if "MemoryError" in complaint else DAMAGED)


def _environment() -> dict[str, str]:
    """Return what the worker may know: no database, no passwords; one thread."""
    kept = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "TMPDIR", "HOME")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "OMP_THREAD_LIMIT": "1",
        "PYTHONIOENCODING": "utf-8",
    }
