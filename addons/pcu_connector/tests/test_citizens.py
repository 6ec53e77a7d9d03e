"""What citizens do after filing, applied once each."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import exchange_states as es
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestCitizens(ExchangeCase):
    """Answers, messages, files, withdrawals."""

    def asked(self):
        submission_id, item = self.registered()
        item.request_id._set_state("in_progress")
        item.request_id._ask_clarification("Lipsește actul.")
        self.work()
        return submission_id, item

    def test_answer_reaches_the_desk_with_its_files(self):
        """An answer brings text and files and gives the request back."""
        submission_id, item = self.asked()
        self.remote.happen(
            submission_id,
            "clarification_answered",
            files=[("act.pdf", b"%PDF-1.4 act")],
            text="Iată actul.",
        )
        self.pull()
        clarification = item.request_id.clarification_ids
        self.assertEqual(item.request_id.state, "in_progress")
        self.assertEqual(clarification.answer_text, "Iată actul.")
        self.assertEqual(clarification.answer_document_ids.name, "act.pdf")
        # The platform knows what its citizen did: nothing is echoed.
        self.assertEqual(len(self.remote.told(submission_id, "state")), 1)

    def test_act_seen_twice_is_applied_once(self):
        """A feed that starts again from the beginning changes nothing."""
        submission_id, item = self.asked()
        self.remote.happen(submission_id, "clarification_answered", text="Da")
        self.pull()
        messages = len(item.request_id.message_ids)
        self.platform.events_cursor = False
        self.pull()
        self.assertEqual(len(item.request_id.message_ids), messages)
        acts = item.event_ids.filtered(lambda e: e.kind == "clarification_answered")
        self.assertEqual(acts.mapped("state"), ["applied"])

    def test_message_and_further_file(self):
        """Both are shown on the request; the file becomes its document."""
        submission_id, item = self.registered()
        self.remote.happen(submission_id, "message", text="Mai trimit <b>o</b> schiță")
        self.remote.happen(submission_id, "file_added", files=[("schita.pdf", b"a")])
        self.pull()
        self.assertEqual(item.request_id.document_ids.name, "schita.pdf")
        bodies = " ".join(item.request_id.message_ids.mapped("body"))
        self.assertIn("&lt;b&gt;", bodies)

    def test_withdrawal_after_registration_keeps_the_number(self):
        """The request ends, its number stays, and open questions are dropped."""
        submission_id, item = self.asked()
        self.remote.happen(submission_id, "withdrawn", reason="M-am răzgândit")
        self.pull()
        request = item.request_id
        self.assertEqual(request.state, "withdrawn")
        self.assertEqual(request.closing_reason, "M-am răzgândit")
        self.assertTrue(request.entry_id.number)
        self.assertEqual(item.state, es.CLOSED)
        self.assertNotIn("decision", self.remote.told(submission_id))

    def test_deleted_after_registration_is_told_to_the_desk(self):
        """Our register keeps what the platform forgets."""
        submission_id, item = self.registered()
        self.remote.happen(submission_id, "deleted")
        self.pull()
        self.assertIn(item.request_id.state, ("registered", "in_progress"))
        self.assertEqual(item.event_ids[-1:].state, "applied")

    def test_unknown_act_is_shown(self):
        """A kind that came after this program was written is not lost."""
        submission_id, item = self.registered()
        self.remote.happen(submission_id, "teleported", text="?")
        self.pull()
        self.assertEqual(item.event_ids[-1:].kind, "other")
        bodies = " ".join(item.request_id.message_ids.mapped("body"))
        self.assertIn("teleported", bodies)

    def test_event_ahead_of_the_list_is_kept(self):
        """An act on a submission that was never listed brings it in."""
        submission_id = self.remote.submit()
        self.remote.submissions[submission_id]["seq"] = 0
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(item.remote_number, str(self.remote.number))

    def test_files_that_were_deleted_before_they_came_are_told_to_the_desk(self):
        """The words arrive, and nobody believes that there were no files."""
        submission_id, item = self.registered()
        self.remote.happen(
            submission_id, "message", [("a.pdf", b"a"), ("b.pdf", b"b")], text="Iată"
        )
        self.remote.fail("GET /submissions/", status=410, code="gone")
        self.pull()
        self.assertEqual(item.event_ids[-1:].state, "applied")
        notes = " ".join(item.request_id.message_ids.mapped("body"))
        self.assertRegex(notes, "(nu au fost preluate|not taken over): 2")
        row = self.env["pcu.journal"].search([("action", "=", "exchange_files_gone")])
        self.assertEqual((row.res_id, row.data["files"]), (item.id, 2))

    def test_act_that_fails_waits_for_a_person(self):
        """A request that can't take the answer keeps it visible and repeatable."""
        submission_id, item = self.asked()

        def refuse(self, *args):
            raise UserError("Not now.")  # pylint: disable=translation-required

        with self.subTest("refused"):
            patcher = self.patch(
                type(self.env["pcu.request"]), "_add_clarification_answer", refuse
            )
            self.remote.happen(submission_id, "clarification_answered", text="Da")
            self.pull()
            event = item.event_ids[-1:]
            self.assertEqual(event.state, es.HELD)
            self.assertIn("Not now.", item.problem_summary)
            self.assertIsNone(patcher)
