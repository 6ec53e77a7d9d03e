"""How much a fee is: fixed, per unit, a percentage, or typed; pure, no ``env``.

Amounts are counted in decimals and rounded to the ban, half up, as money is.
"""

from decimal import ROUND_HALF_UP, Decimal

BAN = Decimal("0.01")


def amount_due(
    kind: str,
    amount: float = 0,
    quantity: float = 0,
    percentage: float = 0,
    minimum: float = 0,
) -> Decimal:
    """Return the fee by its rule.

    :param kind: *fixed*, *unit*, *percentage* or *typed*
    :param amount: the amount itself, or that of one unit
    :param quantity: how many units, or the value the percentage is taken of
    :param minimum: the least that is due; counts for computed kinds only

    >>> amount_due("fixed", amount=15)
    Decimal('15.00')
    >>> amount_due("unit", amount=0.05, quantity=333)
    Decimal('16.65')
    >>> amount_due("percentage", percentage=0.5, quantity=250000)
    Decimal('1250.00')
    >>> amount_due("percentage", percentage=1, quantity=300, minimum=10)
    Decimal('10.00')
    >>> amount_due("unit", amount=0.335, quantity=1)
    Decimal('0.34')
    """
    if kind == "unit":
        due = _decimal(amount) * _decimal(quantity)
    elif kind == "percentage":
        due = _decimal(quantity) * _decimal(percentage) / 100
    else:
        return _decimal(amount).quantize(BAN, ROUND_HALF_UP)
    return max(due, _decimal(minimum)).quantize(BAN, ROUND_HALF_UP)


def _decimal(number: float) -> Decimal:
    """Take a number as it is written, not as a float stores it."""
    return Decimal(str(number or 0))
