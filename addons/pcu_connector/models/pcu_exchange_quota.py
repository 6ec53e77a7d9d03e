"""How many calls a platform got from us, counted where all workers see it."""

from odoo import fields, models
from odoo.tools import SQL

from ..adapters.base import BudgetSpent

MINUTE, DAY = "minute", "day"
SECONDS = {MINUTE: 60, DAY: 86400}


class PcuExchangeQuota(models.Model):
    """The calls of the minute or of the day that is running, one row each.

    A part of the budget is kept for what we owe: reading what is new may use up the
    rest, never the whole, so a receipt or a decision can always leave.
    """

    _name = "pcu.exchange.quota"
    _description = "Budget of calls"
    _order = "platform_id, period"

    platform_id = fields.Many2one(
        comodel_name="pcu.platform", required=True, ondelete="cascade"
    )
    period = fields.Selection(
        selection=[(MINUTE, "Minute"), (DAY, "Day")], required=True
    )
    began_at = fields.Datetime(required=True)
    calls = fields.Integer(required=True, aggregator=None)

    _period_uniq = models.UniqueIndex("(platform_id, period)")

    def _take(self, platform, period, limit):
        """Count one call if the budget still has it; one statement for all workers.

        :param limit: calls allowed in the period
        :raise BudgetSpent: with the seconds until the next period
        """
        seconds = SECONDS[period]
        self.env.cr.execute(
            SQL(
                """
                WITH running AS (
                    SELECT to_timestamp(floor(extract(epoch FROM clock_timestamp())
                           / %(seconds)s) * %(seconds)s) AT TIME ZONE 'UTC' AS began)
                INSERT INTO pcu_exchange_quota AS q
                       (platform_id, period, began_at, calls)
                SELECT %(platform)s, %(period)s, began, 1 FROM running
                ON CONFLICT (platform_id, period) DO UPDATE
                   SET calls = CASE WHEN q.began_at = excluded.began_at
                                    THEN q.calls + 1 ELSE 1 END,
                       began_at = excluded.began_at
                 WHERE q.began_at <> excluded.began_at OR q.calls < %(limit)s
             RETURNING calls
                """,
                seconds=seconds,
                platform=platform.id,
                period=period,
                limit=limit,
            )
        )
        if not self.env.cr.fetchone():
            self.env.cr.execute(
                SQL(
                    "SELECT %(seconds)s - extract(epoch FROM clock_timestamp())::bigint"
                    " %% %(seconds)s",
                    seconds=seconds,
                )
            )
            raise BudgetSpent(period, retry_after=float(self.env.cr.fetchone()[0]))
