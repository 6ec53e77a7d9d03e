"""When a term changes its colour, and which people hear of it.

A request is touched only on the days on which its colour changes: the next of them is
stored and indexed, so that nobody walks over all open requests at night.
"""

from datetime import date, timedelta

from odoo.addons.pcu_base.legal_terms import Calendar

NORMAL, TACIT, SOON, TODAY, LATE, ESCALATED = (
    "normal", "tacit", "soon", "today", "late", "escalated",
)  # fmt: skip
SEVERITY = (NORMAL, TACIT, SOON, TODAY, LATE, ESCALATED)
#: Working days before the term from which the desk is warned.
SOON_DAYS = 5
#: Working days after the term from which the secretary hears of it.
ESCALATION_DAYS = 5
#: Days before silence becomes approval by which the applicant must hear of a wrong
#: file (OUG 27/2003 art. 7).
TACIT_DAYS = timedelta(days=10)


def turns(due: date, calendar: Calendar, *, tacit: bool = False) -> dict[str, date]:
    """Return the day on which each colour begins.

    >>> from odoo.addons.pcu_base.legal_terms import Calendar
    >>> for colour, day in turns(date(2026, 4, 14), Calendar(), tacit=True).items():
    ...     print(colour, day)
    tacit 2026-04-04
    soon 2026-04-03
    today 2026-04-14
    late 2026-04-15
    escalated 2026-04-21
    """
    days = {
        SOON: calendar.add_working(due, -SOON_DAYS),
        TODAY: due,
        LATE: calendar.add_working(due, 1),
        ESCALATED: calendar.add_working(due, ESCALATION_DAYS),
    }
    return {TACIT: due - TACIT_DAYS, **days} if tacit else days


def light(today: date, due: date, calendar: Calendar, *, tacit: bool = False) -> str:
    """Return the colour of a term on a day: the gravest that has begun.

    >>> from odoo.addons.pcu_base.legal_terms import Calendar
    >>> light(date(2026, 4, 14), date(2026, 4, 14), Calendar())
    'today'
    """
    begun = [c for c, day in turns(due, calendar, tacit=tacit).items() if day <= today]
    return max(begun, key=SEVERITY.index, default=NORMAL)


def next_turn(
    today: date, due: date, calendar: Calendar, *, tacit: bool = False
) -> date | None:
    """Return the first later day on which a colour begins; None when none does.

    >>> from odoo.addons.pcu_base.legal_terms import Calendar
    >>> next_turn(date(2026, 4, 14), date(2026, 4, 14), Calendar()).isoformat()
    '2026-04-15'
    """
    days = turns(due, calendar, tacit=tacit).values()
    return min((day for day in days if day > today), default=None)
