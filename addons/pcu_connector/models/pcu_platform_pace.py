"""Not more than the platform allows, and not more than we can take in."""

import shutil

from odoo import api, fields, models

from .. import exchange_states as es
from .pcu_exchange_quota import DAY, MINUTE

#: Free bytes of the filestore's disk below which nothing more is downloaded.
FREE_DISK = 1024**3


class PcuPlatform(models.Model):
    """The budget of calls and the backlog."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"

    calls_per_minute = fields.Integer(
        help="How many calls the platform allows in a minute; 0 if it sets no limit."
    )
    calls_per_day = fields.Integer(
        help="How many calls the platform allows in a day; 0 if it sets no limit."
    )
    answers_share = fields.Integer(
        string="Kept for answers (%)",
        required=True,
        default=20,
        help="This part of the calls is never used for reading, so that receipts and "
        "decisions can always leave.",
    )
    max_waiting = fields.Integer(
        string="Largest backlog",
        required=True,
        default=2000,
        help="When so many submissions wait for their number, nothing more is listed "
        "until some have got it. Nothing is lost: they wait on the platform.",
    )
    quota_text = fields.Char(compute="_compute_quota_text", string="Calls used")

    _pace_check = models.Constraint(
        "CHECK(calls_per_minute >= 0 AND calls_per_day >= 0 AND max_waiting > 0"
        " AND answers_share BETWEEN 0 AND 90)",
        "Write budgets of 0 or more, a backlog of 1 or more, and keep 0 to 90 percent "
        "for answers.",
    )

    @api.depends("calls_per_minute", "calls_per_day")
    @api.depends_context("lang")
    def _compute_quota_text(self):
        """Say how much of the running day's budget is used."""
        used = {
            row.platform_id: row.calls
            for row in self.env["pcu.exchange.quota"]
            # sudo: the counter is shown to whoever sees the platform
            .sudo()
            .search([("platform_id", "in", self.ids), ("period", "=", DAY)])
            if row.began_at.date() == fields.Datetime.now().date()
        }
        for platform in self:
            platform.quota_text = platform.calls_per_day and self.env._(
                "%(used)s of %(limit)s today",
                used=used.get(platform, 0),
                limit=platform.calls_per_day,
            )

    def _get_meter(self):
        """Return what an adapter asks before each call, or None without a budget."""
        if not (self.calls_per_minute or self.calls_per_day):
            return None
        return lambda writes: self._transact("_take_call", writes)

    def _take_call(self, writes):
        """Count a call against each budget.

        :param writes: the call tells the platform something we owe it
        :raise BudgetSpent: nothing may be sent now
        """
        budgets = {MINUTE: self.calls_per_minute, DAY: self.calls_per_day}
        for period, limit in budgets.items():
            if limit:
                kept = 0 if writes else limit * self.answers_share // 100
                self.env["pcu.exchange.quota"]._take(self, period, limit - kept)

    def _has_backlog(self):
        """Tell whether enough waits already, or the disk has no room for more."""
        waiting = self.env["pcu.exchange.item"].search_count(
            [("platform_id", "=", self.id), ("state", "in", list(es.INTAKE))],
            limit=self.max_waiting,
        )
        return waiting >= self.max_waiting or self._is_disk_low()

    @api.model
    def _is_disk_low(self):
        """Tell whether downloads would take the last room of the filestore's disk."""
        folder = self.env["pcu.document"]._get_filestore_tmp()
        return shutil.disk_usage(folder).free < FREE_DISK
