"""Looking more often while something happens, and seldom when nobody works."""

import random
from datetime import timedelta

from odoo import fields, models
from odoo.addons.pcu_base.romania import local_time

from .. import polling_pace, waiting_ladder
from .pcu_exchange_quota import DAY

#: Minutes for which a call of the platform, or of a person, makes looks more frequent.
AFTER_A_CALL = 15
#: Minutes for which a new submission does.
AFTER_NEWS = 60


class PcuPlatform(models.Model):
    """The rhythm of the looks."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"

    quiet_minutes = fields.Integer(
        string="Nights and free days (minutes)",
        default=30,
        help="How often the platform is looked at when the town hall is closed. "
        "Something new makes it more frequent by itself.",
    )
    asked_at = fields.Datetime(readonly=True, copy=False)

    _quiet_positive = models.Constraint(
        "CHECK(quiet_minutes > 0)", "Look at least once in a while at night."
    )

    def _get_pace(self, now=None):
        """Return the minutes until the next look, a little early.

        The work after a look belongs to the interval, too.
        """
        self.ensure_one()
        now = now or fields.Datetime.now()
        local = local_time(now).replace(tzinfo=None)
        quiet = timedelta(minutes=self._get_quiet_minutes())
        calendar = self.env["pcu.legal.day"]._calendar(self.company_id)
        pace = polling_pace.minutes(
            self.poll_minutes,
            self._get_quiet_minutes(),
            # Whoever comes in the morning finds what came at night.
            working=waiting_ladder.is_open(local, calendar)
            or waiting_ladder.is_open(local + quiet, calendar),
            busy=self._is_busy(now),
            used=self._get_used_share(now),
            passed=(now.hour * 60 + now.minute) / 1440,
        )
        return pace * random.uniform(0.85, 0.95)  # noqa: S311

    def _get_quiet_minutes(self):
        """Return the interval of nights; a platform without one has no nights."""
        return self.quiet_minutes or self.poll_minutes

    def _get_longest_pause(self, now):
        """Return the minutes between two looks that are no reason to worry."""
        calendar = self.env["pcu.legal.day"]._calendar(self.company_id)
        quiet = timedelta(minutes=self._get_quiet_minutes())
        at_work = all(
            waiting_ladder.is_open(local_time(moment).replace(tzinfo=None), calendar)
            for moment in (now, now - quiet)
        )
        longest = max(self.poll_minutes, self._get_quiet_minutes())
        return self.poll_minutes if at_work else longest

    def _is_busy(self, now):
        """Tell whether something happens on the platform."""
        if self.asked_at and self.asked_at > now - timedelta(minutes=AFTER_A_CALL):
            return True
        fresh = [
            ("platform_id", "=", self.id),
            ("first_seen_at", ">", now - timedelta(minutes=AFTER_NEWS)),
        ]
        return bool(self.env["pcu.exchange.item"].search_count(fresh, limit=1))

    def _get_used_share(self, now):
        """Return which part of the day's calls is used up; 0 without a budget."""
        if not self.calls_per_day:
            return 0.0
        today = self.env["pcu.exchange.quota"].search(
            [("platform_id", "=", self.id), ("period", "=", DAY)]
        )
        here = today.began_at and today.began_at.date() == now.date()
        return today.calls / self.calls_per_day if here else 0.0
