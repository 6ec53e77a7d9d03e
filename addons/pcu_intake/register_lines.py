"""Reading one line of an old register; pure, no ``env``.

A line is taken or refused with a code. Nothing is guessed: a date that can be read in
two ways or a number that isn't one goes back to whoever wrote the file.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from odoo.addons.pcu_base.romania import comma_below

from .tables import Cell, Row, as_text

NO_NUMBER, BAD_NUMBER, NO_DATE, BAD_DATE, FUTURE_DATE, BAD_COUNT, NO_SUMMARY = (
    "no_number", "bad_number", "no_date", "bad_date", "future_date", "bad_count",
    "no_summary",
)  # fmt: skip

TITLES = {
    "number": ("nr inregistrare", "numar inregistrare", "nr inreg", "nr crt", "numar",
               "nr", "numarul de inregistrare", "nr de inregistrare"),
    "registration_date": ("data inregistrarii", "data inregistrare", "data inreg",
                          "data"),
    "external_number": ("nr document", "numarul documentului",
                        "numarul documentului dat de emitent", "nr emitent",
                        "nr doc", "nr document emitent"),
    "external_date": ("data document", "data documentului", "data emitent",
                      "data documentului data de emitent", "data doc"),
    "page_count": ("file", "nr file", "numarul filelor", "numar file", "pagini",
                   "numarul filelor documentului"),
    "annex_count": ("anexe", "nr anexe", "numarul anexelor", "numar anexe"),
    "sender": ("emitent", "emitentul", "expeditor", "petent", "de la", "solicitant"),
    "summary": ("continut", "continutul documentului in rezumat", "rezumat", "obiect",
                "continutul", "continutul pe scurt", "continut pe scurt"),
    "department": ("compartiment", "compartimentul", "repartizat",
                   "compartimentul caruia i s a repartizat", "birou", "directia"),
    "sent_date": ("data expedierii", "data expediere", "expediat"),
    "resolution": ("modul rezolvarii", "mod rezolvare", "rezolvare", "solutie"),
    "recipient": ("destinatar", "destinatarul", "catre"),
    "connected": ("conexat", "conexat la", "nr conexare",
                  "nr de inregistrare al documentului la care se conexeaza"),
    "file_code": ("indicativ", "dosar", "indicativul dosarului", "indicativ dosar",
                  "indicativul dosarului dupa nomenclator"),
    "direction": ("sens", "directie", "tip", "intrare iesire"),
}  # fmt: skip
"""Fields of a line, and how old registers title them (legal columns first)."""

DIRECTIONS = {
    "intrare": "incoming", "intrat": "incoming", "i": "incoming", "in": "incoming",
    "iesire": "outgoing", "iesit": "outgoing", "e": "outgoing", "out": "outgoing",
    "intern": "internal", "din oficiu": "ex_officio",
}  # fmt: skip
MAX_NUMBER = 99_999_999
FIRST_YEAR = 1900

_NUMBER_AND_DATE = re.compile(r"(\d{1,8})\s*/\s*(\d{1,2}[./-]\d{1,2}[./-]\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_EXCEL_EPOCH = date(1899, 12, 30)


class RefusedLineError(ValueError):
    """The line can't be taken.

    :ivar code: why, one of the codes above
    :ivar value: the cell it is about
    """

    def __init__(self, code: str, value: Cell = None):
        super().__init__(code)
        self.code, self.value = code, as_text(value)


@dataclass
class Line:
    """One line of an old register, understood."""

    number: int
    day: date
    summary: str
    direction: str = "incoming"
    external_number: str = ""
    external_date: date | None = None
    page_count: int = 0
    annex_count: int = 0
    sender: str = ""
    recipient: str = ""
    department: str = ""
    sent_date: date | None = None
    resolution: str = ""
    connected: tuple[int, int] | None = None
    file_code: str = ""
    notes: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """Make titles comparable: no diacritics, case or signs.

    >>> plain("Nr. de înregistrare")
    'nr de inregistrare'
    """
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", text))


def guess_target(title: str) -> str | None:
    """Guess which field a column holds by its title.

    >>> guess_target("Nr. înreg."), guess_target("Emitentul"), guess_target("Culoare")
    ('number', 'sender', None)
    """
    key = plain(title)
    return next((name for name, known in TITLES.items() if key in known), None)


def read_line(row: Row, columns: dict[str, int], today: date) -> Line:
    """Understand one row.

    :param columns: the place of each field in the row; ``number`` is always there
    :param today: a registration can't be later
    :raise RefusedLineError: with why, and the cell that is to blame
    """

    def cell(name: str) -> Cell:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else None

    def words(name: str) -> str:
        return comma_below(as_text(cell(name)))

    number, day = _read_number(cell("number"), cell("registration_date"))
    if day > today:
        raise RefusedLineError(FUTURE_DATE, day)
    summary = words("summary")
    if not summary:
        raise RefusedLineError(NO_SUMMARY)
    line = Line(
        number, day, summary,
        external_number=words("external_number"),
        page_count=_read_count(cell("page_count")),
        annex_count=_read_count(cell("annex_count")),
        sender=words("sender"),
        recipient=words("recipient"),
        department=words("department"),
        resolution=words("resolution"),
        file_code=words("file_code"),
        external_date=_read_day_if_any(cell("external_date")),
        sent_date=_read_day_if_any(cell("sent_date")),
    )  # fmt: skip
    line.direction = _read_direction(words("direction"), line)
    _read_connected(words("connected"), line)
    return line


def _read_number(number: Cell, day: Cell) -> tuple[int, date]:
    text = as_text(number)
    if not text:
        raise RefusedLineError(NO_NUMBER)
    if both := _NUMBER_AND_DATE.fullmatch(text):
        text, day = both[1], day or both[2]
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MAX_NUMBER:
        raise RefusedLineError(BAD_NUMBER, number)
    if not as_text(day):
        raise RefusedLineError(NO_DATE)
    return int(text), read_day(day)


def _read_day_if_any(cell: Cell) -> date | None:
    return read_day(cell) if as_text(cell) else None


def read_day(cell: Cell) -> date:
    """Read a date as Romanians and spreadsheets write it.

    >>> read_day("1.3.2024"), read_day("2024-03-01"), read_day(45352)
    (datetime.date(2024, 3, 1), datetime.date(2024, 3, 1), datetime.date(2024, 3, 1))
    >>> read_day("31.02.2024")
    Traceback (most recent call last):
    ...
    odoo.addons.pcu_intake.register_lines.RefusedLineError: bad_date
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_text(cell)
    try:
        if found := _DAY_FIRST.fullmatch(text.partition(" ")[0]):
            day = date(int(found[3]), int(found[2]), int(found[1]))
        elif found := _YEAR_FIRST.fullmatch(text):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif isinstance(cell, int | float):
            day = _EXCEL_EPOCH + timedelta(days=int(cell))
        else:
            raise RefusedLineError(BAD_DATE, cell)
    except (ValueError, OverflowError) as exc:
        raise RefusedLineError(BAD_DATE, cell) from exc
    if day.year < FIRST_YEAR:
        raise RefusedLineError(BAD_DATE, cell)
    return day


def _read_count(cell: Cell) -> int:
    text = as_text(cell)
    if not text or text == "-":
        return 0
    if not text.isascii() or not text.isdigit() or int(text) > 1_000_000:
        raise RefusedLineError(BAD_COUNT, cell)
    return int(text)


def _read_direction(text: str, line: Line) -> str:
    if text:
        if found := DIRECTIONS.get(plain(text)):
            return found
        line.notes.append(text)
    return "outgoing" if line.recipient and not line.sender else "incoming"


def _read_connected(text: str, line: Line) -> None:
    """Find the number and year the line is connected to; keep other words."""
    if not text:
        return
    if both := _NUMBER_AND_DATE.fullmatch(text):
        line.connected = (int(both[1]), int(both[2][-4:]))
    elif text.isascii() and text.isdigit() and int(text) <= MAX_NUMBER:
        line.connected = (int(text), line.day.year)
    else:
        line.notes.append(text)
