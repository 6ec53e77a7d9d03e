"""Codes of the file plan (*indicativ*): ``II/A/3``; pure, no ``env``.

A roman numeral for the direction, a capital letter for the service, an arabic number
for the file (Instructions on archive work, Order 217/1996, Annex 1).
"""

import re
from dataclasses import dataclass

_PARTS = re.compile(r"([A-Z0-9]+)[/.\-\s]+([A-Z]{1,2})[/.\-\s]+([0-9]{1,4})")
_ROMAN = re.compile(r"(X{0,3})(IX|IV|V?I{0,3})|(XL|L)(IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


class CodeError(ValueError):
    """The code has not the legal form; the first argument says which part."""


@dataclass(frozen=True, order=True)
class Code:
    """A code in its parts; codes sort as the plan is written.

    >>> sorted([Code(9, "A", 1), Code(2, "B", 1), Code(2, "A", 10), Code(2, "A", 9)])[1]
    Code(direction=2, service='A', number=10)
    """

    direction: int
    service: str
    number: int

    def __str__(self) -> str:
        return f"{to_roman(self.direction)}/{self.service}/{self.number}"

    @property
    def sort_key(self) -> str:
        """Give text that sorts as the plan is written.

        >>> Code(2, "A", 3).sort_key
        '002/ A/0003'
        """
        return f"{self.direction:03d}/{self.service:>2}/{self.number:04d}"


def parse(text: str) -> Code:
    """Read a code as people write it.

    :raise CodeError: with "form", "direction" or "number"

    >>> str(parse(" ii / a / 03 "))
    'II/A/3'
    >>> parse("IIII/A/3")
    Traceback (most recent call last):
    ...
    pcu_archive.classification_codes.CodeError: direction
    """
    found = _PARTS.fullmatch((text or "").strip().upper())
    if not found:
        raise CodeError("form")
    direction = from_roman(found[1])
    if not direction:
        raise CodeError("direction")
    number = int(found[3])
    if not number:
        raise CodeError("number")
    return Code(direction, found[2], number)


def from_roman(text: str) -> int:
    """Give the value of a roman numeral up to 59, or 0 when it is none.

    >>> [from_roman(text) for text in ("I", "IV", "XIX", "XL", "IIII", "VX", "", "2")]
    [1, 4, 19, 40, 0, 0, 0, 0]
    """
    if not text or not _ROMAN.fullmatch(text):
        return 0
    total = 0
    for sign, following in zip(text, text[1:] + " ", strict=True):
        value = _VALUES[sign]
        total += -value if value < _VALUES.get(following, 0) else value
    return total


def to_roman(value: int) -> str:
    """Write a number up to 59 as a roman numeral.

    >>> [to_roman(value) for value in (1, 4, 19, 44)]
    ['I', 'IV', 'XIX', 'XLIV']
    """
    text = ""
    for number, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
                         (4, "IV"), (1, "I")):  # fmt: skip
        while value >= number:
            text, value = text + sign, value - number
    return text
