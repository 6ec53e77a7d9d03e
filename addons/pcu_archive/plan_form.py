"""Reading the legal form of the file plan from a table; pure, no ``env``.

Columns (Order 217/1996, Annex 1): *Direcția, Serviciile, Denumirea dosarului, Termenul
de păstrare, Observații*. In the first three the sign of the code stands before the
name ("I. Direcția economică", "A. Buget", "1. Bugetul anual"). Merged cells arrive
empty: direction and service hold until the next one is named. A sheet with a column
*Indicativ* instead has the whole code there.
"""

import csv
import io
import re
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

from odoo.addons.pcu_base.romania import comma_below
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from . import classification_codes as codes
from . import retention

MAX_ROWS = 5000
MAX_UNPACKED = 50 * 1024 * 1024
#: How each column may be headed, without diacritics.
HEADINGS = {
    "direction": ("directia", "directii", "directia (serviciul)"),
    "service": ("serviciile", "serviciul", "compartimentul", "serviciul (biroul)"),
    "name": ("denumirea dosarului", "continutul", "continutul pe scurt"),
    "term": ("termenul de pastrare", "termen de pastrare", "termen"),
    "note": ("observatii", "obs", "obs."),
    "code": ("indicativ", "indicativul", "cod"),
}
NEEDED = ("name", "term")
_DIRECTION = re.compile(r"\s*([IVXL]+)\s*(?:[.)/–—-]\s*(.*)|)", re.DOTALL)
_SERVICE = re.compile(r"\s*([A-Z]{1,2})\s*(?:[.)/–—-]\s*(.*)|)", re.DOTALL)
_FILE = re.compile(r"\s*(\d{1,4})\s*[.)/–—-]\s*(.+)", re.DOTALL)


class FormError(ValueError):
    """The file can't be read at all: "type", "damaged", "headings", "long", "empty"."""


@dataclass
class Line:
    """One row of the form; ``problem`` names what is wrong with it, if something is."""

    row: int
    code: str = ""
    direction_name: str = ""
    service_name: str = ""
    name: str = ""
    term: str = ""
    note: str = ""
    problem: str = ""


def read(content: bytes, filename: str = "") -> list[Line]:
    """Read a plan from an XLSX or CSV file.

    :raise FormError: when the file as a whole is unusable
    """
    rows = _rows(content, filename)
    for index, row in enumerate(rows):
        if columns := _columns(row):
            return _lines(rows[index + 1 :], columns, first=index + 2)
    raise FormError("headings" if any(map(any, rows)) else "empty")


def _rows(content: bytes, filename: str) -> list[list[str]]:
    if content[:2] == b"PK":
        return _xlsx_rows(content)
    if filename.lower().endswith((".xlsx", ".xls", ".pdf", ".doc", ".docx")):
        raise FormError("type")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on an older Romanian Windows.
        text = content.decode("cp1250", "replace")
    if "\x00" in text:
        raise FormError("type")
    separator = ";" if text.count(";") > text.count(",") else ","
    rows = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            _keep(rows, row)
    except csv.Error as exc:
        raise FormError("damaged") from exc
    return rows


def _xlsx_rows(content: bytes) -> list[list[str]]:
    rows = []
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise FormError("long")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True, max_col=12):
            _keep(rows, row)
    except FormError:
        raise
    except (InvalidFileException, BadZipFile, KeyError, ValueError, IndexError,
            TypeError, AttributeError, SyntaxError) as exc:  # fmt: skip
        # openpyxl meets damaged files with all of these.
        raise FormError("damaged") from exc
    return rows


def _keep(rows, row):
    if len(rows) > MAX_ROWS:
        raise FormError("long")
    rows.append([_text(value) for value in row])


def _text(value) -> str:
    return "" if value is None else " ".join(comma_below(str(value)).split())


def _columns(row) -> dict[str, int]:
    """Find the columns if this row is the head of the form.

    >>> _columns(["Direcția", "Serviciile", "Denumirea dosarului (conținut pe scurt)",
    ...           "Termenul de păstrare", "Observații"])["name"]
    2
    >>> _columns(["Nomenclator arhivistic"])
    {}
    """
    found = {}
    for index, cell in enumerate(row):
        plain = retention.fold(cell)
        for key, headings in HEADINGS.items():
            if key not in found and plain.startswith(headings) and len(plain) < 60:
                found[key] = index
                break
    complete = all(key in found for key in NEEDED)
    coded = "code" in found or {"direction", "service"} <= found.keys()
    return found if complete and coded else {}


def _lines(rows, columns, first) -> list[Line]:
    lines, seen, place = [], {}, _Place()
    for number, row in enumerate(rows, first):
        if not any(row):
            continue
        cells = {k: row[i] if i < len(row) else "" for k, i in columns.items()}
        line = place.line(number, cells)
        if line.problem or not _is_heading(line):
            _check(line, seen)
            lines.append(line)
    if not lines:
        raise FormError("empty")
    return lines


def _is_heading(line) -> bool:
    """Tell rows that only name a direction or a service."""
    return not line.name and not line.term


class _Place:
    """Where in the plan we are while going down the rows."""

    def __init__(self):
        self.direction = self.service = ("", "")
        self.number = 0

    def line(self, row, cells) -> Line:
        line = Line(row=row, term=cells["term"], note=cells.get("note", ""))
        if cells.get("code"):
            line.code = cells["code"]
            line.name = cells["name"]
            line.direction_name = cells.get("direction", "")
            line.service_name = cells.get("service", "")
            return line
        line.problem = self._move(cells)
        found = _FILE.fullmatch(cells["name"])
        if cells["name"]:
            self.number = int(found[1]) if found else self.number + 1
        line.name = (found[2] if found else cells["name"]).strip()
        line.direction_name, line.service_name = self.direction[1], self.service[1]
        if not line.problem:
            line.code = f"{self.direction[0]}/{self.service[0]}/{self.number}"
        return line

    def _move(self, cells) -> str:
        """Take over a new direction or service; say what is wrong with it."""
        for key, pattern in (("direction", _DIRECTION), ("service", _SERVICE)):
            if not (text := cells.get(key, "")):
                continue
            found = pattern.fullmatch(text)
            if not found:
                return key
            new = (found[1], (found[2] or "").strip())
            if new[0] != getattr(self, key)[0]:
                self.number = 0
                if key == "direction":
                    self.service = ("", "")
            setattr(self, key, new)
        return "" if self.direction[0] and self.service[0] else "place"


def _check(line, seen) -> None:
    """Say the first thing that is wrong with a line."""
    if line.problem:
        return
    try:
        code = codes.parse(line.code)
    except codes.CodeError as exc:
        line.problem = f"code_{exc}"
        return
    line.code = str(code)
    if line.code in seen:
        line.problem = "twice"
    elif not line.name:
        line.problem = "name"
    else:
        try:
            retention.parse(line.term)
        except retention.TermError:
            line.problem = "term"
    seen.setdefault(line.code, line.row)
