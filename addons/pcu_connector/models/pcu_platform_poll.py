"""Looking at a platform: pages of rows, each committed with the cursor behind it.

One look at a time per platform, held by a lease with a fencing token. Whatever stops it
(a crash, a cut line, a kill) leaves the last committed page, and the next look goes on
from there.
"""

import logging
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base import worker_identity
from odoo.addons.pcu_base.models.pcu_lease import LeaseLost
from odoo.fields import Domain
from odoo.tools import SQL, config

from .. import paging, scheduler_threads
from ..adapters.base import ExchangeError
from .pcu_exchange_item_steps import Fault
from .pcu_exchange_lease import LEASE
from .pcu_exchange_mixin import DATABASE_FAULTS
from .pcu_platform_refused import UNSTORABLE

_logger = logging.getLogger(__name__)

#: Seconds within which a second press of the button is the same as the first.
DEBOUNCE = 3
#: Seconds between two runs of the cron. Who would fall due before the next run is
#: looked at in this one: otherwise an interval could last a whole tick longer than set.
CRON_TICK = 60
#: The incident of a look that broke by a fault of our own.
LOOK_FAULT = "look_fault"
#: Seconds of work of one run of the cron, and those of it kept for the submissions:
#: slow platforms must not keep what is here already from getting its number.
CRON_BUDGET, KEPT_FOR_ITEMS = 50, 20
#: Seconds after which a look leaves a feed; the next one goes on where it committed.
LOOK_BUDGET = 60


@dataclass
class Look:
    """One look under way: its lease, its beginning, its line in the log if any."""

    token: int
    log_id: int | None = None
    started_at: datetime = field(default_factory=fields.Datetime.now)
    clock: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.clock


