"""The course of one term: what started it anew, held it up, made it longer.

Pure functions beside ``legal_terms``, which knows how long a plain term is. Here the
events of a case are added: its file became complete and the term starts anew
(Legea 50/1991 art. 7), somebody waits for the applicant, the head of the institution
makes the term longer (OG 27/2002 art. 9), the authority asks for a repair of the file
under tacit approval (OUG 27/2003 art. 7).

Waiting always stops the internal clock. It stops the legal one only where a law says
so, and that is a fact of the event and not of this module.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .legal_terms import DAY, Calendar, Unit, add_months, internal_due, legal_due

RESTART, SUSPEND, RESUME, EXTEND = "restart", "suspend", "resume", "extend"
KINDS = (RESTART, SUSPEND, RESUME, EXTEND)


@dataclass(frozen=True)
class Step:
    """One event: its kind and day; for an extension how much is added.

    ``legal`` says of a suspension that it stops the legal clock too.
    """

    kind: str
    day: date
    length: int = 0
    unit: str = ""
    legal: bool = False


@dataclass(frozen=True)
class Course:
    """Where both clocks end, and since when the applicant is waited for."""

    legal: date
    internal: date
    held_since: date | None = None


def term_course(
    start: date,
    length: int,
    unit: str,
    steps: Iterable[Step] = (),
    calendar: Calendar | None = None,
    *,
    today: date | None = None,
) -> Course:
    """Give the legal and the internal due date after all that happened.

    :param start: the day of registration, itself not counted
    :param steps: the events in the order of their days
    :param today: until when a suspension that still lasts is counted; without it such
        a suspension counts as if the applicant answered on the day he was asked
    :raise ValueError: for steps out of order, or a resumption without a suspension

    A petition of 30 days, made 15 days longer, ends where one of 45 days does:

    >>> longer = [Step(EXTEND, date(2026, 4, 1), 15, Unit.FREE_DAYS)]
    >>> term_course(date(2026, 3, 12), 30, Unit.FREE_DAYS, longer).legal.isoformat()
    '2026-04-27'
    """
    calendar = calendar or Calendar()
    run = _Run(start, length)
    for step in steps:
        run.take(step, unit)
    since = run.held.day if run.held else None
    if run.held and today and today > run.held.day:
        run.pauses.append((run.held, today))
    legal = run.legal_end(unit, calendar)
    return Course(legal, run.internal_end(unit, calendar, legal), since)


class _Run:
    """Collects the events since the term last started."""

    def __init__(self, start: date, length: int):
        self.base, self.last = length, start
        self._begin(start)

    def _begin(self, day: date) -> None:
        self.start, self.length = day, self.base
        self.tails: list[Step] = []
        self.pauses: list[tuple[Step, date]] = []
        self.held: Step | None = None

    def take(self, step: Step, unit: str) -> None:
        if step.day < self.last:
            message = f"an event of {step.day} after one of {self.last}"
            raise ValueError(message)
        self.last = step.day
        if step.kind == RESTART:
            self._begin(step.day)
        elif step.kind == EXTEND and step.unit == unit:
            self.length += step.length
        elif step.kind == EXTEND:
            self.tails.append(step)
        elif step.kind == SUSPEND:
            self.held = self.held or step
        elif step.kind == RESUME and self.held:
            self.pauses.append((self.held, step.day))
            self.held = None
        else:
            message = f"can't take {step.kind!r} here"
            raise ValueError(message)

    def legal_end(self, unit: str, calendar: Calendar) -> date:
        held = self._held(unit, calendar, legal_only=True)
        if unit == Unit.MONTHS:
            end = calendar.next_working(
                add_months(self.start, self.length) + held * DAY
            )
        elif unit == Unit.HOURS:
            end = legal_due(self.start + held * DAY, self.length, unit, calendar)
        else:
            end = legal_due(self.start, self.length + held, unit, calendar)
        for tail in self.tails:
            end = legal_due(end, tail.length, tail.unit, calendar)
        return end

    def internal_end(self, unit: str, calendar: Calendar, legal: date) -> date:
        held = self._held(unit, calendar, legal_only=False)
        if self.tails:
            return legal  # a term in two units has no cautious reading of its own
        if unit in (Unit.MONTHS, Unit.HOURS):
            end = internal_due(self.start, self.length, unit, calendar) + held * DAY
        else:
            end = internal_due(self.start, self.length + held, unit, calendar)
        return min(calendar.previous_working(end), legal) if held else min(end, legal)

    def _held(self, unit: str, calendar: Calendar, *, legal_only: bool) -> int:
        """Count the days of the pauses, in the unit of the term."""
        return sum(
            _days_between(pause.day, until, unit, calendar)
            for pause, until in self.pauses
            if pause.legal or not legal_only
        )


def _days_between(first: date, last: date, unit: str, calendar: Calendar) -> int:
    """Count the days after the first up to the last one; only worked ones if so."""
    count = (last - first).days
    if unit != Unit.WORKING_DAYS:
        return count
    return sum(calendar.is_working(first + n * DAY) for n in range(1, count + 1))
