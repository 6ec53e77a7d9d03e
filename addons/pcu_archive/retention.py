"""How long files are kept; pure, no ``env``.

The plan says a number of years, *permanent*, or years from an event ("5 ani de la
încetare"); *C.S.* behind a term leaves the last word to the selection commission
(Law 16/1996; Order 217/1996, Annex 1).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

YEARS, PERMANENT, EVENT = "years", "permanent", "event"
MAX_YEARS = 150
# Handed over in the second year after the one in which the file was constituted.
HANDOVER_AFTER = 2

_TERM = re.compile(
    r"(?P<years>\d{1,3})\s*(?:de\s+)?(?:ani|an)?\b\.?\s*"
    r"(?:(?:de la|de la data|dupa)\s+(?P<event>.+?))?\s*(?P<review>\(?c\.?\s?s\.?\)?)?"
)


class TermError(ValueError):
    """The text is no retention term."""


@dataclass(frozen=True)
class Term:
    """A retention term; ``review`` means that the commission may keep it longer."""

    kind: str
    years: int = 0
    event: str = ""
    review: bool = False


def parse(text: str) -> Term:
    """Read a term as plans write it.

    :raise TermError: when it is none

    >>> parse("Permanent").kind, parse("p").kind
    ('permanent', 'permanent')
    >>> parse("10 ani C.S.")
    Term(kind='years', years=10, event='', review=True)
    >>> parse("5 ani de la încetarea dreptului")
    Term(kind='event', years=5, event='încetarea dreptului', review=False)
    >>> parse("cât timp e nevoie")
    Traceback (most recent call last):
    ...
    pcu_archive.retention.TermError: cât timp e nevoie
    """
    text = " ".join((text or "").split())
    plain = fold(text)
    if plain.rstrip(".") in ("p", "permanent", "permanenta"):
        return Term(PERMANENT)
    found = _TERM.fullmatch(plain)
    if not found or not 0 < int(found["years"]) <= MAX_YEARS:
        raise TermError(text)
    review = bool(found["review"])
    if found["event"]:
        # Folding keeps every letter's place, so the words keep their diacritics.
        event = text[slice(*found.span("event"))]
        return Term(EVENT, int(found["years"]), event, review)
    return Term(YEARS, int(found["years"]), review=review)


def fold(text: str) -> str:
    """Give the text in lower case without diacritics, letter by letter.

    >>> fold("Direcția Încetării")
    'directia incetarii'
    """
    return "".join(unicodedata.normalize("NFD", c)[0] for c in text).lower()


def ends_on(kind: str, years: int, year: int, event: date | None = None) -> date | None:
    """Give the first day on which a file may be selected; None: never, or not yet.

    The term runs from 1 January after the year the file was constituted in, or after
    the year of the event.

    >>> ends_on(YEARS, 10, 2016)
    datetime.date(2027, 1, 1)
    >>> ends_on(EVENT, 5, 2016), ends_on(EVENT, 5, 2016, date(2020, 3, 1))
    (None, datetime.date(2026, 1, 1))
    >>> ends_on(PERMANENT, 0, 1950)
    """
    if kind == PERMANENT:
        return None
    if kind == EVENT:
        return event and date(max(event.year, year) + 1 + years, 1, 1)
    return date(year + 1 + years, 1, 1)


def handed_over_from(year: int) -> date:
    """Give the first day on which the files of a year go to the archive.

    >>> handed_over_from(2024)
    datetime.date(2026, 1, 1)
    """
    return date(year + HANDOVER_AFTER, 1, 1)
