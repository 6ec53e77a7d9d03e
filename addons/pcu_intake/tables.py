"""Reading tables row by row, whatever their size; pure, no ``env``.

CSV, XLSX and ODS come out as the same thing: rows of text, numbers and dates. Nothing
is held but the row at hand (XLSX keeps its table of shared texts), so a hundred
thousand rows cost no more memory than a hundred. A file that would unpack to more than
it can honestly hold is refused before it is read.
"""

import csv
import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

CSV, XLSX, ODS = "csv", "xlsx", "ods"
UNKNOWN_TYPE, DAMAGED, TOO_BIG, EMPTY, PASSWORD = (
    "unknown_type", "damaged", "too_big", "empty", "password",
)  # fmt: skip

Cell = str | int | float | date | datetime | None
Row = list[Cell]

MAX_UNPACKED = 2 * 1024**3
"""A register of a million rows unpacks to about a third of it."""
MAX_COLUMNS = 200
MAX_CELL = 20_000
_SAMPLE = 64 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OLE = b"\xd0\xcf\x11\xe0"

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class TableError(ValueError):
    """The file can't be read as a table; the text is one of the codes above."""


def kind_of(path: str) -> str:
    """Tell what kind of table a file is by its content.

    :raise TableError: when it is none, or locked with a password
    """
    with open(path, "rb") as file:
        head = file.read(_SAMPLE)
    if not head.strip():
        raise TableError(EMPTY)
    if head.startswith(_OLE):
        # Excel wraps a locked workbook, and the workbooks of before 2007, in this.
        raise TableError(PASSWORD)
    if head.startswith(b"PK"):
        return _kind_of_zip(path)
    if b"\x00" in head and not head.startswith(_UTF16):
        raise TableError(UNKNOWN_TYPE)
    return CSV


def read_rows(path: str) -> Iterator[Row]:
    """Yield the rows of a table, the first sheet of a workbook.

    Rows keep their place: an empty one comes as an empty list.

    :raise TableError: when the file is not a table, or ends being one on the way
    """
    kind = kind_of(path)
    reader = {CSV: _read_csv, XLSX: _read_xlsx, ODS: _read_ods}[kind]
    try:
        for row in reader(path):
            yield _trim(row)
    except TableError:
        raise
    except (csv.Error, zipfile.BadZipFile, etree.XMLSyntaxError, InvalidFileException,
            KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError,
            OSError, NotImplementedError) as exc:  # fmt: skip
        # The readers meet damaged files with all of these.
        raise TableError(DAMAGED) from exc


def as_text(cell: Cell) -> str:
    """Write a cell as a person reads it.

    >>> as_text(1234.0), as_text(date(2024, 3, 1)), as_text("  a  b "), as_text(None)
    ('1234', '01.03.2024', 'a b', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return " ".join(str(cell).replace("\x00", "").split())[:MAX_CELL]


def write_plain(path: str, target: str) -> int:
    """Write a table's lines so that reading can begin at any of them.

    A workbook can only be read from its beginning, and that takes long; what is read a
    part at a time is therefore brought into this form first. The titles and empty rows
    are left out, each line knows its place in the table.

    :return: how many lines there are
    :raise TableError: when the file is no table, or ends being one on the way
    """
    count = 0
    rows = enumerate(read_rows(path), 1)
    _titles = next((row for _number, row in rows if row), None)
    with open(target, "w", encoding="utf-8") as file:
        for number, row in rows:
            if row:
                json.dump([number, list(map(_plain_cell, row))], file)
                file.write("\n")
                count += 1
    return count


def read_plain(path: str, place: int, most: int) -> tuple[list[tuple[int, Row]], int]:
    """Read lines that ``write_plain`` wrote.

    :param place: 0, or where the last call ended
    :param most: how many lines at most
    :return: each line with its number in the table, and where the next one begins
    """
    with open(path, "rb") as file:
        file.seek(place)
        lines = list(itertools.islice(file, most))
    numbered = [tuple(json.loads(line)) for line in lines]
    return numbered, place + sum(map(len, lines))


def _plain_cell(cell: Cell) -> Cell:
    """Keep numbers, which may be a spreadsheet's dates; the rest as it is read."""
    return cell if isinstance(cell, int | float) else as_text(cell)


