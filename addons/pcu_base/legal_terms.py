"""Legal days and terms of the Romanian administration.

Pure functions: dates in, dates out. The rules R1-R8 are those of the Civil
Procedure Code (art. 181), the Civil Code (art. 2551-2556), the norms of Law
544/2001 (HG 123/2002 art. 16) and the Labour Code (art. 139, holidays).

Two dates come out of one term. *Legal*: the last day on which the act may still
be done. *Internal*: the earlier, cautious one that alarms run on; it never lies
after the legal one.

>>> legal_due(date(2026, 3, 12), 30, Unit.FREE_DAYS).isoformat()
'2026-04-14'
>>> internal_due(date(2026, 3, 12), 30, Unit.FREE_DAYS).isoformat()
'2026-04-09'
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

DAY = timedelta(days=1)
SATURDAY = 5
# Labour Code art. 139, days that fall on the same date every year.
FIXED_HOLIDAYS = (
    (1, 1, "Anul Nou"),
    (1, 2, "Anul Nou (a doua zi)"),
    (1, 6, "Botezul Domnului – Boboteaza"),
    (1, 7, "Soborul Sfântului Proroc Ioan Botezătorul"),
    (1, 24, "Ziua Unirii Principatelor Române"),
    (5, 1, "Ziua Muncii"),
    (6, 1, "Ziua Copilului"),
    (8, 15, "Adormirea Maicii Domnului"),
    (11, 30, "Sfântul Apostol Andrei"),
    (12, 1, "Ziua Națională a României"),
    (12, 25, "Crăciunul"),
    (12, 26, "Crăciunul (a doua zi)"),
)
# Labour Code art. 139, days counted from the Orthodox Easter Sunday.
EASTER_HOLIDAYS = (
    (-2, "Vinerea Mare"),
    (0, "Paștele"),
    (1, "Paștele (a doua zi)"),
    (49, "Rusaliile"),
    (50, "Rusaliile (a doua zi)"),
)


class Unit:
    """What a term is counted in."""

    FREE_DAYS = "free_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MONTHS = "months"
    ALL = (FREE_DAYS, CALENDAR_DAYS, WORKING_DAYS, HOURS, MONTHS)


@cache
def orthodox_easter(year: int) -> date:
    """Give the Orthodox Easter Sunday (Meeus, Julian, plus 13 days; 1900-2099).

    >>> orthodox_easter(2026).isoformat()
    '2026-04-12'
    """
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + 13 * DAY


@cache
def _holidays(year: int) -> tuple[tuple[date, str], ...]:
    easter = orthodox_easter(year)
    names: dict[date, list[str]] = {}
    for month, day, name in FIXED_HOLIDAYS:
        names.setdefault(date(year, month, day), []).append(name)
    for offset, name in EASTER_HOLIDAYS:
        names.setdefault(easter + offset * DAY, []).append(name)
    return tuple((day, " / ".join(names[day])) for day in sorted(names))


def legal_holidays(year: int) -> dict[date, str]:
    """Give the legal holidays of a year with their names (Labour Code art. 139).

    Two feasts that fall together share the day, as on 1 June 2026:

    >>> legal_holidays(2026)[date(2026, 6, 1)]
    'Ziua Copilului / Rusaliile (a doua zi)'
    """
    return dict(_holidays(year))


@cache
def _holiday_dates(year: int) -> frozenset[date]:
    return frozenset(day for day, _name in _holidays(year))


@dataclass(frozen=True)
class Calendar:
    """Which days are working days.

    ``days_off`` adds to the law: days off given by the Government, days on which
    the institution is closed. ``working_days`` are worked although they fall on a
    week-end (recovery days) and win over everything. For the ``stated_years``
    ``days_off`` holds the legal holidays too, as somebody entered them; for any
    other year they are computed, so that a term into a far year is right as well.
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    stated_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether the institution works on that day.

        >>> Calendar().is_working(date(2026, 4, 10))
        False
        """
        if day in self.working_days:
            return True
        if day.weekday() >= SATURDAY or day in self.days_off:
            return False
        if day.year in self.stated_years:
            return True
        return day not in _holiday_dates(day.year)

    def next_working(self, day: date) -> date:
        """Give the day itself if worked, else the first working day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def previous_working(self, day: date) -> date:
        """Give the day itself if worked, else the last working day before it."""
        while not self.is_working(day):
            day -= DAY
        return day

    def add_working(self, day: date, n: int) -> date:
        """Give the n-th working day after (n < 0: before) a day, itself not counted.

        >>> Calendar().add_working(date(2026, 12, 23), 5).isoformat()
        '2026-12-31'
        """
        step = DAY if n >= 0 else -DAY
        for _count in range(abs(n)):
            day += step
            while not self.is_working(day):
                day += step
        return day


