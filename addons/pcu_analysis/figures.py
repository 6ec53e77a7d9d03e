"""The arithmetic of the reports; pure, no ``env``."""

from datetime import date, timedelta

#: Upper ends, in days, of the groups of age of open requests; the last has none.
AGES = (5, 10, 15, 30)
#: Weeks by which the usual pace of a person is told.
PACE_WEEKS = 8


def percentile(histogram: dict[int, int], share: float) -> int | None:
    """Return the smallest value that at least a share of all does not exceed.

    The nearest-rank definition: the figure is one that occurred, so that a head can
    open the request behind it.

    :param histogram: how often each value occurs

    >>> percentile({1: 1, 2: 1, 10: 1, 30: 1}, 0.5)
    2
    >>> percentile({1: 9, 40: 1}, 0.9), percentile({1: 9, 40: 1}, 0.91)
    (1, 40)
    >>> percentile({}, 0.5) is None
    True
    """
    wanted = share * sum(histogram.values())
    passed = 0
    for value in sorted(histogram):
        passed += histogram[value]
        if passed >= wanted and histogram[value]:
            return value
    return None


def month_first(day: date, months: int = 0) -> date:
    """Return the first day of a day's month, or of one so many months later.

    >>> month_first(date(2026, 1, 15), -1), month_first(date(2026, 11, 30), 2)
    (datetime.date(2025, 12, 1), datetime.date(2027, 1, 1))
    """
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def period(key: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a time that people choose.

    >>> period("month", date(2026, 2, 10))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    >>> period("last_month", date(2026, 1, 31))
    (datetime.date(2025, 12, 1), datetime.date(2025, 12, 31))
    >>> period("year", date(2026, 2, 10))
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    >>> period("twelve", date(2026, 2, 10))
    (datetime.date(2025, 3, 1), datetime.date(2026, 2, 28))
    """
    this = month_first(today)
    first, after = {
        "month": (this, month_first(this, 1)),
        "last_month": (month_first(this, -1), this),
        "quarter": (month_first(this, -2), month_first(this, 1)),
        "twelve": (month_first(this, -11), month_first(this, 1)),
        "year": (date(today.year, 1, 1), date(today.year + 1, 1, 1)),
        "last_year": (date(today.year - 1, 1, 1), date(today.year, 1, 1)),
    }[key]
    return first, after - timedelta(days=1)


def age_group(days: int) -> int:
    """Return the number of the group of age.

    >>> [age_group(days) for days in (0, 5, 6, 30, 31)]
    [0, 0, 1, 3, 4]
    """
    return sum(days > end for end in AGES)


def age_span(group: int) -> tuple[int, int | None]:
    """Return the first and the last day of a group of age.

    >>> age_span(0), age_span(1), age_span(4)
    ((0, 5), (6, 10), (31, None))
    """
    first = AGES[group - 1] + 1 if group else 0
    return first, AGES[group] if group < len(AGES) else None


def week_end(today: date) -> date:
    """Return the Sunday of next week.

    >>> week_end(date(2026, 3, 12)), week_end(date(2026, 3, 15))
    (datetime.date(2026, 3, 22), datetime.date(2026, 3, 22))
    """
    return today + timedelta(days=13 - today.weekday())


def is_overloaded(due: int, done: int, weeks: float) -> bool:
    """Tell whether more falls due than a person usually gets done in that time.

    :param due: what is late or falls due until the end of next week
    :param done: what was done in the last ``PACE_WEEKS`` weeks
    :param weeks: how many weeks are left until then

    >>> is_overloaded(6, 16, 1.5), is_overloaded(3, 16, 1.5), is_overloaded(1, 0, 1)
    (True, False, True)
    """
    return due > done / PACE_WEEKS * weeks
