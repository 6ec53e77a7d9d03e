"""Small words about numbers, as Romanian wants them."""


def counted(number: int, lang: str | None) -> str:
    """Return a number as it stands before its noun.

    Romanian puts *de* between the number and the noun from twenty on, except where the
    last two digits are 1 to 19.

    >>> counted(5, "ro_RO"), counted(20, "ro_RO"), counted(101, "ro_RO")
    ('5', '20 de', '101')
    >>> counted(20, "en_US")
    '20'
    """
    last_two = abs(number) % 100
    if not (lang or "").startswith("ro") or number == 0 or 1 <= last_two <= 19:
        return str(number)
    return f"{number} de"
