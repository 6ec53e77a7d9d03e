"""Asking the applicant, and what the answer does."""

from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestClarification(RequestsCase):
    """The file is incomplete."""

    def _ask(self):
        request = self._filed()
        request.with_user(self.inspector).action_take()
        return request, request.with_user(self.inspector)._ask_clarification(
            "Planul lipsește.", slots=self.procedure.slot_ids[1]
        )

    def test_dialog_ticks_what_is_missing_and_writes_the_sentence(self):
        """The inspector only has to press the button."""
        request = self._filed().with_user(self.inspector)
        request.action_take()
        action = request.action_ask_clarification()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.inspector)
            .with_context(**action["context"])
        )
        self.assertIn("Plan cadastral", wizard.text)
        self.assertEqual(wizard.due_date, date(2026, 3, 23))
        wizard.save().action_confirm()
        self.assertEqual(request.state, "clarification")
        clarification = request.clarification_ids
        self.assertEqual(clarification.slot_ids, self.procedure.slot_ids[:2])
        self.assertEqual(clarification.asked_by_id, self.inspector)

    def test_answer_in_the_past_is_refused(self):
        """A day that has passed can't be asked for."""
        request = self._filed().with_user(self.inspector)
        request.action_take()
        wizard = (
            self.env["pcu.request.clarify"]
            .with_user(self.inspector)
            .create({"request_id": request.id, "due_date": "2026-03-01", "text": "Ce?"})
        )
        with self.assertRaisesRegex(UserError, "past"):
            wizard.action_confirm()

    def test_asking_is_told_above_and_to_the_applicant(self):
        """The platform's floor and the e-mail hear of it in the same transaction."""
        calls = []
        with patch.object(
            self.request_class,
            "_on_clarification_requested",
            lambda _self, c: calls.append(c),
        ):
            request, clarification = self._ask()
        self.assertEqual(calls, [clarification])
        notice = request.notice_ids.filtered(lambda n: n.kind == "clarification")
        self.assertEqual(notice.clarification_id, clarification)

    def test_answer_brings_the_request_back_to_the_desk(self):
        """Text and documents are kept, the inspector gets a to-do."""
        request, clarification = self._ask()
        self.clock.move_to("2026-03-17 10:00:00")
        documents = self._document("plan", name="plan.pdf")
        request._add_clarification_answer("Iată planul.", documents)
        self.assertEqual(request.state, "in_progress")
        self.assertRecordValues(
            clarification,
            [
                {
                    "state": "answered",
                    "answer_text": "Iată planul.",
                    "answered_at": datetime(2026, 3, 17, 10),
                    "answer_document_ids": documents.ids,
                }
            ],
        )
        self.assertEqual(request.missing_text, "Cerere tip")
        self.assertIn(self.inspector, request.activity_ids.user_id)

    def test_internal_clock_stood_still_the_legal_one_did_not(self):
        """The desk gets the waiting days back, never past the legal term."""
        request, _clarification = self._ask()
        self.clock.move_to("2026-03-16 10:00:00")
        request._add_clarification_answer("Da.")
        self.assertEqual(request.due_date, date(2026, 4, 14))
        # 11 April + 4 days is past the legal term, which it never passes
        self.assertEqual(request.internal_due_date, date(2026, 4, 14))

    def test_answer_nobody_asked_for_is_kept(self):
        """A message from the platform without a question is no error."""
        request = self._filed()
        request._add_clarification_answer("Mai adaug ceva.", self._document("plan"))
        self.assertEqual(request.state, "registered")
        self.assertEqual(request.missing_text, "Cerere tip")

    def test_going_on_without_the_answer_lapses_the_question(self):
        """The law does not wait for the applicant."""
        request, clarification = self._ask()
        request.with_user(self.inspector).action_resume()
        self.assertEqual(request.state, "in_progress")
        self.assertEqual(clarification.state, "lapsed")

    def test_file_completed_at_the_counter_answers_the_question(self):
        """What is brought on paper answers too: the next step is to go on."""
        request, clarification = self._ask()
        self.assertEqual(request.with_user(self.inspector).next_action, "wait")
        request._attach_documents(
            self._document("cerere") | self._document("plan", name="plan.pdf")
        )
        request = request.with_user(self.inspector)
        self.assertEqual(request.next_action, "resume")
        request.action_resume()
        self.assertEqual(clarification.state, "answered")

    def test_second_question_is_a_second_notice(self):
        """Each question is told once, as its own version."""
        request, _clarification = self._ask()
        request._add_clarification_answer("Da.")
        request.with_user(self.inspector)._ask_clarification("Încă ceva.")
        versions = request.notice_ids.filtered(lambda n: n.kind == "clarification")
        self.assertEqual(sorted(versions.mapped("version")), [1, 2])

    def _stopping_term(self):
        """A term of a law that waits for the applicant."""
        term = self.env["pcu.term.type"].search(
            [("from_complete", "=", False)], limit=1
        )
        term.write({"suspension": "legal", "suspension_law": "Legea X, art. 1"})
        return term

    def test_dialog_says_what_the_clock_does_and_who_is_told_how(self):
        """The inspector knows before asking whether the law waits."""
        request = self._in_progress()
        clarify = self.env["pcu.request.clarify"].with_user(self.inspector)
        types = self.env["pcu.term.type"]
        stopping = self._stopping_term()
        for term, words in (
            (types, "only the internal one waits"),
            (stopping, "term stops until the answer"),
        ):
            with self.subTest(words=words):
                request.term_type_id = term
                wizard = clarify.new({"request_id": request.id})
                self.assertIn(words, wizard.clock_text)
        self.assertEqual(
            wizard.told_text, "e-mail to ion@example.com, message on eDirect"
        )
        request.write({"email": False, "origin_number": False})
        self.assertIn("nobody", clarify.new({"request_id": request.id}).told_text)

    def test_term_stopped_by_law_goes_on_with_the_answer(self):
        """What the dialog has said is what happens."""
        request = self._in_progress()
        request.term_type_id = self._stopping_term()
        due = request.due_date
        request.with_user(self.inspector)._ask_clarification("Ce suprafață?")
        self.assertTrue(request.term_stopped)
        self.clock.move_to("2026-03-19 08:00:00")
        request._add_clarification_answer("250 mp")
        self.assertFalse(request.term_stopped)
        self.assertGreater(request.due_date, due)

    def test_checklist_shows_what_was_asked_until_when(self):
        """And forgets it when it has come."""
        request, clarification = self._ask()
        line = request.line_ids.filtered(lambda line: line.slot_id.code == "plan")
        self.assertEqual(line.asked_until, clarification.due_date)
        self.assertFalse((request.line_ids - line).filtered("asked_until"))
        request._add_clarification_answer("Iată.", self._document("plan"))
        self.assertFalse(line.asked_until)

    def test_single_file_for_a_single_question_finds_its_line(self):
        """The citizen sends a photograph without saying what it is."""
        request, _clarification = self._ask()
        request._add_clarification_answer("Iată.", self._document(name="IMG_0001.pdf"))
        self.assertEqual(request.missing_text, "Cerere tip")

    def test_files_of_an_answer_are_placed_by_their_names_the_others_stay_loose(self):
        """What can't be placed is kept on a line of its own, for the clerk."""
        request = self._filed()
        request.with_user(self.inspector).action_take()
        request.with_user(self.inspector)._ask_clarification(
            "Ambele lipsesc.", slots=self.procedure.slot_ids[:2]
        )
        files = self._document(name="IMG_1.pdf") | self._document(name="plan_nou.pdf")
        request._add_clarification_answer("Iată.", files)
        self.assertEqual(request.missing_text, "Cerere tip")
        self.assertIn("IMG_1.pdf", request.line_ids.mapped("name"))
