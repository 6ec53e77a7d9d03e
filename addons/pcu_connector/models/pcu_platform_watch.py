"""Does the connector live at all? Asked from outside the scheduled actions."""

from odoo import api, fields, models
from odoo.tools import SQL

from .. import exchange_states as es
from ..metrics import Metric
from .pcu_exchange_lease import LEASE

#: Minutes without a sign of life after which somebody has to look.
SILENCE_MINUTES = 10


class PcuPlatform(models.Model):
    """Signs of life, and figures for the monitoring of the house."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"

    # ------------------------------------------------------------------
    # Signs of life
    # ------------------------------------------------------------------

    @api.model
    def _get_wake_cron(self):
        """Return the minute cron, also when somebody switched it off."""
        # sudo: whoever asks whether the connector lives may not read crons
        return self.env.ref("pcu_connector.ir_cron_wake").sudo()

    @api.model
    def _get_silence(self):
        """Return the seconds since the connector last showed that it lives.

        A run of the minute cron, a look, or a worker at a long download.
        """
        heard = self.env.execute_query(
            SQL(
                """
                SELECT extract(epoch FROM (clock_timestamp() AT TIME ZONE 'UTC')
                       - greatest(
                    (SELECT lastcall FROM ir_cron WHERE id = %(cron)s),
                    (SELECT create_date FROM ir_cron WHERE id = %(cron)s),
                    (SELECT max(last_poll_at) FROM pcu_platform),
                    (SELECT max(lease_until) - %(lease)s * interval '1 second'
                       FROM pcu_exchange_item WHERE lease_until IS NOT NULL)))
                """,
                cron=self._get_wake_cron().id,
                lease=LEASE,
            )
        )[0][0]
        return max(float(heard), 0.0)

    @api.model
    def _is_silent(self):
        """Tell whether something should have happened long ago."""
        expected = self.search_count([("active", "=", True)], limit=1)
        return bool(expected) and self._get_silence() > SILENCE_MINUTES * 60

    @api.model
    def _is_held_back(self):
        """Tell whether a platform that is switched on waits in a copy."""
        return bool(self.search([("active", "=", True)]).filtered("safe_mode"))

    @api.model
    def _cron_watch(self):
        """Switch the minute cron on again: Odoo gives one up after many faults."""
        cron = self._get_wake_cron()
        if cron.active or self.env["pcu.platform"].search_count([], limit=1) == 0:
            return
        cron.active = True
        self._wake_cron()
        for platform in self.search([("active", "=", True)]):
            self.env["pcu.journal"]._log(platform, "platform_watch_revived")
            platform.message_post(
                body=self.env._(
                    "The scheduled action that takes over submissions was switched "
                    "off; it was switched on again. The server's log says why it "
                    "stopped."
                )
            )

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    @api.model
    def _get_metrics(self):
        """Return the figures for Prometheus: counts and times, no person's data."""
        platforms = self.search([("active", "=", True)])
        now = fields.Datetime.now()
        items = self.env["pcu.exchange.item"]._read_group(
            [], ["platform_id", "state"], ["__count"]
        )
        waiting = self.env["pcu.exchange.item"]._read_group(
            [("state", "in", [*es.INTAKE, *es.STUCK])],
            ["platform_id"],
            ["first_seen_at:min"],
        )
        effects = self.env["pcu.exchange.effect"]._read_group(
            [("state", "in", [*es.EFFECT_OPEN, *es.STUCK])],
            ["platform_id", "state"],
            ["__count", "create_date:min"],
        )
        return [
            Metric("pcu_silence_seconds", "Since the last sign of life.",
                   [({}, self._get_silence())]),
            Metric("pcu_platform_running", "1 if calls may go out to the platform.",
                   [({"platform": p.code}, p._may_call()) for p in platforms]),
            Metric("pcu_list_lag_seconds", "Since the last successful look.",
                   [({"platform": p.code}, (now - p.last_success_at).total_seconds())
                    for p in platforms if p.last_success_at]),
            Metric("pcu_items", "Submissions taken over, by state.",
                   [({"platform": p.code, "state": s}, n) for p, s, n in items]),
            Metric("pcu_oldest_unregistered_seconds", "Age of what waits longest.",
                   _ages(now, waiting)),
            Metric("pcu_effects", "Answers not yet recorded by the platform.",
                   [({"platform": p.code, "state": s}, n) for p, s, n, _at in effects]),
            Metric("pcu_oldest_unsent_seconds", "Age of the answer owed longest.",
                   _ages(now, ((p, at) for p, _s, _n, at in effects))),
            Metric("pcu_differences_open", "Differences found by the last comparison.",
                   self._get_open_differences(platforms)),
        ]  # fmt: skip

    @api.model
    def _get_open_differences(self, platforms):
        rows = self.env["pcu.exchange.reconciliation"]._read_group(
            [("platform_id", "in", platforms.ids), ("state", "=", "done")],
            ["platform_id"],
            ["id:max"],
        )
        last = self.env["pcu.exchange.reconciliation"].browse(id_ for _p, id_ in rows)
        return [({"platform": r.platform_id.code}, r.open_count) for r in last]


def _ages(now, rows):
    """Return the age of the oldest row of each platform, in seconds."""
    oldest = {}
    for platform, moment in rows:
        oldest[platform] = min(moment, oldest.get(platform, moment))
    return [
        ({"platform": platform.code}, (now - moment).total_seconds())
        for platform, moment in oldest.items()
    ]
