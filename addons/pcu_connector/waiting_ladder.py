"""Who must hear of a submission that waits for a person; pure, no ``env``.

A rung is reached by the time that it waits, counted in working hours and days, or by
the legal term coming near, whichever is higher. Times are Romanian, without a zone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from odoo.addons.pcu_base.legal_terms import Calendar, working_days_left

CLERK, HEAD, ADMINISTRATOR, MAYOR = 1, 2, 3, 4
#: The day of a town hall, outside of which no time counts and nobody is told.
OPENS, CLOSES = time(8), time(16, 30)
#: How long something waits until a clerk hears of it.
PATIENCE = timedelta(hours=2)
#: Working days of waiting -> rung.
AGES = ((9, MAYOR), (3, ADMINISTRATOR), (1, HEAD))
#: Working days left until the legal term -> rung; a term that is over is the mayor's.
TERMS = ((-1, MAYOR), (1, ADMINISTRATOR), (3, HEAD), (5, CLERK))


def is_open(moment: datetime, calendar: Calendar) -> bool:
    """Tell whether the town hall works at this moment.

    >>> is_open(datetime(2026, 11, 20, 9), Calendar())
    True
    >>> is_open(datetime(2026, 11, 21, 9), Calendar())
    False
    """
    return calendar.is_working(moment.date()) and OPENS <= moment.time() < CLOSES


def rung(since: datetime, now: datetime, due: date, calendar: Calendar) -> int:
    """Return the highest rung reached, 0 for none.

    >>> friday, far = datetime(2026, 11, 20, 15), date(2026, 12, 20)
    >>> [rung(friday, now, far, Calendar()) for now in (
    ...     datetime(2026, 11, 20, 16), datetime(2026, 11, 23, 9),
    ...     datetime(2026, 11, 23, 15), datetime(2026, 11, 25, 15),
    ...     datetime(2026, 12, 7, 15))]
    [0, 1, 2, 3, 4]
    >>> [rung(friday, datetime(2026, 11, 20, 16), date(2026, 11, day), Calendar())
    ...     for day in (23, 19)]
    [3, 4]
    """
    left = working_days_left(now.date(), due, calendar)
    by_term = next((rung for days, rung in TERMS if left <= days), 0)
    return max(_by_age(since, now, calendar), by_term)


def _by_age(since: datetime, now: datetime, calendar: Calendar) -> int:
    start = _opened(since, calendar)
    if start > now:
        return 0
    days = max(working_days_left(start.date(), now.date(), calendar), 0)
    if now.time() < start.time():
        days -= 1
    by_days = next((rung for passed, rung in AGES if days >= passed), 0)
    return by_days or (CLERK if _hours(start, now) >= PATIENCE else 0)


def _opened(moment: datetime, calendar: Calendar) -> datetime:
    """Return the moment, or the next opening if the town hall was closed.

    >>> _opened(datetime(2026, 11, 21, 23), Calendar())
    datetime.datetime(2026, 11, 23, 8, 0)
    """
    day = moment.date()
    if moment.time() >= CLOSES:
        day += timedelta(days=1)
    opened = calendar.next_working(day)
    if opened != moment.date() or moment.time() < OPENS:
        return datetime.combine(opened, OPENS)
    return moment


def _hours(start: datetime, now: datetime) -> timedelta:
    """Return the working time of at most one night between two moments."""
    if start.date() == now.date():
        return now - start
    evening = datetime.combine(start.date(), CLOSES) - start
    morning = now - datetime.combine(now.date(), OPENS)
    return evening + max(morning, timedelta())
