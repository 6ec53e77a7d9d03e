"""Legal holidays and terms: every vector of the research, and the edges."""

from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..legal_terms import (
    Calendar,
    Unit,
    internal_due,
    legal_due,
    legal_holidays,
    orthodox_easter,
    working_days_left,
)


def day(text):
    return date.fromisoformat(text)


# Good Friday, Easter, Easter Monday, Pentecost, Pentecost Monday.
EASTER = {
    2025: ("04-18", "04-20", "04-21", "06-08", "06-09"),
    2026: ("04-10", "04-12", "04-13", "05-31", "06-01"),
    2027: ("04-30", "05-02", "05-03", "06-20", "06-21"),
    2028: ("04-14", "04-16", "04-17", "06-04", "06-05"),
    2029: ("04-06", "04-08", "04-09", "05-27", "05-28"),
    2030: ("04-26", "04-28", "04-29", "06-16", "06-17"),
    2031: ("04-11", "04-13", "04-14", "06-01", "06-02"),
    2032: ("04-30", "05-02", "05-03", "06-20", "06-21"),
}
TERMS = (
    (5, Unit.FREE_DAYS), (10, Unit.FREE_DAYS), (15, Unit.FREE_DAYS),
    (30, Unit.FREE_DAYS), (30, "internal"), (45, Unit.FREE_DAYS),
    (5, Unit.WORKING_DAYS), (10, Unit.WORKING_DAYS), (15, Unit.WORKING_DAYS),
)  # fmt: skip
VECTORS = """
2025-09-10 2025-09-16 2025-09-22 2025-09-26 2025-10-13 2025-10-10 2025-10-27 2025-09-17 2025-09-24 2025-10-01
2026-03-12 2026-03-18 2026-03-23 2026-03-30 2026-04-14 2026-04-09 2026-04-27 2026-03-19 2026-03-26 2026-04-02
2026-04-09 2026-04-15 2026-04-20 2026-04-27 2026-05-11 2026-05-08 2026-05-25 2026-04-20 2026-04-27 2026-05-05
2026-11-20 2026-11-26 2026-12-02 2026-12-07 2026-12-21 2026-12-18 2027-01-05 2026-11-27 2026-12-08 2026-12-15
2026-12-10 2026-12-16 2026-12-21 2026-12-28 2027-01-11 2027-01-08 2027-01-25 2026-12-17 2026-12-24 2027-01-04
2026-12-23 2026-12-29 2027-01-04 2027-01-08 2027-01-25 2027-01-22 2027-02-08 2026-12-31 2027-01-12 2027-01-19
"""  # noqa: E501


