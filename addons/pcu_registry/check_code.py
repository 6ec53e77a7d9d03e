"""The check code of a registration slip: proof that its holder was given it.

A keyed digest (HMAC-SHA-256) of the register year and the number, cut to 65 bits and
written with the 32 characters that can't be mistaken for each other. Nobody without
the database's secret can make one, so numbers can't be walked through; nothing needs
to be stored with the entry. Pure, no ``env``.
"""

import hashlib
import hmac
import re

LENGTH = 13
"""Characters of a code; 5 bits each."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def make_code(secret: str, year_id: int, number: int) -> str:
    """Return the code of one number of one register year.

    >>> make_code("secret", 7, 123)
    '913GX0QQEJXZ3'
    >>> make_code("secret", 7, 124) == make_code("secret", 8, 123)
    False
    """
    message = f"pcu slip {year_id} {number}".encode()
    digest = hmac.digest(secret.encode(), message, hashlib.sha256)
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - LENGTH * 5)
    return "".join(
        ALPHABET[bits >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5)
    )


def find_year(secret: str, year_ids: list[int], number: int, code: str) -> int | None:
    """Return the register year whose code this is, or None.

    Every year is computed and compared whatever the others gave, so that the time
    taken tells nothing.

    >>> find_year("secret", [6, 7], 123, make_code("secret", 7, 123))
    7
    >>> find_year("secret", [6, 7], 124, make_code("secret", 7, 123))
    """
    found = None
    for year_id in year_ids:
        if hmac.compare_digest(make_code(secret, year_id, number), code):
            found = year_id
    return found


def show_code(code: str) -> str:
    """Write a code in groups, as it is easier to type.

    >>> show_code("F7WAJCV0X38DF")
    'F7WA-JCV0-X38DF'
    """
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def read_code(text: str) -> str | None:
    """Read a code as people type it; None when it can't be one.

    >>> read_code(" f7wa-jcvo x38df ")
    'F7WAJCV0X38DF'
    >>> read_code("F7WA")
    """
    code = re.sub(r"[\s\-–.]", "", text or "").upper().translate(_LOOKALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def read_number(text: str) -> int | None:
    """Read a number, with or without the date that follows it on paper.

    >>> read_number(" 123/10.11.2026 "), read_number("123")
    (123, 123)
    >>> read_number("abc"), read_number("0"), read_number("9" * 40)
    (None, None, None)
    """
    found = re.fullmatch(r"\s*(\d{1,9})\s*(/.*)?", text or "", re.ASCII)
    return int(found[1]) or None if found else None


def read_year(text: str) -> int | None:
    """Read a year of four digits.

    >>> read_year(" 2026 "), read_year("26")
    (2026, None)
    """
    found = re.fullmatch(r"\s*(\d{4})\s*", text or "", re.ASCII)
    return int(found[1]) if found else None


def read_digest(text: str) -> str | None:
    """Read a SHA-256 as programs write it; None when it can't be one.

    >>> read_digest(" AB" * 32) == "ab" * 32
    True
    >>> read_digest("ab")
    """
    digest = re.sub(r"[\s:]", "", text or "").lower()
    return digest if _DIGEST.fullmatch(digest) else None
