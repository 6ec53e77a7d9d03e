"""Terms on the edges of the calendar, and terms that things happen to."""

from datetime import date
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..legal_terms import Calendar, Unit, internal_due, legal_due
from ..term_course import EXTEND, RESTART, RESUME, SUSPEND, Step, term_course

CASES = Path(__file__).with_name("term_cases.txt")


def day(text):
    return date.fromisoformat(text)


def course(start, length, unit, *steps, **options):
    steps = [Step(kind, day(when), *more) for kind, when, *more in steps]
    return term_course(day(start), length, unit, steps, **options)


@tagged("post_install", "-at_install")
class TestTermCases(BaseCase):
    def test_each_dated_case(self):
        """Every term of the catalogue, on week-ends, feasts, leap days, new years."""
        lines = CASES.read_text(encoding="utf-8").splitlines()
        cases = [line.split() for line in lines if line and not line.startswith("#")]
        self.assertGreaterEqual(len(cases), 250)
        for code, start, length, unit, legal, internal in cases:
            with self.subTest(term=code, start=start):
                rule = (day(start), int(length), unit)
                self.assertEqual(legal_due(*rule), day(legal))
                self.assertEqual(internal_due(*rule), day(internal))
                plain = term_course(*rule)
                self.assertEqual(
                    (plain.legal, plain.internal), (day(legal), day(internal))
                )


@tagged("post_install", "-at_install")
class TestTermCourse(BaseCase):
    def test_waiting_moves_only_the_internal_term(self):
        """romania.md 4.4: the legal clock runs on while the applicant is asked."""
        held = course(
            "2026-03-02", 30, Unit.FREE_DAYS,
            (SUSPEND, "2026-03-04"), (RESUME, "2026-03-05"),
        )  # fmt: skip
        self.assertEqual(held.legal, day("2026-04-02"))
        self.assertEqual(held.internal, day("2026-04-02"))

    def test_internal_term_never_passes_the_legal_one(self):
        """However long the applicant thinks."""
        held = course(
            "2026-03-02", 30, Unit.FREE_DAYS,
            (SUSPEND, "2026-03-04"), (RESUME, "2026-03-30"),
        )  # fmt: skip
        self.assertEqual(held.internal, held.legal)
        self.assertEqual(held.legal, day("2026-04-02"))

    def test_legal_suspension_moves_both(self):
        """Where the special law says so: six days asked, six days later."""
        held = course(
            "2026-03-02", 30, Unit.FREE_DAYS,
            (SUSPEND, "2026-03-04", 0, "", True), (RESUME, "2026-03-10"),
        )  # fmt: skip
        self.assertEqual(held.legal, day("2026-04-08"))
        self.assertEqual(held.internal, day("2026-04-07"))

    def test_suspension_over_easter_counts_working_days_only(self):
        """Wednesday to Tuesday over Easter: two working days, not six."""
        held = course(
            "2026-04-01", 15, Unit.WORKING_DAYS,
            (SUSPEND, "2026-04-08", 0, "", True), (RESUME, "2026-04-14"),
        )  # fmt: skip
        plain = course("2026-04-01", 15, Unit.WORKING_DAYS)
        self.assertEqual(plain.legal, day("2026-04-24"))
        self.assertEqual(held.legal, day("2026-04-28"))

    def test_a_lasting_suspension_grows_day_by_day(self):
        """What is not answered yet is counted until today, and told."""
        asked = (SUSPEND, "2026-03-04", 0, "", True)
        start = ("2026-03-02", 30, Unit.FREE_DAYS)
        self.assertEqual(course(*start, asked).legal, day("2026-04-02"))
        lasting = course(*start, asked, today=day("2026-03-09"))
        self.assertEqual(lasting.legal, day("2026-04-07"))
        self.assertEqual(lasting.held_since, day("2026-03-04"))

    def test_two_suspensions_add_up(self):
        held = course(
            "2026-03-02", 30, Unit.FREE_DAYS,
            (SUSPEND, "2026-03-04", 0, "", True), (RESUME, "2026-03-06"),
            (SUSPEND, "2026-03-09", 0, "", True), (RESUME, "2026-03-12"),
        )  # fmt: skip
        self.assertEqual(held.legal, legal_due(day("2026-03-02"), 35, Unit.FREE_DAYS))

    def test_extension_on_the_last_day(self):
        """OG 27/2002 art. 9: thirty days become forty-five, from the same start."""
        longer = course(
            "2026-03-12", 30, Unit.FREE_DAYS,
            (EXTEND, "2026-04-14", 15, Unit.FREE_DAYS),
        )  # fmt: skip
        self.assertEqual(longer.legal, day("2026-04-27"))
        self.assertEqual(longer.internal, day("2026-04-24"))

    def test_extension_in_another_unit_follows_the_end(self):
        """Fifteen working days and then ten calendar days."""
        longer = course(
            "2026-03-02", 15, Unit.WORKING_DAYS,
            (EXTEND, "2026-03-20", 10, Unit.CALENDAR_DAYS),
        )  # fmt: skip
        self.assertEqual(longer.legal, day("2026-04-02"))

    def test_a_complete_file_starts_the_term_anew(self):
        """Legea 50/1991 art. 7: thirty days from the complete documentation."""
        anew = course(
            "2026-03-02", 30, Unit.FREE_DAYS,
            (SUSPEND, "2026-03-04"), (RESUME, "2026-03-20"), (RESTART, "2026-03-20"),
        )  # fmt: skip
        self.assertEqual(anew, course("2026-03-20", 30, Unit.FREE_DAYS))

    def test_a_term_in_months_is_held_by_days(self):
        held = course(
            "2026-01-31", 1, Unit.MONTHS,
            (SUSPEND, "2026-02-02", 0, "", True), (RESUME, "2026-02-04"),
        )  # fmt: skip
        self.assertEqual(held.legal, day("2026-03-02"))
        self.assertEqual(course("2026-01-31", 1, Unit.MONTHS).legal, day("2026-03-02"))

    def test_hours_are_held_by_days(self):
        held = course(
            "2026-03-02", 24, Unit.HOURS,
            (SUSPEND, "2026-03-02", 0, "", True), (RESUME, "2026-03-04"),
        )  # fmt: skip
        self.assertEqual(held.legal, day("2026-03-05"))

    def test_bridge_day_inside_a_suspension(self):
        """A day that the Government gave free is no working day lost."""
        calendar = Calendar(days_off=frozenset({day("2026-03-05")}))
        held = course(
            "2026-03-02", 5, Unit.WORKING_DAYS,
            (SUSPEND, "2026-03-04", 0, "", True), (RESUME, "2026-03-06"),
            calendar=calendar,
        )  # fmt: skip
        self.assertEqual(held.legal, day("2026-03-11"))

    def test_events_out_of_order_are_refused(self):
        with self.assertRaises(ValueError):
            course(
                "2026-03-12", 30, Unit.FREE_DAYS,
                (SUSPEND, "2026-03-20"), (RESUME, "2026-03-16"),
            )  # fmt: skip
        with self.assertRaises(ValueError):
            course("2026-03-12", 30, Unit.FREE_DAYS, (SUSPEND, "2026-03-11"))
        with self.assertRaises(ValueError):
            course("2026-03-12", 30, Unit.FREE_DAYS, (RESUME, "2026-03-16"))