class PcuPlatform(models.Model):
    """The inbound lane: list, remember, go on."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"

    # ------------------------------------------------------------------
    # Cron, jobs, wake-up
    # ------------------------------------------------------------------

    @api.model
    def _cron_wake(self):
        """Do everything that is due; jobs only make it faster."""
        stop = time.monotonic() + CRON_BUDGET
        scheduler_threads.watch()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        for held in (self, self.env["pcu.exchange.item"]):
            held._transact("_free_dead_leases")
        due = self.browse(self._transact("_get_due_ids"))
        if self._has_job_runner():
            # One that hangs keeps this run, but not the jobs of the others.
            due[1:]._delay_poll()
            cron._commit_progress(remaining=1)
        waiting = len(due)
        for platform in due:
            if time.monotonic() > stop - KEPT_FOR_ITEMS:
                break
            waiting -= 1
            try:
                platform._probe()
                if platform._poll():
                    platform._transact("_plan_next_poll")
            except Exception:
                # One platform must not keep the others from being looked at.
                _logger.exception("Looking at platform %s failed", platform.id)
        stop = max(stop, time.monotonic() + KEPT_FOR_ITEMS)
        left = self.env["pcu.exchange.item"]._sweep(stop)
        cron._commit_progress(1, remaining=left + waiting)

    @api.model
    def _has_job_runner(self):
        """Tell whether this server runs queue jobs at all."""
        return "queue_job" in config["server_wide_modules"]

    def _was_just_asked(self):
        """Tell whether somebody asked for a look a moment ago."""
        now = fields.Datetime.now()
        due = self.next_poll_at
        return bool(due and now - timedelta(seconds=DEBOUNCE) < due <= now)

    def _request_poll(self):
        """Have the platform looked at now; False when that is under way."""
        self.ensure_one()
        scheduler_threads.watch()
        now = fields.Datetime.now()
        # Operators and the wake-up call may have it done without writing platforms.
        platform_sudo = self.sudo()
        busy = platform_sudo.lease_until and platform_sudo.lease_until > now
        # A look under way may be past the new row: it has one more right after it.
        platform_sudo._run_sql(
            SQL(
                "UPDATE pcu_platform SET next_poll_at = %(now)s, asked_at = %(now)s"
                " WHERE id = %(id)s",
                now=now,
                id=self.id,
            )
        )
        if busy:
            return False
        # That it is due does not say that somebody was woken up; a second trigger and
        # a second job of the same name cost nothing.
        self._wake_cron()
        if self._has_job_runner():
            self._delay_poll()
        return True

    def _delay_poll(self):
        """Put one look into the job queue, unless one waits there already."""
        for platform in self:
            platform.sudo().with_delay(
                priority=5,
                identity_key=f"pcu_connector:poll:{platform.id}",
                description=self.env._("Look at %(name)s", name=platform.name),
            )._job_poll()

    def _job_poll(self):
        """Job: look, then work on what came."""
        scheduler_threads.watch()
        self._poll()
        self.env["pcu.exchange.item"]._sweep(time.monotonic() + CRON_BUDGET)
        self._transact("_plan_next_poll")

    def _plan_next_poll(self):
        """Put the next regular look into the job queue, for its very second.

        Odoo's scheduler only asks once a minute whether something is due, so a look
        could be a minute late by the cron alone. One such job waits at a time.
        """
        if self._has_job_runner() and self._may_call():
            self.sudo().with_delay(
                priority=5,
                eta=self.next_poll_at,
                identity_key=f"pcu_connector:next_poll:{self.id}",
                description=self.env._("Look at %(name)s", name=self.name),
            )._job_poll()

    @api.model
    def _get_due_ids(self):
        """Return the platforms that want a look or a try, the longest waiting first.

        One question for all: of hundreds of institutions few are due in a minute.
        Whether a look is really due is decided by the claim.
        """
        now = fields.Datetime.now()
        looks = Domain("state", "=", "running") & Domain(
            "next_poll_at", "<=", now + timedelta(seconds=CRON_TICK)
        )
        tries = Domain("state", "=", "unreachable") & Domain("retry_at", "<=", now)
        return self.search(
            Domain("active", "=", True) & (looks | tries), order="next_poll_at, id"
        ).ids

    # ------------------------------------------------------------------
    # The look
    # ------------------------------------------------------------------

    def _poll(self):
        """Look at the platform if it is due; return whether this run did.

        Safe to call at any time from anywhere: only the holder of the lease looks.
        """
        self.ensure_one()
        token = self._transact("_claim_poll")
        if not token:
            return False
        look = Look(token)
        try:
            self._bring_in(look)
        except LeaseLost:
            _logger.info("Platform %s: another worker took over the look", self.id)
        except ExchangeError as error:
            self._give_back("_fail_poll", look, error)
        except DATABASE_FAULTS:
            self._give_back("_release_poll", look)
            raise
        except Exception:
            # Not the platform's fault: the next look need not wait for the lease.
            fault = Fault.of_bug()
            # Who called logs the rest, right below.
            _logger.error("Platform %s: fault %s", self.id, fault.detail)
            self._give_back("_release_poll", look, fault)
            raise
        return True

    def _bring_in(self, look):
        """Bring in all feeds of the platform to their end."""
        adapter = self._transact("_make_adapter")
        try:
            self._list_pages(look, "submissions", adapter.list_submissions)
            if adapter.capabilities.events:
                self._list_pages(look, "events", adapter.list_events)
            self._transact("_finish_poll", look)
        finally:
            adapter.close()

    def _list_pages(self, look, feed, call):
        """Bring in a feed page by page until the platform has no more."""
        position, size = self._transact("_get_feed_position", look.token, feed)
        pages = paging.pages(call, position, size)
        end = time.monotonic() + LOOK_BUDGET
        while time.monotonic() < end and not self._transact("_has_backlog"):
            page = next(pages, None)
            if not page:
                return
            try:
                look.log_id = self._transact("_store_page", look, feed, page)
            except UNSTORABLE:
                look.log_id = self._transact("_store_page_by_rows", look, feed, page)

    # ------------------------------------------------------------------
    # Its short transactions
    # ------------------------------------------------------------------

    def _claim_poll(self):
        """Take the lease if the platform is due; first statement of its transaction.

        A lease that lapsed is a look that somebody began and never ended: whoever asked
        for it still waits, so it is due whatever the interval says.
        """
        row = self._run_sql(
            SQL(
                """
                WITH due AS (
                    SELECT id FROM pcu_platform
                     WHERE id = %(id)s AND active AND state = 'running'
                       AND (next_poll_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                            OR lease_until < (clock_timestamp() AT TIME ZONE 'UTC')
                            OR (next_poll_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                                                + %(tick)s * interval '1 second'
                                AND last_poll_at <= (clock_timestamp()
                                                     AT TIME ZONE 'UTC')
                                                - %(rest)s * interval '1 second'))
                       AND (lease_until IS NULL
                            OR lease_until < (clock_timestamp() AT TIME ZONE 'UTC'))
                       FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE pcu_platform p
                   SET lease_token = coalesce(p.lease_token, 0) + 1,
                       lease_owner = %(owner)s,
                       lease_until = (clock_timestamp() AT TIME ZONE 'UTC')
                                    + %(lease)s * interval '1 second',
                       next_poll_at = (clock_timestamp() AT TIME ZONE 'UTC')
                            + p.poll_minutes * %(jitter)s * interval '1 minute'
                  FROM due WHERE p.id = due.id
             RETURNING p.lease_token
                """,
                id=self.id,
                owner=worker_identity.current(),
                lease=LEASE,
                tick=CRON_TICK,
                rest=CRON_TICK / 2,
                # A little early: the work after it belongs to the interval too.
                jitter=random.uniform(0.85, 0.95),  # noqa: S311
            )
        )
        if not row:
            return None
        if self.safe_mode:
            self.lease_until = False
            return None
        return row[0]

    def _get_feed_position(self, token, feed):
        """Return where the feed goes on, and how many rows to ask for."""
        self._extend_lease(token)
        return self[f"{feed}_cursor"] or "", self.page_size

    def _store_page(self, look, feed, page):
        """Commit the rows of a page together with the cursor behind them (N5)."""
        self._extend_lease(look.token)
        counts = self._get_inbox(feed)._store_rows(self, page.items)
        return self._note_page(look, feed, page, counts)

    def _get_inbox(self, feed):
        """Return the model that keeps the rows of a feed."""
        models_ = {"submissions": "pcu.exchange.item", "events": "pcu.exchange.event"}
        return self.env[models_[feed]]

    def _note_page(self, look, feed, page, counts):
        """Remember where the feed goes on, and what the page brought."""
        if page.next_cursor:
            self[f"{feed}_cursor"] = page.next_cursor
        log = self.env["pcu.exchange.log"]._add(self, look, feed, page, counts)
        return log.id

    def _finish_poll(self, look):
        """Give the lease back after a look that reached the end."""
        self._extend_lease(look.token)
        now = fields.Datetime.now()
        self.write({"last_poll_at": now, "last_success_at": now, "lease_until": False})
        self._note_platform_success()
        self._note_list_read()
        self.env["pcu.exchange.log"]._close(self, look)
        if self.next_poll_at <= now:
            # Somebody asked for a look while this one was under way.
            self._wake_cron()
        else:
            pace = timedelta(minutes=self._get_pace(now))
            self.next_poll_at = look.started_at + pace

    def _release_poll(self, look, fault=None):
        """Give the lease back and try again: soon, or if that was tried, in turn.

        :param fault: what is wrong with us, to be shown until a look succeeds
        """
        self._extend_lease(look.token)
        again = bool(fault) and self.incident_code == LOOK_FAULT
        wait = self.poll_minutes * 60 if again else 10
        soon = fields.Datetime.now() + timedelta(seconds=wait)
        self.write({"lease_until": False, "next_poll_at": soon})
        self._wake_cron(soon)
        if fault:
            self.write(self._prepare_incident(LOOK_FAULT, fault.detail))
            self.env["pcu.exchange.log"]._close(self, look, fault)

    def _fail_poll(self, look, error):
        """Give the lease back after a fault; what is committed stays."""
        try:
            self._extend_lease(look.token)
        except LeaseLost:
            return
        self.write({"last_poll_at": fields.Datetime.now(), "lease_until": False})
        if error.kind != "auth":
            # Soon again: three of these in a row are left to the breaker.
            wait = max(error.retry_after or 0.0, 10.0)
            self.next_poll_at = fields.Datetime.now() + timedelta(seconds=wait)
            self._wake_cron(self.next_poll_at)
        self._note_platform_fault(error.kind, error.detail, listing=True)
        self.env["pcu.exchange.log"]._close(self, look, error)
