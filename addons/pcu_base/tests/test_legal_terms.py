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
