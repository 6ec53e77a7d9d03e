"""Whatever breaks, a row is found again or a person sees it and can go on."""

import errno

from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import exchange_states as es
from ..adapters.payloads import Submission
from .common import ConsoleCase

STEPS = "odoo.addons.pcu_connector.models.pcu_exchange_item_steps"


@tagged("post_install", "-at_install")
class TestLiveness(ConsoleCase):
    """Rows that stood where the sweep, or a person, did not look."""

    def _owe_decision(self, item, documents=None):
        """Owe the end of a registered submission."""
        effects = self.env["pcu.exchange.effect"]
        return effects._owe(item, "decision", 1, {"outcome": "favourable"}, documents)

    def break_decisions(self):
        """Let no decision's words be put together; return what repairs it."""
        effects = type(self.env["pcu.exchange.effect"])
        prepare = effects._prepare_body

        def broken(self):
            if self.kind == "decision":
                raise ZeroDivisionError
            return prepare(self)

        self.patch(effects, "_prepare_body", broken)
        return lambda: self.patch(effects, "_prepare_body", prepare)

    def press(self, item, button):
        """Press a button as the clerk does."""
        getattr(item.with_user(self.operator), button)()
        self.env.invalidate_all()

    def test_brought_by_hand_goes_on_after_a_kill_while_the_platform_is_down(self):
        """Registering needs no call: what has all its files is found at once."""
        self.platform.state = "unreachable"
        submission = Submission.parse(
            self.remote.submissions[self.remote.submit()] | {"files": []}
        )
        item = self.env["pcu.exchange.item"].browse(
            self.env["pcu.exchange.item"]._transact(
                "_take_by_hand", self.platform.id, "zip", submission, (), self.env.uid
            )
        )
        self.assertEqual(item.state, es.FETCHED)
        self.work()
        self.assertTrue(item.request_id.entry_id.number)

    def test_complete_submission_gets_its_number_though_its_platform_was_archived(self):
        """It was filed; what is all here needs nothing from the platform."""
        submission_id, listed = self.remote.submit(), self.remote.submit()
        self.poll()
        item, unread = self.item_of(submission_id), self.item_of(listed)
        item.write(
            {"payload": self.remote.submissions[submission_id], "state": es.VERIFIED}
        )
        self.platform.active = False
        calls = len(self.remote.calls)
        self.work()
        self.assertTrue(item.request_id.entry_id.number)
        self.assertFalse(unread.request_id)
        self.assertEqual(len(self.remote.calls), calls, "nothing is told to it")

    @mute_logger(STEPS)
    def test_answer_that_cannot_be_put_together_waits_for_a_person(self):
        """It climbs the ladder as any fault does, and is shown."""
        _id, item = self.registered()
        effect = self._owe_decision(item)
        repair = self.break_decisions()
        self.work()
        self.assertEqual((effect.problem_code, effect.attempts), ("bug", 1))
        self.assertFalse(item.lease_until)
        self.assertFalse(self.env["pcu.exchange.item"]._get_due(10, []), "not due yet")
        for _try in range(2):
            self.make_due()
            self.work()
        self.assertEqual(effect.state, es.DEAD)
        self.assertTrue(item.is_stuck)
        repair()
        self.press(item, "action_retry")
        self.assertEqual(effect.state, es.DONE)
        self.assertFalse(item.problem_summary)

    @mute_logger(STEPS)
    def test_answer_behind_a_broken_one_keeps_what_was_sent_before(self):
        """The fault is the broken one's: the answer before it is recorded."""
        _id, item = self.registered()
        effects = self.env["pcu.exchange.effect"]
        effects._owe_state(item, "in_progress", None)
        decision = self._owe_decision(item)
        self.break_decisions()
        self.work()
        progress = item.effect_ids.filtered(lambda e: e.kind == "state")
        self.assertEqual((progress.state, progress.attempts), (es.DONE, 0))
        self.assertEqual((decision.problem_code, decision.attempts), ("bug", 1))

    @mute_logger(STEPS)
    def test_fault_is_kept_though_what_came_before_cannot_be_stored(self):
        """The disk fills up between two files: shown, waited for, lease given back."""
        submission_id = self.remote.submit([("a.pdf", b"one"), ("b.pdf", b"two")])
        second = self.remote.submissions[submission_id]["files"][1]["id"]
        self.remote.fail(f"GET .*{second}", status=500)
        file_class = type(self.env["pcu.exchange.file"])
        store = file_class._store_bytes

        def full(self, paths):
            raise OSError(errno.ENOSPC, "disk")

        self.patch(file_class, "_store_bytes", full)
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual((item.problem_code, item.lease_until), ("server", False))
        self.patch(file_class, "_store_bytes", store)
        self.make_due()
        self.work()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_repaired_version_that_failed_is_read_before_it_is_registered(self):
        """Pressing "try again" takes what the applicant repaired, not what was."""
        submission_id, item = self.stuck()
        self.solve(item, "returned", repair_code="unreadable")
        there = self.remote.submissions[submission_id]
        there["form"] = {"Suprafața": "500 mp"}
        there["files"] = [self.remote._file("bun.pdf", b"bun")]
        self.remote._touch(submission_id)
        self.remote.fail(f"GET .*/submissions/{submission_id}$", status=400, code="odd")
        self.pull()
        self.assertEqual(item.state, es.HELD)
        self.press(item, "action_retry")
        self.assertIn("bun.pdf", item.request_id.document_ids.mapped("name"))
        self.assertEqual(item.payload["form"], {"Suprafața": "500 mp"})

    def test_act_that_failed_is_shown_and_tried_again_on_a_person_s_word(self):
        """Neither waits unseen for its hour."""
        submission_id, item = self.registered()
        self.remote.happen(submission_id, "message", [("c.pdf", b"c")], text="Poftim")
        self.remote.fail("/files/", status=500)
        self.pull()
        event = item.event_ids.filtered("text")
        self.assertEqual(event.problem_code, "server")
        self.assertEqual(item.problem_summary, event.problem)
        self.press(item, "action_retry")
        self.assertEqual(event.state, "applied")
        self.assertFalse(item.problem_summary)

    def test_act_whose_file_cannot_be_had_is_applied_without_it(self):
        """The applicant's words must reach the desk, whatever became of the file."""
        submission_id, item = self.registered()
        self.remote.happen(submission_id, "message", [("c.pdf", b"c")], text="Poftim")
        self.remote.fail("/files/", status=400, code="broken")
        self.pull()
        event = item.event_ids.filtered("text")
        self.assertEqual(event.state, es.HELD)
        self.press(item, "action_register_without_files")
        self.assertEqual(event.state, "applied")
        self.assertFalse(item.problem_summary)
        notes = " ".join(item.request_id.message_ids.mapped("body"))
        self.assertIn("Poftim", notes)
        self.assertIn("c.pdf", notes)

    def test_problem_of_an_answer_that_gave_way_is_shown_no_more(self):
        """What is never sent can be in nobody's way."""
        _id, item = self.registered()
        effects = self.env["pcu.exchange.effect"]
        effects._owe_state(item, "in_progress", None)
        item.effect_ids[-1:].problem_code = "throttled"
        self.assertTrue(item.problem_summary)
        effects._owe_state(item, "in_progress", None)
        self.work()
        self.assertFalse(item.problem_summary)
