"""What is wrong with a CNP or a CUI, in one word that the models translate.

python-stdnum knows the check digits; here its exceptions become codes, because
a clerk needs to know which digit to look at, not the name of an exception.
"""

import re
import unicodedata

from stdnum import exceptions
from stdnum.ro import cnp, cui

CNP_LENGTH = 13
CNP_SHOWN = 4
CNP_IN_TEXT = re.compile(r"(?<!\d)[1-9]\d{12}(?!\d)")

FORMAT, LENGTH, DATE, COUNTY, CHECKSUM = (
    "format", "length", "date", "county", "checksum",
)  # fmt: skip


def compact(number: str) -> str:
    """Take away what people write between digits.

    >>> compact(" 1800101-221 144 ")
    '1800101221144'
    """
    return re.sub(r"[\s.\-/]", "", number or "")


def compact_cui(number: str) -> str:
    """Take away blanks and the VAT prefix.

    >>> compact_cui("ro 14399840")
    '14399840'
    """
    return re.sub(r"^(?:RO)", "", compact(number).upper())


def cnp_problem(number: str) -> str | None:
    """Say what is wrong with a CNP, or None.

    >>> cnp_problem("1800101221144")
    >>> cnp_problem("1800101221145")
    'checksum'
    >>> cnp_problem("1801301221144")
    'date'
    """
    if not (number.isascii() and number.isdigit()):
        return FORMAT
    if len(number) != CNP_LENGTH:
        return LENGTH
    if not _has_birth_date(number):
        return DATE
    try:
        cnp.get_county(number)
    except exceptions.ValidationError:
        return COUNTY
    if cnp.calc_check_digit(number[:-1]) != number[-1]:
        return CHECKSUM
    return None


def _has_birth_date(number: str) -> bool:
    """Tell whether digits 1-7 make a date.

    Residents from abroad (7, 8, 9) have no century in their CNP: python-stdnum
    reads 1900 and would refuse somebody born on 29 February 2000.
    """
    if number[0] == "0":
        return False
    century = {"7": "5", "8": "6", "9": "5"}.get(number[0], number[0])
    for first in {number[0], century}:
        try:
            cnp.get_birth_date(first + number[1:])
        except exceptions.ValidationError:
            continue
        return True
    return False


def cui_problem(number: str) -> str | None:
    """Say what is wrong with a CUI, or None.

    >>> cui_problem("14399840")
    >>> cui_problem("14399841")
    'checksum'
    """
    number = compact_cui(number)
    if not (number.isascii() and number.isdigit()) or number.startswith("0"):
        return FORMAT
    try:
        cui.validate(number)
    except exceptions.InvalidLength:
        return LENGTH
    except exceptions.InvalidChecksum:
        return CHECKSUM
    except exceptions.ValidationError:
        return FORMAT
    return None


def mask_cnp(number: str) -> str:
    """Keep the last digits only; they tell neither birth date nor sex.

    >>> mask_cnp("1800101221144")
    '*********1144'
    """
    return "*" * max(len(number) - CNP_SHOWN, 0) + number[-CNP_SHOWN:]


def mask_cnps(text: str) -> str:
    """Mask every valid CNP that stands in a text.

    >>> mask_cnps("CNP 1800101221144, cont 1234567890123")
    'CNP *********1144, cont 1234567890123'
    """
    return CNP_IN_TEXT.sub(
        lambda found: found[0] if cnp_problem(found[0]) else mask_cnp(found[0]),
        text,
    )


def name_key(name: str) -> tuple[str, ...]:
    """Make names comparable: without diacritics, case, hyphens and order.

    >>> name_key("Țărână-Pop Ștefan") == name_key("stefan TARANA POP")
    True
    """
    plain = unicodedata.normalize("NFKD", name or "")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(sorted(re.findall(r"\w+", plain.casefold())))