def add_months(day: date, months: int) -> date:
    """Give the same day of the n-th month, or that month's last day (R4)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _after_hours(start: date, length: int) -> date:
    """Give the day on which real hours end; a bare date counts from its 24:00."""
    if isinstance(start, datetime):
        return (start + timedelta(hours=length)).date()
    return start + -(-length // 24) * DAY


def _as_date(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def legal_due(
    start: date, length: int, unit: str, calendar: Calendar | None = None
) -> date:
    """Give the last day on which the act is still in time.

    - free days: start and end are both not counted, what lies between is, holidays
      included (R1, R6, R7); a non-working last day moves forward (R2);
    - calendar days, months: the start is not counted; same move (R2, R4);
    - working days: the n-th working day after the start (R8);
    - hours: real hours, never moved: the 24 h for the press (R3).

    >>> legal_due(date(2025, 9, 10), 15, Unit.FREE_DAYS).isoformat()
    '2025-09-26'
    >>> legal_due(date(2026, 1, 31), 1, Unit.MONTHS).isoformat()
    '2026-03-02'
    """
    _check_term(length, unit)
    calendar = calendar or Calendar()
    if unit == Unit.HOURS:
        return _after_hours(start, length)
    start = _as_date(start)
    if unit == Unit.WORKING_DAYS:
        return calendar.next_working(calendar.add_working(start, length))
    if unit == Unit.MONTHS:
        return calendar.next_working(add_months(start, length))
    free_end = DAY if unit == Unit.FREE_DAYS else timedelta()
    return calendar.next_working(start + length * DAY + free_end)


def internal_due(
    start: date,
    length: int,
    unit: str,
    calendar: Calendar | None = None,
    lead_days: int = 0,
) -> date:
    """Give the cautious day alarms run on: rolled back, never after the legal one.

    ``lead_days`` calendar days are kept in hand. A term so short that nothing
    would be left ends on the first working day after the start.

    >>> internal_due(date(2026, 3, 12), 30, Unit.CALENDAR_DAYS).isoformat()
    '2026-04-09'
    """
    calendar = calendar or Calendar()
    legal = legal_due(start, length, unit, calendar)
    if unit in (Unit.FREE_DAYS, Unit.CALENDAR_DAYS):
        due = _as_date(start) + length * DAY
    elif unit == Unit.MONTHS:
        due = add_months(_as_date(start), length)
    else:
        due = legal
    due = calendar.previous_working(due - lead_days * DAY)
    if due <= _as_date(start):
        due = calendar.next_working(_as_date(start) + DAY)
    return min(due, legal)


def working_days_left(today: date, due: date, calendar: Calendar | None = None) -> int:
    """Count the working days after today up to the due day.

    0 is "today is the last chance" and not late; negative is overdue, at least -1
    even when no working day has passed since.

    >>> working_days_left(date(2026, 4, 9), date(2026, 4, 14))
    1
    >>> working_days_left(date(2026, 4, 14), date(2026, 4, 14))
    0
    >>> working_days_left(date(2026, 4, 18), date(2026, 4, 17))
    -1
    """
    calendar = calendar or Calendar()
    today, due = _as_date(today), _as_date(due)
    first, last = sorted((today, due))
    days = ((first + n * DAY) for n in range(1, (last - first).days + 1))
    count = sum(1 for day in days if calendar.is_working(day))
    return count if due >= today else -max(count, 1)


def _check_term(length: int, unit: str) -> None:
    if unit not in Unit.ALL:
        message = f"unknown unit of a term: {unit!r}"
        raise ValueError(message)
    if length < 0:
        message = f"a term cannot be negative: {length}"
        raise ValueError(message)
