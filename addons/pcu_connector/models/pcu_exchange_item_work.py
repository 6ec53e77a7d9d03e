"""Who works on a submission: leases, fencing tokens, the sweep over what is due.

Cron, jobs and buttons all call ``advance``. A row is claimed for a while under a token;
whoever comes later leaves it alone, whoever comes too late stores nothing.
"""

import logging
import time
from math import ceil

import psycopg2
from odoo import api, models
from odoo.addons.pcu_base import worker_identity
from odoo.addons.pcu_base.models.pcu_lease import LeaseLost
from odoo.tools import SQL

from .. import exchange_states as es
from .pcu_exchange_item import PROVISIONAL
from .pcu_exchange_lease import LEASE
from .pcu_exchange_mixin import DATABASE_FAULTS

_logger = logging.getLogger(__name__)

#: More steps than any submission needs: a wall against running in circles.
MAX_STEPS = 500
#: Rows that a sweep asks for at once.
SWEEP_BATCH = 50
#: Jobs that the rows of a page become: enough for all workers of several servers.
MOST_JOBS = 20


class PcuExchangeItem(models.Model):
    """Claiming, working, giving back."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    # ------------------------------------------------------------------
    # Work: jobs, cron and buttons all end here
    # ------------------------------------------------------------------

    def _delay_advance(self):
        """Have these rows worked on soon; the cron does it if no job does."""
        if not self or self.env.context.get("pcu_from_platform"):
            # The worker that causes it goes on with it by itself.
            return
        platform = self.env["pcu.platform"]
        platform._wake_cron()
        if not platform._has_job_runner():
            return
        size = ceil(len(self) / MOST_JOBS)
        for start in range(0, len(self), size):
            items = self.sudo()[start : start + size]
            items.with_delay(
                identity_key=f"pcu_connector:items:{','.join(map(str, items.ids))}",
                description=self.env._(
                    "Advance %(items)s", items=", ".join(items.mapped("display_name"))
                ),
            )._job_advance()

    def _job_advance(self):
        """Job: do whatever these rows are waiting for."""
        self.exists().advance()

    @api.private
    def advance(self, adapters=None):
        """Do everything that can be done now, one committed step after the other.

        Asks for no right: who calls it has checked.
        Safe to call at any time from anywhere: a row that another worker holds is left
        to it, a step that is done is not done again.
        """
        own = adapters is None
        adapters = {} if own else adapters
        try:
            for item in self:
                item._advance_one(adapters)
        finally:
            if own:
                self._close_adapters(adapters)

    def _advance_one(self, adapters, seen=None):
        """Work on one row as long as the lease is ours and something is due.

        :param seen: the row's token when it was found due: who comes after another
            worker has nothing to look at
        """
        claim = self._transact("_claim_and_look", seen)
        if not claim:
            return
        token, step = claim
        try:
            for _step in range(MAX_STEPS):
                if not step:
                    return
                step = self._take_step(token, step, adapters)
        except LeaseLost:
            _logger.info("Item %s: another worker took over", self.id)
        except DATABASE_FAULTS:
            self._give_back("_release", token)
            raise

    def _claim_and_look(self, seen=None):
        """Take the lease and look what there is to do."""
        token = self._claim(seen)
        return token and (token, self._look(token))

    def _store(self, token, method, *args):
        """Store a step's result and look what comes next: one transaction.

        The fence is its first statement: a worker that lost the lease stores nothing.
        """
        self._fence(token)
        getattr(self, method)(*args)
        return self._look(token)

    def _look(self, token):
        """Return the next step, or give the lease back when there is none.

        What can't even be put together is a fault of the row whose turn it is; what was
        stored before in this transaction stays stored.
        """
        try:
            step = self._next_step()
        except psycopg2.Error:
            raise
        except Exception as error:  # noqa: BLE001 -- named and logged there
            step = None
            fault = self._name_fault(error, "look")
            self._note_row_fault(self._get_turn(), fault, "look")
        if not step:
            self._release(token)
        return step

    def _look_again(self, token):
        """Look what comes next, in a transaction of its own."""
        self._fence(token)
        return self._look(token)

    @api.model
    def _sweep(self, stop):
        """Advance what is due until the clock runs out; return how much is left."""
        adapters, tried = {}, set()
        try:
            while time.monotonic() < stop:
                due = self._transact("_get_due", SWEEP_BATCH, list(tried))
                if not due:
                    return 0
                for item_id, seen in due:
                    if time.monotonic() >= stop:
                        break
                    tried.add(item_id)
                    try:
                        self.browse(item_id)._advance_one(adapters, seen)
                    except Exception:
                        # One submission must not keep the others waiting (N7).
                        _logger.exception("Advancing item %s failed", item_id)
            return len(self._transact("_get_due", 1, list(tried)))
        finally:
            self._close_adapters(adapters)

    @api.model
    def _close_adapters(self, adapters):
        """Close the connections of a run."""
        for adapter in adapters.values():
            adapter.close()

    def _get_adapter(self, adapters, platform_id):
        """Return the run's connection to a platform, opening it at first use."""
        if platform_id not in adapters:
            platform = self.env["pcu.platform"].browse(platform_id)
            adapters[platform_id] = platform._transact("_make_adapter")
        return adapters[platform_id]

    # ------------------------------------------------------------------
    # The lease
    # ------------------------------------------------------------------

    def _claim(self, seen=None):
        """Take the lease; the first statement of its own transaction (finding 4).

        :param seen: the token that the row must still have, or None for any
        """
        row = self._run_sql(
            SQL(
                """
                WITH free AS (
                    SELECT id FROM pcu_exchange_item
                     WHERE id = %(id)s
                       AND (%(seen)s IS NULL OR coalesce(lease_token, 0) = %(seen)s)
                       AND (lease_until IS NULL
                            OR lease_until < (clock_timestamp() AT TIME ZONE 'UTC'))
                       FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE pcu_exchange_item i
                   SET lease_token = coalesce(i.lease_token, 0) + 1,
                       lease_owner = %(owner)s,
                       lease_until = (clock_timestamp() AT TIME ZONE 'UTC')
                                     + %(lease)s * interval '1 second'
                  FROM free WHERE i.id = free.id
             RETURNING i.lease_token
                """,
                id=self.id,
                seen=seen,
                owner=worker_identity.current(),
                lease=LEASE,
            )
        )
        return row and row[0]

    def _release(self, token):
        """Give the lease back."""
        self.flush_recordset()
        self._run_sql(
            SQL(
                "UPDATE pcu_exchange_item SET lease_until = NULL, lease_owner = NULL"
                " WHERE id = %s AND lease_token = %s",
                self.id,
                token,
            )
        )

    @api.model
    def _get_due(self, limit, tried):
        """Return rows with something to do now that nobody holds, oldest first.

        Registering needs no call, so it goes on while a platform is unreachable or in
        the archive.

        :return: pairs of id and token
        """
        callable_ids = self.env["pcu.platform"]._search_callable().ids
        return self.env.execute_query(
            SQL(
                """
                SELECT i.id, coalesce(i.lease_token, 0)
                  FROM pcu_exchange_item i
                 WHERE i.id IN (
                       SELECT id FROM pcu_exchange_item
                        WHERE state IN ('seen', 'fetched', 'downloading', 'verified')
                          AND next_try_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                          AND (platform_id = ANY(%(callable)s) OR state = 'verified'
                               OR state <> 'seen' AND NOT EXISTS (
                                   SELECT 1 FROM pcu_exchange_file w
                                    WHERE w.item_id = pcu_exchange_item.id
                                      AND w.state = 'pending'))
                        UNION
                       SELECT f.item_id FROM pcu_exchange_effect f
                         JOIN pcu_exchange_item x ON x.id = f.item_id
                         LEFT JOIN pcu_request r ON r.id = x.request_id
                         LEFT JOIN pcu_register_entry n ON n.id = r.entry_id
                        WHERE f.state IN ('waiting', 'sending', 'unknown')
                          AND f.next_try_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                          AND (n.number IS NOT NULL OR x.state = ANY(%(unnumbered)s))
                          AND x.remote_id NOT LIKE %(provisional)s
                          AND x.platform_id = ANY(%(callable)s)
                          AND NOT EXISTS (
                              SELECT 1 FROM pcu_exchange_effect b
                               WHERE b.item_id = f.item_id AND b.id < f.id
                                 AND b.state NOT IN
                                     ('done', 'superseded', 'cancelled'))
                        UNION
                       SELECT e.item_id FROM pcu_exchange_event e
                         JOIN pcu_exchange_item x ON x.id = e.item_id
                        WHERE e.state IN ('new', 'refreshed')
                          AND e.next_try_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                          AND (x.request_id IS NOT NULL
                               OR x.state IN ('withdrawn', 'refused'))
                          AND x.platform_id = ANY(%(callable)s))
                   AND (i.lease_until IS NULL
                        OR i.lease_until < (clock_timestamp() AT TIME ZONE 'UTC'))
                   AND i.id != ALL(%(tried)s)
              ORDER BY i.id
                 LIMIT %(limit)s
                """,
                callable=callable_ids,
                unnumbered=list(es.UNNUMBERED),
                provisional=f"{PROVISIONAL}%",
                tried=tried,
                limit=limit,
            )
        )