@tagged("post_install", "-at_install")
class TestLegalTerms(BaseCase):
    def test_easter_and_pentecost_of_every_year(self):
        """Good Friday, Easter and Pentecost fall where the table says."""
        for year, expected in EASTER.items():
            holidays = legal_holidays(year)
            self.assertEqual(orthodox_easter(year), day(f"{year}-{expected[1]}"))
            for each in expected:
                self.assertIn(day(f"{year}-{each}"), holidays)

    def test_holidays_of_the_labour_code_and_no_other(self):
        """2027 has 17 legal holidays, in 2026 and 2031 two share a day."""
        self.assertEqual(len(legal_holidays(2027)), 17)
        self.assertEqual(len(legal_holidays(2026)), 16)
        self.assertEqual(len(legal_holidays(2031)), 16)
        for fixed in (
            "01-01", "01-02", "01-06", "01-07", "01-24", "05-01", "06-01",
            "08-15", "11-30", "12-01", "12-25", "12-26",
        ):  # fmt: skip
            self.assertIn(day(f"2027-{fixed}"), legal_holidays(2027))

    def test_vectors(self):
        """Each term of the research ends on the day computed there."""
        for line in VECTORS.strip().splitlines():
            start, *expected = map(day, line.split())
            for (length, unit), due in zip(TERMS, expected, strict=True):
                with self.subTest(start=start, length=length, unit=unit):
                    if unit == "internal":
                        for each in (Unit.FREE_DAYS, Unit.CALENDAR_DAYS):
                            self.assertEqual(internal_due(start, length, each), due)
                    else:
                        self.assertEqual(legal_due(start, length, unit), due)

    def test_term_ending_on_a_week_end_moves_forward(self):
        """A legal term ends on a working day, the internal one before it."""
        friday = day("2026-09-04")
        self.assertEqual(legal_due(friday, 1, Unit.CALENDAR_DAYS), day("2026-09-07"))
        self.assertEqual(legal_due(friday, 2, Unit.CALENDAR_DAYS), day("2026-09-07"))
        self.assertEqual(legal_due(friday, 3, Unit.CALENDAR_DAYS), day("2026-09-07"))
        self.assertEqual(legal_due(friday, 4, Unit.CALENDAR_DAYS), day("2026-09-08"))
        self.assertEqual(internal_due(friday, 8, Unit.FREE_DAYS), day("2026-09-11"))

    def test_term_over_the_end_of_the_year(self):
        """The holidays of the next year count without being entered."""
        self.assertEqual(
            legal_due(day("2026-12-29"), 2, Unit.WORKING_DAYS), day("2026-12-31")
        )
        self.assertEqual(
            legal_due(day("2026-12-31"), 4, Unit.FREE_DAYS), day("2027-01-05")
        )
        self.assertEqual(
            legal_due(day("2026-12-31"), 5, Unit.FREE_DAYS), day("2027-01-08")
        )

    def test_months_end_on_the_same_or_the_last_day(self):
        """A month after 31 January is the last day of February, then rolled."""
        self.assertEqual(
            legal_due(day("2028-01-31"), 1, Unit.MONTHS), day("2028-02-29")
        )
        self.assertEqual(
            internal_due(day("2026-01-31"), 1, Unit.MONTHS), day("2026-02-27")
        )
        self.assertEqual(
            legal_due(day("2026-11-20"), 2, Unit.MONTHS), day("2027-01-20")
        )

    def test_hours_are_real_hours(self):
        """The 24 hours for the press do not wait for Monday."""
        friday = datetime(2026, 9, 4, 16, 30)
        self.assertEqual(legal_due(friday, 24, Unit.HOURS), day("2026-09-05"))
        self.assertEqual(legal_due(friday, 6, Unit.HOURS), day("2026-09-04"))
        self.assertEqual(legal_due(friday.date(), 24, Unit.HOURS), day("2026-09-05"))
        self.assertEqual(internal_due(friday, 72, Unit.HOURS), day("2026-09-07"))

    def test_internal_term_is_never_after_the_legal_one(self):
        """However short the term and however long the reserve."""
        for start in (day("2026-04-08"), day("2026-12-24"), day("2026-09-05")):
            for unit in Unit.ALL:
                for length in (0, 1, 2, 3, 10):
                    for lead in (0, 2, 30):
                        with self.subTest(start=start, unit=unit, n=length, lead=lead):
                            legal = legal_due(start, length, unit)
                            internal = internal_due(start, length, unit, lead_days=lead)
                            self.assertLessEqual(internal, legal)
                            self.assertGreaterEqual(internal, start)

    def test_lead_days_bring_the_internal_term_forward(self):
        """Five days in hand, rolled back over the week-end."""
        self.assertEqual(
            internal_due(day("2026-03-12"), 30, Unit.FREE_DAYS, lead_days=5),
            day("2026-04-06"),
        )

    def test_day_off_and_recovery_day(self):
        """A bridge day moves the term on, the Saturday worked for it counts."""
        calendar = Calendar(
            days_off=frozenset({day("2026-09-07")}),
            working_days=frozenset({day("2026-09-12")}),
        )
        friday = day("2026-09-04")
        self.assertEqual(
            legal_due(friday, 1, Unit.FREE_DAYS, calendar), day("2026-09-08")
        )
        self.assertEqual(calendar.add_working(friday, 5), day("2026-09-12"))
        self.assertEqual(calendar.add_working(day("2026-09-14"), -1), day("2026-09-12"))

    def test_holidays_of_a_stated_year_are_only_those_entered(self):
        """A holiday taken out by hand stays out; other years follow the law."""
        calendar = Calendar(
            days_off=frozenset({day("2026-01-01")}), stated_years=frozenset({2026})
        )
        self.assertTrue(calendar.is_working(day("2026-01-02")))
        self.assertFalse(calendar.is_working(day("2025-01-02")))

    def test_working_days_left(self):
        """Due today is not late; a week-end after it is."""
        for today, due, left in (
            ("2026-09-04", "2026-09-04", 0),
            ("2026-09-04", "2026-09-07", 1),
            ("2026-09-05", "2026-09-07", 1),
            ("2026-09-05", "2026-09-04", -1),
            ("2026-09-07", "2026-09-04", -1),
            ("2026-09-08", "2026-09-04", -2),
            ("2026-04-09", "2026-04-15", 2),
            ("2026-12-31", "2027-01-08", 3),
        ):
            with self.subTest(today=today, due=due):
                self.assertEqual(working_days_left(day(today), day(due)), left)

    def test_unknown_unit_and_negative_length_are_refused(self):
        with self.assertRaises(ValueError):
            legal_due(day("2026-09-04"), 1, "weeks")
        with self.assertRaises(ValueError):
            legal_due(day("2026-09-04"), -1, Unit.FREE_DAYS)
