"""Bad days: outages, refusals, broken files. Nothing is lost, all is visible."""

import ast
from unittest.mock import patch

import requests
from lxml import etree
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import mute_logger, tagged

from .. import exchange_states as es
from .. import retry_ladder
from ..models import pcu_platform_poll
from .common import ExchangeCase

STEPS = "odoo.addons.pcu_connector.models.pcu_exchange_item_steps"


@tagged("post_install", "-at_install")
class TestFaults(ExchangeCase):
    """What a fault does to a row and to the whole platform."""

    def test_outage_opens_the_breaker_and_heals(self):
        """Three faults in a row: one incident; one cheap call brings it back."""
        self.remote.fail(".", error=requests.ConnectTimeout(), times=100)
        for _try in range(4):
            self.poll()
        self.assertEqual(self.platform.state, "unreachable")
        self.assertEqual(self.platform.health, "bad")
        since = self.platform.incident_at
        calls = len(self.remote.calls)
        self.poll()
        self.assertEqual(len(self.remote.calls), calls)
        self.assertEqual(self.platform.incident_at, since)
        self.remote.faults.clear()
        submission_id = self.remote.submit()
        self.make_due()
        self.assertTrue(self.platform._probe())
        self.env.invalidate_all()
        self.assertEqual(self.platform.state, "running")
        self.assertFalse(self.platform.incident)
        self.pull()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_registering_goes_on_during_an_outage(self):
        """What is fetched already gets its number while the platform is down."""
        submission_id = self.remote.submit()
        self.poll()
        item = self.item_of(submission_id)
        self.remote.fail("PUT", error=requests.ConnectTimeout(), times=100)
        self.work()
        for _try in range(4):
            self.make_due()
            self.work()
        self.assertEqual(self.platform.state, "unreachable")
        self.assertTrue(item.request_id.entry_id.number)
        self.assertEqual(item.effect_ids[0].attempts, 0)
        self.remote.faults.clear()
        self.make_due()
        self.platform._probe()
        self.env.invalidate_all()
        self.work()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_wrong_secret_stops_the_platform_once(self):
        """One incident, one to-do, no further calls until a person looked."""
        self.remote.secret = "changed"
        self.poll()
        self.assertEqual(self.platform.state, "stopped")
        self.assertIn("401", self.platform.incident)
        calls = len(self.remote.calls)
        self.pull()
        self.assertEqual(len(self.remote.calls), calls)
        todo = self.platform.activity_ids
        self.assertEqual(len(todo), len(todo.user_id))
        self.remote.secret = "correct horse"
        self.platform.client_secret = "correct horse"
        self.assertEqual(self.platform.state, "running")
        self.assertTrue(self.poll())

    def test_auth_fault_on_an_item_costs_it_nothing(self):
        """The submission is not to blame for our sign-in."""
        submission_id = self.remote.submit()
        self.poll()
        self.remote.fail("GET /submissions/", status=403)
        self.remote.fail("GET /institutions/", status=403)
        self.work()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.attempts), (es.SEEN, 0))
        self.assertEqual(self.platform.state, "stopped")

    def test_refusal_of_one_file_stops_nobody_else(self):
        """A firewall dislikes it; the sign-in works, so the others go on (N7)."""
        self.remote.fail("/files/", status=403, times=99)
        with_file = self.remote.submit([("a.pdf", b"a")])
        other = self.remote.submit()
        self.pull()
        self.assertEqual(self.platform.state, "running")
        self.assertEqual(self.item_of(other).state, es.ACKED)
        item = self.item_of(with_file)
        self.assertIn("firewall", item.problem_summary)
        for _try in range(retry_ladder.MAX_ODD_TRIES):
            self.make_due()
            self.work()
        self.assertEqual(item.state, es.HELD)
        self.assertIn(item, self.shown_by("stuck"))
        self.remote.faults.clear()
        item.action_retry()
        self.work()
        self.assertEqual(item.state, es.ACKED)

    def test_refusal_of_one_answer_is_sent_again(self):
        """What was refused did not arrive: it isn't asked for under its reference."""
        self.remote.fail("PUT .*receipt", status=403)
        submission_id = self.remote.submit()
        self.pull()
        self.make_due()
        self.work()
        self.assertEqual(self.remote.told(submission_id), ["receipt", "registration"])
        self.assertEqual(self.remote.sent("GET /references"), 0)

    def test_slow_platforms_leave_time_for_what_is_here(self):
        """Who could not be looked at in this run is looked at in the next, at once."""
        submission_id = self.remote.submit()
        self.poll()
        lists = self.remote.sent("GET /institutions")
        self.platform.next_poll_at = fields.Datetime.now()
        self.env.flush_all()
        with (
            patch.object(pcu_platform_poll, "CRON_BUDGET", 0),
            patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress,
        ):
            self.env["pcu.platform"]._cron_wake()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)
        self.assertEqual(self.remote.sent("GET /institutions"), lists)
        self.assertEqual(progress.call_args.kwargs, {"remaining": 1})

    def test_the_first_fault_is_said_in_words(self):
        """Nobody waits for the breaker to learn that the platform is away."""
        self.poll()
        self.remote.fail("GET /institutions", status=503)
        self.make_due()
        self.poll()
        self.assertEqual(self.platform.failures, 1)
        self.assertEqual(self.platform.health, "attention")
        self.assertIn("does not answer", self.platform.health_text)

    def test_throttled_waits_as_told(self):
        """429 costs no try and is not a fault of the platform."""
        submission_id = self.remote.submit()
        self.poll()
        self.remote.fail("GET /subm", status=429, headers={"Retry-After": "600"})
        self.work()
        item = self.item_of(submission_id)
        self.assertEqual((item.attempts, item.problem_code), (0, "throttled"))
        self.assertEqual(self.platform.failures, 0)
        self.assertIn(item, self.shown_by("retrying"))
        self.assertNotIn(item, self.shown_by("stuck"))
        waits = item.next_try_at - item.write_date
        self.assertGreater(waits.total_seconds(), 500)

    def shown_by(self, name):
        """Return what a filter of the console shows."""
        view = self.env["pcu.exchange.item"].get_view(view_type="search")["arch"]
        found = etree.fromstring(view).find(f".//filter[@name='{name}']")
        domain = ast.literal_eval(found.get("domain"))
        return self.env["pcu.exchange.item"].search(domain)

    def test_an_answer_that_is_sent_again_by_itself_is_shown(self):
        """The way out has its place in the console, too."""
        submission_id = self.remote.submit()
        self.poll()
        self.remote.fail("PUT", status=503)
        self.work()
        item = self.item_of(submission_id)
        self.assertIn(item, self.shown_by("retrying"))
        self.make_due()
        self.work()
        self.assertNotIn(item, self.shown_by("retrying"))

    def test_a_list_that_has_to_wait_is_seen(self):
        """Nothing is broken, and still nobody may believe that all is taken over."""
        self.poll()
        self.remote.fail("GET /institutions", status=429)
        self.make_due()
        self.poll()
        self.assertEqual(self.platform.failures, 0)
        self.assertEqual(self.platform.state, "running")
        self.assertEqual(self.platform.health, "attention")
        self.assertIn("slow down", self.platform.health_text)
        self.poll()
        self.assertFalse(self.platform.incident)
        self.assertEqual(self.platform.health, "good")

    def test_a_submission_that_has_to_wait_is_no_affair_of_the_platform(self):
        """The list works; the one submission says itself why it waits."""
        self.remote.submit()
        self.poll()
        self.remote.fail("GET /subm", status=429)
        self.work()
        self.assertFalse(self.platform.incident)
        self.assertEqual(self.platform.health, "busy")

    def test_a_place_in_the_list_that_is_refused_is_given_up(self):
        """The list is read from its beginning, and what is known stays one row."""
        known = self.remote.submit()
        self.poll()
        self.platform.submissions_cursor = "https://elsewhere.test/next"
        submission_id = self.remote.submit()
        self.remote.fail("/submissions$", status=400)
        self.pull()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)
        self.assertEqual(len(self.item_of(known)), 1)
        self.assertEqual(self.platform.failures, 0)
        self.assertTrue(self.platform.submissions_cursor.isdigit())

    def test_a_list_that_is_refused_from_its_beginning_is_a_fault(self):
        """Beginning anew is no way around a list that does not work."""
        self.poll()
        self.remote.fail("/submissions$", status=400, times=2)
        self.make_due()
        self.poll()
        self.assertEqual(self.platform.failures, 1)

    def test_server_fault_climbs_the_ladder(self):
        """500 counts, waits longer each time, and ends by itself."""
        submission_id = self.remote.submit()
        self.poll()
        self.remote.fail("GET /submissions/", status=500, times=2)
        self.work()
        self.make_due()
        self.work()
        item = self.item_of(submission_id)
        self.assertEqual(item.attempts, 2)
        self.assertTrue(item.first_failure_at)
        self.make_due()
        self.work()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.attempts), (es.ACKED, 0))

    def test_wrong_bytes_twice_wait_for_a_person(self):
        """Once is bad luck, twice needs a person; the rest goes on."""
        submission_id = self.remote.submit([("a.pdf", b"right"), ("b.pdf", b"good")])
        file_id = self.remote.submissions[submission_id]["files"][0]["id"]
        self.remote.contents[file_id] = b"wrong"
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.problem_code), (es.HELD, "hash_mismatch"))
        self.assertEqual(item.file_ids.mapped("state"), [es.HELD, "verified"])
        self.assertFalse(item.request_id)
        with self.subTest("repaired on the platform"):
            self.remote.contents[file_id] = b"right"
            item.action_retry()
            item = self.item_of(submission_id)
            self.assertEqual(item.state, es.ACKED)
            self.assertEqual(len(item.request_id.document_ids), 2)

    def test_files_that_came_before_a_fault_are_kept(self):
        """The second file's fault throws the first one's bytes away no more."""
        submission_id = self.remote.submit([("a.pdf", b"one"), ("b.pdf", b"two")])
        second = self.remote.submissions[submission_id]["files"][1]["id"]
        self.remote.fail(f"GET .*{second}", status=500)
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.file_ids.mapped("state"), ["verified", "pending"])
        self.assertEqual(item.problem_code, "server")
        self.make_due()
        self.work()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)
        self.assertEqual(self.remote.sent("GET .*/files/"), 3)

    def test_file_that_changed_on_the_disk_is_fetched_again(self):
        """Of files stored together one is not what came any more: none is lost."""
        submission_id = self.remote.submit([("a.pdf", b"one"), ("b.pdf", b"two")])
        item_class = type(self.env["pcu.exchange.item"])
        bring, paths = item_class._bring, []

        def spoiling(item, token, step, adapter):
            outcome = bring(item, token, step, adapter)
            paths.append(outcome.path)
            if len(paths) == 2:
                paths[0].write_bytes(b"odd")
            return outcome

        self.patch(item_class, "_bring", spoiling)
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.file_ids.mapped("state"), ["pending", "pending"])
        self.assertEqual((item.problem_code, item.lease_until), ("server", False))
        for _try in range(2):
            self.make_due()
            self.work()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(
            [file.document_id._read() for file in item.file_ids], [b"one", b"two"]
        )

    def test_register_without_the_missing_files(self):
        """A clerk may register what is there; the rest is named on the request."""
        submission_id = self.remote.submit([("a.pdf", b"right"), ("b.pdf", b"good")])
        file_id = self.remote.submissions[submission_id]["files"][1]["id"]
        self.remote.contents[file_id] = b"nope"
        self.pull()
        item = self.item_of(submission_id)
        item.action_register_without_files()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(item.request_id.document_ids.name, "a.pdf")
        self.assertIn("b.pdf", " ".join(item.request_id.message_ids.mapped("body")))
        # A second press that began before the first had ended.
        with self.assertRaises(UserError):
            item._transact("_skip_files", self.env.uid)
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_what_has_its_request_goes_on(self):
        """A row that was set back after it was registered still gets its answers."""
        submission_id = self.remote.submit()
        self.poll()
        item = self.item_of(submission_id)
        token = item._transact("_claim")
        item.write(
            {"payload": self.remote.submissions[submission_id], "state": es.VERIFIED}
        )
        self.env.flush_all()
        item._transact("_file_request", token)
        self.env.invalidate_all()
        request = item.request_id
        item.state = es.VERIFIED
        self.env.flush_all()
        item._transact("_release", token)
        self.work()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.request_id), (es.ACKED, request))

    def test_what_was_changed_meanwhile_is_not_registered(self):
        """Who holds it for the register looks again whether it is still ready."""
        submission_id = self.remote.submit()
        self.poll()
        item = self.item_of(submission_id)
        token = item._transact("_claim")
        item.payload = self.remote.submissions[submission_id]
        self.env.flush_all()
        for state in (es.SEEN, es.WITHDRAWN):
            item.state = state
            self.env.flush_all()
            item._transact("_file_request", token)
            with self.subTest(state=state):
                self.assertFalse(item.request_id)

    @mute_logger(STEPS)
    def test_bug_is_tried_three_times_and_shown(self):
        """An unexpected exception reaches no clerk, only a trace does."""
        item_class = type(self.env["pcu.exchange.item"])

        def broken(self):
            raise ZeroDivisionError

        self.patch(item_class, "_prepare_request_values", broken)
        submission_id, other = self.remote.submit(), self.remote.submit()
        self.poll()
        for _try in range(3):
            self.make_due()
            self.work()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.attempts), (es.DEAD, 3))
        self.assertRegex(item.problem_detail, "^[0-9a-f]{12}$")
        self.assertEqual(self.item_of(other).state, es.DEAD)

    @mute_logger(STEPS)
    def test_full_disk_waits(self):
        """A full disk stops the download, not the submission."""
        import errno

        from ..adapters.edirect import EDirectAdapter

        def full(self, *args, **kwargs):
            raise OSError(errno.ENOSPC, "disk")

        submission_id = self.remote.submit([("a.pdf", b"a")])
        self.poll()
        with self.subTest("full"):
            original = EDirectAdapter.download
            self.patch(EDirectAdapter, "download", full)
            self.work()
            item = self.item_of(submission_id)
            self.assertEqual((item.problem_code, item.attempts), ("disk", 0))
        with self.subTest("free again"):
            self.patch(EDirectAdapter, "download", original)
            self.make_due()
            self.work()
            self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_every_problem_has_its_words(self):
        """No reader ever meets a bare code."""
        from .. import problems

        for code in ("not_sent", "server", "auth", "bug", "permanent", "invented"):
            text = problems.describe(self.env, code, "x")
            self.assertGreater(len(text), 20)
        self.assertFalse(problems.describe(self.env, False, False))

    def test_look_that_failed_leaves_a_line(self):
        """The log tells faults and news; quiet looks leave none."""
        log = self.env["pcu.exchange.log"]
        self.poll()
        self.assertFalse(log.search([]))
        self.remote.submit()
        self.poll()
        self.assertEqual(log.search([]).new_count, 1)
        self.remote.fail("GET /inst", status=503)
        self.poll()
        failed = log.search([("state", "=", "failed")])
        self.assertEqual(len(failed), 1)
        self.assertIn("503", failed.problem)
