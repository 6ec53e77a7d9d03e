"""Sent back to be repaired: what the applicant reads, what comes after, who may."""

from datetime import timedelta

import requests
from odoo import fields
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .. import exchange_states as es
from ..models.pcu_exchange_item_returned import REPAIR_DAYS
from ..reconciling import compare
from .common import ConsoleCase


@tagged("post_install", "-at_install")
class TestReturned(ConsoleCase):
    """The temporary negative receipt."""

    def returned(self, **values):
        """Send a stuck submission back."""
        submission_id, item = self.stuck(**values)
        self.solve(item, "returned", repair_code="unreadable")
        self.assertEqual(item.state, es.RETURNED)
        return submission_id, item

    def spoil(self):
        """Have the file that can't be had stay so."""
        self.remote.fail("/files/", status=400, code="broken", times=1)

    def test_applicant_reads_what_to_repair_and_nothing_is_registered(self):
        """A negative receipt that is not permanent, with the clerk's words, once."""
        submission_id, item = self.stuck()
        preview = self.solve(
            item, "returned", repair_code="infected", reason="Fișierul are un virus."
        )
        self.assertIn("gets no number now", preview)
        (told,) = self.remote.told(submission_id, "refusal")
        self.assertEqual(
            (told["permanent"], told["code"], told["text"]),
            (False, "infected", "Fișierul are un virus."),
        )
        row = self.journal(item, "exchange_returned")
        self.assertEqual(
            (row.user_id, row.reason), (self.operator, "Fișierul are un virus.")
        )
        self.assertFalse(item.request_id)
        self.assertIn("Sent back", item.problem_summary)
        self.assertFalse(item.is_stuck)

    def test_offered_words_say_that_it_need_not_be_filed_again(self):
        """Otherwise there would be two of them."""
        submission_id, _item = self.returned()
        (told,) = self.remote.told(submission_id, "refusal")
        self.assertIn("aceeași solicitare", told["text"])
        _id, item = self.stuck()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self.solve(item, "returned", repair_code="other")

    def test_our_own_answer_is_no_repair(self):
        """It raises the version there; what was filed is the same, so it waits on."""
        submission_id, item = self.returned()
        self.pull()
        self.pull()
        self.assertEqual(item.state, es.RETURNED)
        self.assertEqual(
            item.remote_version, self.remote.submissions[submission_id]["version"]
        )
        self.assertEqual(len(self.remote.told(submission_id)), 1)

    def test_repaired_version_goes_on_in_the_same_row(self):
        """New files and new words come to the register under one number."""
        submission_id, item = self.returned()
        there = self.remote.submissions[submission_id]
        there["form"] = {"Suprafața": "500 mp"}
        there["files"] = [self.remote._file("bun.pdf", b"bun")]
        self.remote._touch(submission_id)
        self.pull()
        self.assertEqual(self.item_of(submission_id), item)
        self.assertEqual(item.state, es.ACKED)
        self.assertIn("bun.pdf", item.request_id.document_ids.mapped("name"))
        self.assertEqual(item.payload["form"], {"Suprafața": "500 mp"})
        self.assertTrue(self.journal(item, "exchange_repaired"))
        self.assertFalse(item.returned_at or item.parked_until)
        self.assertEqual(
            self.remote.told(submission_id), ["refusal", "receipt", "registration"]
        )

    def test_answer_of_the_applicant_is_a_repair(self):
        """Its words and files come with it, whether or not the form changed."""
        submission_id, item = self.returned()
        self.remote.happen(submission_id, "message", [("bun.pdf", b"b")], text="Poftim")
        self.pull()
        self.work()
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(item.event_ids.filtered("text").state, "applied")
        self.assertIn("bun.pdf", item.request_id.document_ids.mapped("name"))

    def test_words_from_before_are_no_repair(self):
        """Only what the applicant writes after reading is an answer to it."""
        submission_id, item = self.stuck()
        self.remote.happen(submission_id, "message", text="Vă rog")
        self.spoil()
        self.pull()
        self.assertEqual(item.state, es.HELD)
        self.solve(item, "returned", reason="Nu se deschide.")
        self.pull()
        self.assertEqual(item.state, es.RETURNED)

    def test_still_broken_is_a_problem_again(self):
        """And it can be sent back a second time, with other words."""
        submission_id, item = self.returned()
        self.spoil()
        self.remote.happen(submission_id, "message", text="Încă o dată")
        self.pull()
        self.assertEqual(item.state, es.HELD)
        self.solve(item, "returned", reason="Tot nu se deschide.")
        texts = [told["text"] for told in self.remote.told(submission_id, "refusal")]
        self.assertEqual((len(texts), texts[1]), (2, "Tot nu se deschide."))

    def test_withdrawn_meanwhile_ends(self):
        """Who gives up instead of repairing has withdrawn."""
        submission_id, item = self.returned()
        self.remote.happen(submission_id, "withdrawn")
        self.pull()
        self.assertEqual(item.state, es.WITHDRAWN)
        self.assertFalse(item.request_id)

    def test_taken_as_it_is(self):
        """The clerk waits no longer: it gets its number with what was filed."""
        submission_id, item = self.returned()
        preview = self.solve(item, "as_is")
        self.assertIn("gets its number", preview)
        self.assertEqual(item.state, es.ACKED)
        row = self.journal(item, "exchange_as_is")
        self.assertEqual(row.user_id, self.operator)
        self.assertEqual(self.remote.told(submission_id)[0], "refusal")
        self.assertIn("waits for no repair", item._why_not("as_is"))

    def test_good_file_brought_to_the_counter_ends_the_waiting(self):
        """The announced file by hand: nobody waits for the platform any more."""
        submission_id, item = self.returned()
        context = item.with_user(self.operator).action_attach_by_hand()["context"]
        good = self.env["ir.attachment"].with_user(self.operator)
        wizard = self.env["pcu.exchange.manual"].with_user(self.operator)
        taken = wizard.with_context(**context).create(
            {"attachment_ids": good.create({"name": "a.pdf", "raw": b"a"}).ids}
        )
        self.env.flush_all()
        taken.action_take()
        self.env.invalidate_all()
        self.assertEqual((item.state, item.returned_at), (es.ACKED, False))
        self.assertEqual(len(item.request_id.document_ids), 1)
        self.assertIn("registration", self.remote.told(submission_id))

    def test_night_comparison_finds_no_fault_in_waiting(self):
        """It is open there and not registered here, and that is as it should be."""
        _id, item = self.returned()
        item.first_seen_at -= timedelta(days=2)
        side = item._get_side(fields.Datetime.now())
        self.assertEqual(compare("submitted", side), [])

    def test_refused_for_good_when_nobody_repairs(self):
        """The second receipt is permanent, and has a reference of its own."""
        submission_id, item = self.returned()
        self.solve(item, "refused", refusal_code="other", reason="Nereparată.")
        self.assertEqual(item.state, es.REFUSED)
        told = self.remote.told(submission_id, "refusal")
        self.assertEqual([body["permanent"] for body in told], [False, True])

    def test_comes_back_to_the_clerk_after_its_days(self):
        """Neither forgotten nor on the list while the applicant has time."""
        _id, item = self.returned()
        self.assertEqual(item.parked_until, local_day() + timedelta(REPAIR_DAYS))
        for days, waits in ((REPAIR_DAYS - 1, False), (REPAIR_DAYS, True)):
            day = local_day() + timedelta(days)
            found = item._get_waiting(self.company, fields.Datetime.now(), day)
            self.assertEqual(item in found, waits, days)
        with freeze_time(item.returned_at + timedelta(REPAIR_DAYS)):
            self.assertEqual(item._get_waiting_since(), fields.Datetime.now())

    def test_never_told_when_the_repair_was_quicker(self):
        """What waited for a platform that was down need not be said any more."""
        submission_id, item = self.stuck()
        self.platform.state = "unreachable"
        self.solve(item, "returned", reason="Nu se deschide.")
        self.remote.happen(submission_id, "message", text="Am reparat")
        self.platform.state = "running"
        self.poll()
        self.work()
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(self.remote.told(submission_id), ["receipt", "registration"])

    def repair_under_way(self, **lost):
        """Repair it while nobody knows whether the platform has our words."""
        submission_id, item = self.stuck()
        self.remote.fail("PUT .*refusal", **lost)
        self.solve(item, "returned", reason="Nu se deschide.")
        effect = item.effect_ids
        self.assertEqual(effect.state, es.UNKNOWN)
        self.remote.happen(submission_id, "message", text="Am reparat")
        self.poll()
        self.make_due()
        self.work()
        self.assertEqual(item.state, es.ACKED)
        return effect, self.remote.told(submission_id)

    def test_words_that_never_arrived_are_not_said_after_the_repair(self):
        """The platform is asked first; what it doesn't know need not leave again."""
        effect, told = self.repair_under_way(status=504)
        self.assertEqual(effect.state, es.CANCELLED)
        self.assertEqual(told, ["receipt", "registration"])

    def test_words_that_arrived_are_recorded_after_the_repair(self):
        """What the platform has is not forgotten because it is of no use any more."""
        effect, told = self.repair_under_way(error=requests.ReadTimeout(), after=True)
        self.assertEqual(effect.state, es.DONE)
        self.assertEqual(told, ["refusal", "receipt", "registration"])

    def test_repair_that_meets_our_answer_is_not_lost(self):
        """The list shows it while a worker is still sending."""
        submission_id, item = self.returned()
        self.remote.submissions[submission_id]["observations"] = "Am completat."
        self.remote._touch(submission_id)
        token = item._transact("_claim")
        self.poll()
        item._transact("_release", token)
        self.work()
        self.assertEqual(item.state, es.ACKED)

    def test_platform_without_repairs_gets_refusals_for_good_only(self):
        """Nobody waits for what can't come."""
        _id, item = self.stuck()
        self.platform.adapter = "svarinn"
        self.assertIn("can be repaired", item._why_not("returned"))
        with self.assertRaisesRegex(UserError, "can be repaired"):
            item._return(self.operator.id, "unreadable", "Nu se deschide.")

    def test_who_may(self):
        """The registry operator and the administrator; nobody else."""
        _id, item = self.stuck()
        for group in ("user", "inspector", "head", "auditor"):
            user = self.make_user(f"r_{group}", f"pcu_base.group_{group}")
            with self.subTest(group=group), self.assertRaises(AccessError):
                self.solve(item, "returned", user)
        self.assertEqual(item.state, es.HELD)
        admin = self.make_user("r_admin", "pcu_base.group_admin")
        self.solve(item, "returned", admin)
        self.assertEqual(item.state, es.RETURNED)
