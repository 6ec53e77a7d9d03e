"""What holds for every term and every day, searched for by hypothesis."""

import importlib
import sys
import types
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

ADDON = Path(__file__).resolve().parents[1] / "addons" / "pcu_base"


def kernel(name: str):
    """Import a kernel of the module without Odoo, which its package asks for."""
    package = sys.modules.setdefault("pcu_base", types.ModuleType("pcu_base"))
    package.__path__ = [str(ADDON)]
    return importlib.import_module(f"pcu_base.{name}")


terms, course = kernel("legal_terms"), kernel("term_course")
Unit = terms.Unit

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
UNITS = st.sampled_from((Unit.FREE_DAYS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS))
LENGTHS = st.integers(0, 120)
CALENDARS = st.builds(
    terms.Calendar,
    days_off=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=9),
    working_days=st.frozensets(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=4
    ),
)


@given(DAYS, LENGTHS, UNITS, CALENDARS)
def test_a_due_date_is_never_a_day_off(start, length, unit, calendar):
    assert calendar.is_working(terms.legal_due(start, length, unit, calendar))


@given(DAYS, LENGTHS, UNITS, CALENDARS, st.integers(0, 20))
def test_the_internal_date_lies_between_start_and_legal(
    start, length, unit, calendar, lead
):
    internal = terms.internal_due(start, length, unit, calendar, lead)
    assert start <= internal <= terms.legal_due(start, length, unit, calendar)


@given(DAYS, st.integers(0, 60), LENGTHS, UNITS, CALENDARS)
def test_a_later_start_is_never_due_earlier(start, later, length, unit, calendar):
    first = terms.legal_due(start, length, unit, calendar)
    second = terms.legal_due(start + timedelta(later), length, unit, calendar)
    assert first <= second


@given(DAYS, LENGTHS, st.integers(0, 60), UNITS, CALENDARS)
def test_a_longer_term_is_never_due_earlier(start, length, more, unit, calendar):
    shorter = terms.legal_due(start, length, unit, calendar)
    assert shorter <= terms.legal_due(start, length + more, unit, calendar)


@st.composite
def events(draw, start):
    """Draw suspensions, answers and extensions as they can follow each other."""
    day, held, steps = start, False, []
    for _ in range(draw(st.integers(0, 6))):
        day += timedelta(draw(st.integers(0, 20)))
        kind = draw(st.sampled_from(("hold", course.EXTEND)))
        if kind == "hold":
            kind = course.RESUME if held else course.SUSPEND
            held = not held
        steps.append(
            course.Step(
                kind, day, draw(st.integers(1, 30)), draw(UNITS), draw(st.booleans())
            )
        )
    return steps


@given(st.data(), DAYS, LENGTHS, UNITS)
def test_what_happens_never_makes_a_term_shorter(data, start, length, unit):
    steps = data.draw(events(start))
    plain = course.term_course(start, length, unit)
    after = course.term_course(start, length, unit, steps)
    assert after.legal >= plain.legal
    assert after.internal <= after.legal
    assert terms.Calendar().is_working(after.legal)


@given(st.data(), DAYS, LENGTHS, UNITS, st.integers(0, 90))
def test_waiting_longer_never_ends_earlier(data, start, length, unit, more):
    steps = data.draw(events(start))
    last = max([start, *(step.day for step in steps)])
    sooner = course.term_course(start, length, unit, steps, today=last)
    later = course.term_course(start, length, unit, steps, today=last + timedelta(more))
    assert sooner.legal <= later.legal
    assert sooner.internal <= later.internal
