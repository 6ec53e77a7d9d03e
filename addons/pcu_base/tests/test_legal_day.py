"""The calendar of the institution follows law, Government and closings."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..legal_terms import Unit, legal_due, legal_holidays
from .common import PcuBaseCase


@tagged("post_install", "-at_install")
class TestLegalDay(PcuBaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["pcu.legal.day"]

    def make_day(self, day, kind, **values):
        return self.days.create(
            {"date": day, "kind": kind, "name": "Test", "law": "HG 1/2041", **values}
        )

    def test_install_fills_the_holidays_of_the_coming_years(self):
        """Last year and the next three are there from the first day."""
        year = date.today().year
        for each in (year - 1, year, year + 1, year + 3):
            found = self.days.search(
                [("kind", "=", "holiday"), ("date", "in", list(legal_holidays(each)))]
            )
            self.assertEqual(len(found), len(legal_holidays(each)))

    def test_filling_again_adds_nothing_and_keeps_corrections(self):
        """A holiday deleted by hand does not come back."""
        filled = self.days._fill_legal_holidays(date(2041, 6, 1))
        self.assertEqual({d.date.year for d in filled}, set(range(2040, 2045)))
        removed = filled.filtered(lambda d: d.date == date(2041, 1, 2))
        removed.unlink()
        self.assertFalse(self.days._fill_legal_holidays(date(2041, 7, 1)))
        self.assertTrue(self.days._calendar().is_working(date(2041, 1, 2)))

    def test_calendar_of_a_far_year_follows_the_law(self):
        calendar = self.days._calendar()
        self.assertFalse(calendar.is_working(date(2051, 12, 25)))

    def test_government_day_off_and_recovery_change_terms_at_once(self):
        """The cached calendar notices a new day."""
        calendar = self.days._calendar(self.company)
        thursday = date(2041, 8, 1)
        self.assertEqual(
            legal_due(thursday, 1, Unit.WORKING_DAYS, calendar), date(2041, 8, 2)
        )
        self.make_day(date(2041, 8, 2), "day_off")
        self.make_day(date(2041, 8, 3), "recovery")
        calendar = self.days._calendar(self.company)
        self.assertEqual(
            legal_due(thursday, 1, Unit.WORKING_DAYS, calendar), date(2041, 8, 3)
        )

    def test_closing_of_one_institution_is_not_the_others(self):
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        self.make_day(date(2041, 8, 1), "closing", company_id=other.id)
        self.assertFalse(self.days._calendar(other).is_working(date(2041, 8, 1)))
        self.assertTrue(self.days._calendar(self.company).is_working(date(2041, 8, 1)))

    def test_calendar_costs_no_query_the_second_time(self):
        self.days._calendar(self.company)
        with self.assertQueryCount(0):
            self.days._calendar(self.company)

    @mute_logger("odoo.sql_db")
    def test_same_day_twice_is_refused(self):
        self.make_day(date(2041, 8, 1), "day_off")
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.make_day(date(2041, 8, 1), "day_off")
