"""The outbox: in order, once, and never before the number."""

import requests
from odoo.tests import tagged

from .. import exchange_states as es
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestAnswers(ExchangeCase):
    """What the platform is told."""

    def start(self, item):
        item.request_id._set_state("in_progress")

    def decide(self, item, content=b"%PDF-1.4 final", outcome="favourable"):
        document = self.env["pcu.document"]._create_from_bytes(
            [{"name": "Certificat ș.pdf", "content": content, "kind": "issued"}]
        )
        item.request_id._decide(outcome, "Se aprobă.", document)
        return document

    def test_progress_and_question_and_decision_go_out(self):
        """The whole way of a request reaches the platform in order."""
        submission_id, item = self.registered()
        self.start(item)
        item.request_id._ask_clarification("Lipsește actul.")
        self.work()
        item.request_id._set_state("in_progress")
        document = self.decide(item)
        self.work()
        self.assertEqual(
            self.remote.told(submission_id),
            ["receipt", "registration", "state", "messages", "decision"],
        )
        question = self.remote.told(submission_id, "messages")[0]
        self.assertEqual(question["kind"], "clarification_request")
        self.assertTrue(question["due_date"])
        decision = self.remote.told(submission_id, "decision")[0]
        upload = self.remote.uploads[decision["uploads"][0]]
        self.assertEqual(upload["data"], document._read())
        self.assertEqual(upload["name"], "Certificat ș.pdf")
        self.assertEqual(decision["number"], str(item.request_id.entry_id.number))
        self.assertEqual(self.item_of(submission_id).state, es.CLOSED)

    def test_nothing_is_sent_before_the_number(self):
        """An entry that waits for its number keeps its answers."""
        submission_id = self.remote.submit()
        self.poll()
        item = self.item_of(submission_id)
        numbering = type(self.env["pcu.register.entry"])
        self.patch(numbering, "_number_waiting", lambda *_args: [])
        self.work()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.REGISTERED)
        self.assertEqual(set(item.effect_ids.mapped("state")), {es.WAITING})
        self.assertFalse(self.remote.told(submission_id))

    def test_rollback_takes_the_answer_back(self):
        """What was not committed is not owed."""
        _id, item = self.registered()
        before = len(item.effect_ids)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.start(item)
            raise ZeroDivisionError
        item.invalidate_recordset()
        self.assertEqual(len(item.effect_ids), before)

    def test_unknown_outcome_is_looked_up(self):
        """Sent without an answer: the platform is asked, nothing is sent twice."""
        self.remote.fail("PUT .*receipt", error=requests.ReadTimeout(), after=True)
        submission_id = self.remote.submit()
        self.pull()
        effect = self.item_of(submission_id).effect_ids[0]
        self.assertEqual(effect.state, es.UNKNOWN)
        self.make_due()
        self.work()
        self.assertEqual(self.remote.sent("PUT .*receipt"), 1)
        self.assertEqual(self.remote.sent("GET /references"), 1)
        self.assertEqual(self.remote.told(submission_id), ["receipt", "registration"])

    def test_lost_on_the_way_is_sent_again(self):
        """The platform knows nothing: the same words go out once more."""
        self.remote.fail("PUT .*receipt", status=504)
        submission_id = self.remote.submit()
        self.pull()
        body = self.item_of(submission_id).effect_ids[0].body
        self.make_due()
        self.work()
        self.assertEqual(self.remote.told(submission_id, "receipt"), [body])

    def test_killed_while_sending_is_looked_up(self):
        """A process that died after sending left the row as being sent."""
        _id, item = self.registered()
        effect = item.effect_ids[0]
        effect.state = es.SENDING
        self.make_due()
        self.work()
        self.assertEqual(self.remote.sent("PUT .*receipt"), 1)
        self.assertEqual(effect.state, es.DONE)

    def test_killed_between_the_two_answers_asks_for_both(self):
        """They left one after the other, and nobody knows how far it came."""
        submission_id, item = self.registered()
        receipt, registration = item.effect_ids
        (receipt + registration).write({"state": es.SENDING})
        self.remote.forget(submission_id, "registration")
        self.make_due()
        self.work()
        self.assertEqual(self.remote.sent("GET /references"), 2)
        self.assertEqual(self.remote.sent("PUT .*receipt"), 1)
        self.assertEqual(self.remote.sent("PUT .*registration"), 2)
        self.assertEqual(item.effect_ids.mapped("state"), [es.DONE, es.DONE])

    def test_what_did_not_leave_is_as_it_was(self):
        """A receipt that fails keeps the number behind it, unsent."""
        self.remote.fail("PUT .*receipt", status=503)
        _id, item = self.registered()
        receipt, registration = item.effect_ids
        self.assertEqual(registration.state, es.WAITING)
        self.assertFalse(registration.body or registration.sent_at)
        self.assertTrue(receipt.body)
        self.assertFalse(self.remote.sent("PUT .*registration"))

    def test_order_holds_behind_a_refusal(self):
        """A later answer waits for an earlier one that needs a person."""
        self.remote.fail("PUT .*registration", status=422, code="bad_number")
        submission_id, item = self.registered()
        self.start(item)
        self.work()
        self.assertEqual(
            item.effect_ids.mapped("state"), [es.DONE, es.HELD, es.WAITING]
        )
        self.assertIn("bad_number", item.problem_summary)
        self.assertTrue(item.is_stuck)
        item.action_retry()
        self.assertEqual(
            self.remote.told(submission_id), ["receipt", "registration", "state"]
        )

    def test_progress_that_was_never_sent_gives_way(self):
        """Only the newest progress is told; questions and decisions never collapse."""
        submission_id, item = self.registered()
        self.platform.state = "unreachable"
        self.start(item)
        item.request_id._ask_clarification("A?")
        item.request_id.action_resume()
        item.request_id._ask_clarification("B?")
        self.platform.state = "running"
        self.work()
        self.assertEqual(len(self.remote.told(submission_id, "messages")), 2)
        states = item.effect_ids.filtered(lambda e: e.kind == "state")
        self.assertEqual(states.mapped("state"), [es.SUPERSEDED, es.DONE])

    def test_progress_that_came_too_late_is_dropped(self):
        """The citizen withdrew meanwhile: nobody needs the progress."""
        self.remote.fail("PUT .*state", status=409, code="invalid_state")
        _id, item = self.registered()
        self.start(item)
        self.work()
        self.assertEqual(item.effect_ids[-1:].state, es.CANCELLED)
        self.assertFalse(item.is_stuck)

    def test_deleted_submission_cancels_what_is_owed(self):
        """The platform threw it away: our register keeps it, nothing is sent."""
        submission_id, item = self.registered()
        self.remote.submissions[submission_id]["state"] = "deleted"
        self.start(item)
        self.work()
        self.assertEqual(item.effect_ids[-1:].state, es.CANCELLED)
        self.assertTrue(item.request_id.entry_id.number)

    def test_end_without_decision_is_told(self):
        """A request that is closed or refused ends on the platform, too."""
        submission_id, item = self.registered()
        item.request_id._end("closed", "noted", "Clasată.")
        self.work()
        decision = self.remote.told(submission_id, "decision")[0]
        self.assertEqual(
            (decision["outcome"], decision["text"]), ("closed", "Clasată.")
        )

    def test_closing_after_a_decision_tells_nothing_new(self):
        """The platform knows the end already."""
        submission_id, item = self.registered()
        self.start(item)
        self.decide(item)
        item.request_id.action_close()
        self.work()
        self.assertEqual(len(self.remote.told(submission_id, "decision")), 1)

    def test_upload_resumes_after_a_fault(self):
        """A decision waits for all its documents, each uploaded once."""
        submission_id, item = self.registered()
        self.start(item)
        self.remote.fail("POST /uploads", status=503)
        self.decide(item)
        self.work()
        self.assertFalse(self.remote.told(submission_id, "decision"))
        self.make_due()
        self.work()
        self.assertEqual(len(self.remote.uploads), 1)
        self.assertTrue(self.remote.told(submission_id, "decision"))

    def test_counter_request_owes_nothing(self):
        """What came at the counter is nobody's business on a platform."""
        request = self.env["pcu.request"]._file(
            {"applicant": {"kind": "natural", "name": "La ghișeu"}}
        )
        request._set_state("in_progress")
        self.assertFalse(self.env["pcu.exchange.effect"].search([]))
        self.assertFalse(request.exchange_state)

    def test_desk_sees_whether_the_platform_knows(self):
        """The request itself says how far the platform is."""
        _id, item = self.registered()
        request = item.request_id
        done = request.exchange_state
        self.start(item)
        request.invalidate_recordset(["exchange_state"])
        self.assertTrue(done and request.exchange_state)
        self.assertNotEqual(done, request.exchange_state)