def write_csv(rows: list[list[str]]) -> bytes:
    """Write rows as a CSV that spreadsheets open as it is.

    A cell that a spreadsheet would run as a formula is made harmless.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula.

    >>> _harmless("=CMD()"), _harmless("-5"), _harmless("12/3")
    ("'=CMD()", "'-5", '12/3')
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _trim(row) -> Row:
    cells = list(itertools.islice(row, MAX_COLUMNS))
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells


# ---------------------------------------------------------------------- CSV


def _read_csv(path: str) -> Iterator[Row]:
    encoding = _encoding_of(path)
    with open(path, encoding=encoding, errors="replace", newline="") as file:
        delimiter = _delimiter_of(file.read(_SAMPLE))
        file.seek(0)
        # NUL would end the reader; a field without an end would swallow the file.
        csv.field_size_limit(MAX_CELL * 10)
        lines = (line.replace("\x00", "") for line in file)
        yield from csv.reader(lines, delimiter=delimiter)


def _encoding_of(path: str) -> str:
    """Return UTF-8 if the whole file is, else what old Romanian programs wrote."""
    with open(path, "rb") as file:
        head = file.read(2)
    if head in _UTF16:
        return "utf-16"
    try:
        with open(path, encoding="utf-8-sig") as file:
            while file.read(1024 * 1024):
                pass
    except UnicodeDecodeError:
        return "cp1250"
    return "utf-8-sig"


def _delimiter_of(sample: str) -> str:
    r"""Return the sign that stands most often in the first line.

    >>> _delimiter_of("nr;data;\"a, b\"\n1;2;3")
    ';'
    >>> _delimiter_of("nr\tdata")
    '\t'
    """
    line = next((each for each in sample.splitlines() if each.strip()), "")
    return max(";\t,|", key=line.count)


# ---------------------------------------------------------------------- workbooks


def _kind_of_zip(path: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            files = {info.filename: info for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise TableError(DAMAGED) from exc
    if sum(info.file_size for info in files.values()) > MAX_UNPACKED:
        raise TableError(TOO_BIG)
    if "xl/workbook.xml" in files:
        return XLSX
    if "content.xml" in files:
        return ODS
    raise TableError(UNKNOWN_TYPE)


def _read_xlsx(path: str) -> Iterator[Row]:
    # By its path the library would judge it by the ending, which no stored file has.
    with open(path, "rb") as file:
        book = openpyxl.load_workbook(
            file, read_only=True, data_only=True, keep_links=False
        )
        try:
            sheet = book.worksheets[0]
            # What the file says about its size may be wrong; read what is there.
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()


def _read_ods(path: str) -> Iterator[Row]:
    """Walk the content as a stream; odfpy would hold all of it.

    An encrypted document has the same names inside and no XML in them.
    """
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        events = etree.iterparse(
            content,
            events=("start", "end"),
            tag=(f"{_TABLE}table", f"{_TABLE}table-row"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        empty_rows = 0
        for event, element in events:
            if element.tag == f"{_TABLE}table":
                if event == "end":
                    return
                continue
            if event == "start":
                continue
            row = _trim(_ods_cells(element))
            times = int(element.get(f"{_TABLE}number-rows-repeated", 1))
            _forget(element)
            if not row:
                # LibreOffice ends a sheet with a million empty rows in one element.
                empty_rows += times
                continue
            for _each in range(empty_rows):
                yield []
            empty_rows = 0
            for _each in range(times):
                yield row


def _forget(element) -> None:
    """Let go of a row that has been read, and of its place in the tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def _ods_cells(row) -> Iterator[Cell]:
    count = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        value = _ods_value(cell)
        for _each in range(min(times, MAX_COLUMNS - count)):
            yield value
        count += times
        if count >= MAX_COLUMNS:
            return


def _ods_value(cell) -> Cell:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "date":
        return datetime.fromisoformat(cell.get(f"{_OFFICE}date-value")[:19])
    if kind in ("float", "currency", "percentage"):
        return float(cell.get(f"{_OFFICE}value"))
    return "\n".join(
        "".join(part.itertext()) for part in cell.iterchildren(f"{_TEXT}p")
    )
