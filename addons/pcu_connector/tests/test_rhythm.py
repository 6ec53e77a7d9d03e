"""How often a platform is looked at: by hour, by day, by what happens."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..models.pcu_exchange_quota import DAY
from .common import ExchangeCase

#: Friday at noon and at night, in Romania.
NOON, NIGHT = datetime(2026, 11, 20, 10), datetime(2026, 11, 20, 22)
SATURDAY = datetime(2026, 11, 21, 10)


@tagged("post_install", "-at_install")
class TestRhythm(ExchangeCase):
    """Base 8 minutes, 30 when nobody works."""

    def setUp(self):
        super().setUp()
        self.platform.write({"poll_minutes": 8, "quiet_minutes": 30})
        old = NOON - timedelta(days=9)
        self.env["pcu.exchange.item"].search([]).write({"first_seen_at": old})

    def assertPace(self, moment, minutes):
        pace = self.platform._get_pace(moment)
        self.assertTrue(minutes * 0.85 <= pace <= minutes * 0.95, pace)

    def test_nights_and_free_days_are_slower(self):
        self.assertPace(NOON, 8)
        self.assertPace(NIGHT, 30)
        self.assertPace(SATURDAY, 30)

    def test_call_of_the_platform_makes_it_faster_for_a_while(self):
        self.platform.asked_at = NOON
        self.assertPace(NOON + timedelta(minutes=10), 4)
        self.assertPace(NOON + timedelta(minutes=20), 8)
        self.platform.asked_at = NIGHT
        self.assertPace(NIGHT + timedelta(minutes=10), 8)

    def test_something_new_makes_it_faster_for_an_hour(self):
        _id, item = self.registered()
        item.first_seen_at = NOON
        self.assertPace(NOON + timedelta(minutes=50), 4)
        self.assertPace(NOON + timedelta(minutes=70), 8)

    def test_calls_that_are_used_up_early_make_nothing_faster(self):
        self.platform.write({"asked_at": NOON, "calls_per_day": 100})
        quota = self.env["pcu.exchange.quota"].create(
            {"platform_id": self.platform.id, "period": DAY, "began_at": NOON,
             "calls": 60}
        )  # fmt: skip
        self.assertPace(NOON, 8)
        quota.calls = 20
        self.assertPace(NOON, 4)

    def test_look_plans_the_next_one_by_it(self):
        """And a call of the platform is remembered."""
        with freeze_time(NIGHT):
            self.poll()
        wait = self.platform.next_poll_at - NIGHT
        self.assertTrue(timedelta(minutes=25) < wait < timedelta(minutes=29), wait)
        self.assertFalse(self.platform.asked_at)
        self.platform._request_poll()
        self.env.invalidate_all()
        self.assertTrue(self.platform.asked_at)
        self.assertLessEqual(self.platform.next_poll_at, fields.Datetime.now())

    def test_night_is_not_called_late(self):
        """Three intervals of the hour it is, and a little."""
        for moment, minutes, late in (
            (NOON, 20, False), (NOON, 30, True), (NIGHT, 80, False), (NIGHT, 100, True),
        ):  # fmt: skip
            self.platform.last_success_at = moment - timedelta(minutes=minutes)
            with self.subTest(moment=moment, minutes=minutes), freeze_time(moment):
                self.assertEqual(self.platform._is_late(), late)
