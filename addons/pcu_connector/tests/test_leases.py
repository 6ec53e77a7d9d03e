"""Cron, jobs and buttons race: nothing is done twice, nothing is left behind."""

from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.addons.pcu_base.models.pcu_lease import LeaseLost
from odoo.addons.pcu_base.tests.common import dead_worker
from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .. import exchange_states as es
from ..models import pcu_exchange_lease
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestLeases(ExchangeCase):
    """Claims, fencing, lapsed leases, jobs."""

    def setUp(self):
        super().setUp()
        self.submission_id = self.remote.submit()
        self.poll()
        self.item = self.item_of(self.submission_id)

    def kill_holder(self, table):
        """Have the lease held by a process of this host that is gone."""
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET lease_owner = %s",
                SQL.identifier(table),
                dead_worker(),
            )
        )

    def test_second_worker_gets_nothing(self):
        """A row that is held is left to its holder."""
        self.assertTrue(self.item._transact("_claim"))
        self.assertFalse(self.item._transact("_claim"))
        calls = len(self.remote.calls)
        self.item.advance()
        self.work()
        self.assertEqual(len(self.remote.calls), calls)

    def test_an_interval_never_lasts_a_tick_longer_than_set(self):
        """Who falls due before the cron's next run is looked at in this one."""
        self.env.cr.execute(
            "UPDATE pcu_platform SET last_poll_at = now() AT TIME ZONE 'UTC'"
            " - interval '59 s', next_poll_at = now() AT TIME ZONE 'UTC'"
            " + interval '1 s'"
        )
        self.assertTrue(self.platform._poll())

    def test_who_was_looked_at_just_now_is_left_alone(self):
        """A second trigger right after a look asks the platform nothing."""
        self.assertFalse(self.platform._poll())

    def test_the_next_look_waits_in_the_queue_once(self):
        """The scheduler may be a minute late; the job queue is not."""
        self.env["queue.job"].search([]).unlink()
        with trap_jobs() as trap:
            self.platform._plan_next_poll()
            trap.assert_jobs_count(1, only=self.platform._job_poll)
            self.assertEqual(trap.enqueued_jobs[0].eta, self.platform.next_poll_at)

    def test_one_that_hangs_keeps_no_other_waiting(self):
        """Of several that are due, all but the first have a job besides the cron."""
        platform_class = type(self.platform)
        self.patch(platform_class, "_has_job_runner", lambda _self: True)
        self.patch(platform_class, "_poll", lambda _self: False)
        other = self.platform.copy({"code": "second", "institution": "second"})
        self.make_due()
        (self.platform + other).next_poll_at = fields.Datetime.now()
        self.env["queue.job"].search([]).unlink()
        with trap_jobs() as trap:
            self.env.ref("pcu_connector.ir_cron_wake").method_direct_trigger()
            trap.assert_jobs_count(1, only=other._job_poll)
            self.assertEqual(trap.enqueued_jobs[0].recordset, other)

    def test_late_worker_is_refused(self):
        """A worker whose lease was taken over stores nothing any more."""
        late = self.item._transact("_claim")
        self.item._transact("_release", late)
        self.assertGreater(self.item._transact("_claim"), late)
        with self.assertRaises(LeaseLost):
            self.item._transact("_store", late, "_store_gone")
        with self.assertRaises(LeaseLost):
            self.item._transact("_extend_lease", late)
        self.item.invalidate_recordset()
        self.assertEqual(self.item.state, es.SEEN)

    def test_lapsed_lease_is_taken_over(self):
        """What a killed worker held is worked on later."""
        self.item._transact("_claim")
        self.env.cr.execute(
            "UPDATE pcu_exchange_item SET lease_until = lease_until - interval '1 h'"
        )
        self.work()
        self.assertEqual(self.item_of(self.submission_id).state, es.ACKED)

    def test_lease_of_a_dead_process_is_freed(self):
        """On the same host nobody waits for a process that is gone."""
        self.item._transact("_claim")
        self.kill_holder("pcu_exchange_item")
        self.item._transact("_free_dead_leases")
        self.assertTrue(self.item._transact("_claim"))

    def test_lease_of_a_living_process_stays(self):
        """Freeing leases never takes one from somebody at work."""
        self.item._transact("_claim")
        self.item._transact("_free_dead_leases")
        self.assertFalse(self.item._transact("_claim"))

    def test_one_look_at_a_time(self):
        """A second look finds the first one at work."""
        self.make_due()
        self.assertTrue(self.platform._transact("_claim_poll"))
        self.make_due()
        self.assertFalse(self.platform._transact("_claim_poll"))

    def test_rows_get_jobs_once(self):
        """Each new row gets one job, and a second one only after the first began."""
        self.patch(type(self.platform), "_has_job_runner", lambda _self: True)
        with trap_jobs() as trap:
            self.item._delay_advance()
            self.item._delay_advance()
            trap.assert_jobs_count(1, only=self.item._job_advance)

    def test_few_rows_get_a_job_each_and_many_share_them(self):
        """Several workers have something to do, and the queue is not flooded."""
        self.patch(type(self.platform), "_has_job_runner", lambda _self: True)
        row = {"platform_id": self.platform.id}
        many = self.item.create(
            [row | {"remote_id": str(n), "origin_key": str(n)} for n in range(100)]
        )
        for rows, jobs in ((many[:8], 8), (many[:30], 15), (many, 20)):
            with self.subTest(len(rows)), trap_jobs() as trap:
                rows._delay_advance()
                told = [job.recordset.ids for job in trap.enqueued_jobs]
                self.assertEqual(len(told), jobs)
                self.assertEqual([i for ids in told for i in ids], rows.ids)

    def test_job_does_what_the_cron_does(self):
        """A job calls the same advance; a repeated job finds nothing to do."""
        self.item._job_advance()
        self.assertEqual(self.item_of(self.submission_id).state, es.ACKED)
        calls = len(self.remote.calls)
        self.item._job_advance()
        self.assertEqual(len(self.remote.calls), calls)

    def test_cron_does_everything_alone(self):
        """Without a job runner the minute cron takes a submission all the way."""
        second = self.remote.submit()
        self.make_due()
        self.env.ref("pcu_connector.ir_cron_wake").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.item_of(second).state, es.ACKED)
        self.assertEqual(self.item_of(self.submission_id).state, es.ACKED)

    @mute_logger("odoo.addons.pcu_connector.models.pcu_exchange_item_work")
    def test_one_broken_row_does_not_stop_the_sweep(self):
        """A row that raises is logged; the next one is worked on."""
        second = self.remote.submit()
        self.poll()
        broken_id, item_class = self.item.id, type(self.item)
        advance = item_class._advance_one

        def sometimes(self, *args):
            if self.id == broken_id:
                raise ZeroDivisionError
            return advance(self, *args)

        self.patch(item_class, "_advance_one", sometimes)
        self.work()
        self.assertEqual(self.item_of(second).state, es.ACKED)

    def test_row_that_another_worker_ended_is_not_looked_at(self):
        """Who found it due before the other took it finds another token."""
        due = dict(self.item._transact("_get_due", 10, []))
        self.item._job_advance()
        seen = due[self.item.id]
        self.assertFalse(self.item._transact("_claim_and_look", seen))
        self.assertTrue(self.item._transact("_claim"))

    def test_own_change_in_the_list_is_left_to_the_worker(self):
        """A row that is being answered is not written by the list as well."""
        self.item._job_advance()
        self.item._transact("_claim")
        self.remote._touch(self.submission_id)
        version = self.item_of(self.submission_id).remote_version
        self.poll()
        self.assertEqual(self.item_of(self.submission_id).remote_version, version)

    def lose_database(self, model, method, times):
        """Let a transaction fail as if the database restarted and came back."""
        transact = type(model)._transact
        left = [times]

        def fragile(self, step, *args):
            away = step == method and left[0] > 0
            # Until it is back nothing else works either.
            if away or 0 < left[0] < times:
                left[0] -= 1
                raise psycopg2.OperationalError
            return transact(self, step, *args)

        self.patch(type(model), "_transact", fragile)
        self.patch(pcu_exchange_lease, "DATABASE_PAUSE", 0)

    @mute_logger("odoo.addons.pcu_connector.models.pcu_exchange_item_work")
    def test_who_lived_through_a_restart_of_the_database_gives_back(self):
        """The submission is free at once, not when the lease has run out."""
        self.lose_database(self.item, "_store", 3)
        self.work()
        self.assertFalse(self.item_of(self.submission_id).lease_until)
        self.work()
        self.assertEqual(self.item_of(self.submission_id).state, es.ACKED)

    @mute_logger("odoo.addons.pcu_connector.models.pcu_exchange_item_work")
    def test_who_was_overtaken_in_the_restart_gives_nothing_back(self):
        """The lease of another worker stays, whatever the first one remembers."""
        late = self.item._transact("_claim")
        self.item._transact("_release", late)
        self.item._transact("_claim")
        self.item._give_back("_release", late)
        self.assertTrue(self.item_of(self.submission_id).lease_until)

    def test_a_database_that_stays_away_is_not_waited_for_for_ever(self):
        """After the time of a lease there is nothing left to give back."""
        self.lose_database(self.item, "_release", 10**6)
        self.patch(pcu_exchange_lease, "LEASE", 0)
        with self.assertRaises(psycopg2.OperationalError):
            self.item._give_back("_release", 1)

    def poll_in_vain(self):
        """Look, and break; what is stored all the same is kept for the test."""
        broke = False
        try:
            self.poll()
        except ZeroDivisionError:
            # ``assertRaises`` would take back what the look has stored.
            broke = True
        self.assertTrue(broke)

    @mute_logger("odoo.addons.pcu_connector.models.pcu_platform_poll")
    def test_look_that_breaks_gives_the_lease_back(self):
        """A fault of our own does not keep the next look waiting."""

        def broken(self, platform, rows):
            raise ZeroDivisionError

        self.patch(type(self.item), "_store_rows", broken)
        self.poll_in_vain()
        self.platform.invalidate_recordset()
        self.assertFalse(self.platform.lease_until)

    @mute_logger("odoo.addons.pcu_connector.models.pcu_platform_poll")
    def test_look_that_breaks_is_shown_until_one_succeeds(self):
        """The screen names a trace, and what can't be mended is not tried all day."""
        self.work()
        item_class = type(self.item)
        with patch.object(item_class, "_store_rows", side_effect=ZeroDivisionError):
            for seconds in (10, self.platform.poll_minutes * 60):
                self.poll_in_vain()
                self.platform.invalidate_recordset()
                wait = self.platform.next_poll_at - fields.Datetime.now()
                self.assertAlmostEqual(wait.total_seconds(), seconds, delta=5)
        self.assertEqual(self.platform.health, "attention")
        self.assertRegex(self.platform.health_text, "trace: [0-9a-f]{12}")
        log = self.env["pcu.exchange.log"].search([], limit=1)
        self.assertEqual(log.state, "failed")
        self.assertIn(self.platform.incident_detail, log.problem)
        self.assertEqual(self.platform.state, "running")
        self.poll()
        self.assertEqual(
            (self.platform.health, self.platform.incident), ("good", False)
        )

    def test_look_of_a_killed_process_is_made_again_at_once(self):
        """What a killed process was asked to look for needs no new interval."""
        self.platform.poll_minutes = 60
        self.make_due()
        self.platform._transact("_claim_poll")
        second = self.remote.submit()
        self.assertFalse(self.platform._poll())
        self.kill_holder("pcu_platform")
        self.platform._transact("_free_dead_leases")
        self.assertTrue(self.platform._poll())
        self.assertTrue(self.item_of(second))
        self.assertFalse(self.platform._poll())

    @mute_logger("odoo.addons.pcu_connector.models.pcu_platform_poll")
    def test_look_without_a_way_to_the_platform_gives_the_lease_back(self):
        """A fault before the first call does not keep the next look waiting."""

        def broken(self):
            raise ZeroDivisionError

        self.patch(type(self.platform), "_make_adapter", broken)
        self.poll_in_vain()
        self.platform.invalidate_recordset()
        self.assertFalse(self.platform.lease_until)
