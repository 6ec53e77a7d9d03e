"""The way of a request over the desk: taken, decided, closed, handed on."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestSolving(RequestsCase):
    """One primary step at a time."""

    def test_next_action_leads_to_the_end(self):
        """The form always knows the one next step."""
        request = self._complete().with_user(self.inspector)
        self.assertEqual(request.next_action, "take")
        request.action_take()
        self.assertEqual(request.next_action, "decide")
        request._decide("favourable", "Se aprobă.")
        self.assertEqual(request.next_action, "close")
        request.action_close()
        self.assertFalse(request.next_action)
        self.assertEqual(request.state, "closed")

    def test_incomplete_file_asks_for_what_is_missing(self):
        """With something missing the next step is to ask."""
        request = self._filed().with_user(self.inspector)
        request.action_take()
        self.assertEqual(request.next_action, "clarify")

    def test_taking_puts_it_on_my_table_in_the_register_too(self):
        """Request and entry have one holder."""
        request = self._filed()
        request.with_user(self.inspector).action_take()
        self.assertEqual(request.user_id, self.inspector)
        self.assertEqual(request.entry_id.holder_id, self.inspector)
        self.assertEqual(request.state, "in_progress")

    def test_taken_request_is_in_work_in_the_register(self):
        """Whoever looks there, or counts there, sees that somebody has it."""
        request = self._filed()
        entry = request.entry_id
        self.assertEqual(entry.state, "registered")
        self.assertIn("PCUe", entry.route_html)
        self.assertNotIn("OdooBot", entry.route_html)
        request.with_user(self.inspector).action_take()
        self.assertEqual((entry.state, entry.holder_id), ("routed", self.inspector))
        self.assertIn(f"Taken over: {self.inspector.name}", entry.route_html)
        self._assign(request, self.head, self.urbanism, self.colleague)
        self.assertNotIn("Taken over", entry.route_html)

    def test_what_waits_for_a_resolution_stays_there_when_it_is_taken(self):
        """Taking a request takes nothing off the mayor's desk."""
        mayor = self._user("mayor", "pcu_base.group_approver")
        self.company.pcu_head_id = mayor
        request = self._filed()
        request.entry_id.action_ask_resolution(mayor)
        request.with_user(self.inspector).action_take()
        self.assertEqual(request.entry_id.awaited_id, mayor)

    def test_open_request_is_not_ended_past_its_decision(self):
        """The register's own button would leave the applicant without an answer."""
        request = self._in_progress()
        entry = request.entry_id
        self.assertTrue(entry.has_open_request)
        for user in (self.inspector, self.operator):
            with self.assertRaisesRegex(UserError, "a request that is still open"):
                entry.with_user(user).action_solve("favourable")
        dialog = self.env["pcu.register.solve"].with_user(self.inspector)
        dialog = dialog.with_context(active_ids=entry.ids)
        with self.assertRaisesRegex(UserError, "a request that is still open"):
            dialog.create({"resolution": "favourable"}).action_confirm()
        request.with_user(self.inspector)._decide("favourable", "Se aprobă.")
        self.assertEqual((entry.state, entry.has_open_request), ("solved", False))

    def test_assigned_request_is_started_by_its_inspector(self):
        """What the head hands out still has to be started."""
        request = self._filed()
        self._assign(request, self.head, self.urbanism, self.colleague)
        self.assertEqual(request.user_id, self.colleague)
        request = request.with_user(self.colleague)
        self.assertEqual(request.next_action, "start")
        request.action_start()
        self.assertEqual(request.state, "in_progress")

    def test_assigning_leaves_a_leg_in_the_register(self):
        """The way of the paper is written down, with the head's words."""
        request = self._filed()
        self._assign(request, self.head, self.urbanism, self.colleague, "Urgent")
        leg = request.entry_id.routing_ids[:1]
        self.assertEqual(leg.user_id, self.colleague)
        self.assertEqual(leg.resolution_text, "Urgent")
        self.assertEqual(leg.from_user_id, self.head)

    def test_operator_moves_it_to_another_department(self):
        """The request and its documents leave the first department's sight."""
        request = self._complete()
        self._assign(request, self.operator, self.taxes)
        self.assertEqual(request.department_id, self.taxes)
        self.assertFalse(request.user_id)
        self.assertEqual(request.document_ids.department_id, self.taxes)
        self.assertFalse(request.with_user(self.inspector).has_access("read"))
        self.assertTrue(request.with_user(self.stranger).has_access("read"))

    def test_routing_in_the_register_moves_the_request(self):
        """Whoever routes the entry routes the request."""
        request = self._filed()
        request.entry_id.with_user(self.operator).action_route(self.taxes)
        self.assertEqual(request.department_id, self.taxes)

    def test_paper_sent_to_an_outsider_leaves_the_request_in_the_pool(self):
        """The registry may hand a paper to the mayor; the department still solves."""
        request = self._filed()
        request.with_user(self.inspector).action_take()
        request.entry_id.with_user(self.operator).action_route(
            self.urbanism, self.env.user
        )
        self.assertEqual(request.department_id, self.urbanism)
        self.assertFalse(request.user_id)

    def test_taking_a_request_answers_only_what_was_sent_to_the_taker(self):
        """Another department's part stays for that department to accept."""
        request = self._filed()
        request.entry_id.with_user(self.operator).action_route(
            self.urbanism, shares=[(self.taxes, None)]
        )
        request.with_user(self.inspector).action_take()
        legs = request.entry_id.routing_ids.grouped("kind")
        self.assertEqual(legs["lead"].accepted_by_id, self.inspector)
        self.assertEqual(legs["share"].state, "sent")

    def test_nobody_gets_what_is_not_his_departments(self):
        """A request lies with somebody who works in its department."""
        request = self._filed()
        with self.assertRaises(ValidationError):
            request.user_id = self.stranger

    def test_decision_needs_a_text_or_a_document(self):
        """An empty decision says nothing to the applicant."""
        request = self._in_progress().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "text or a document"):
            request._decide("favourable", "  ")
        self.assertEqual(request.state, "in_progress")

    def test_decision_solves_the_entry(self):
        """The register learns the outcome; the final document is issued with it."""
        request = self._decided()
        self.assertEqual(request.entry_id.state, "solved")
        self.assertEqual(request.entry_id.resolution, "favourable")
        self.assertEqual(request.final_document_ids.name, "certificat.pdf")
        self.assertEqual(request.final_document_ids.entry_id, request.entry_id)
        self.assertEqual(request.decided_by_id, self.inspector)

    def test_decision_dialog_keeps_the_uploaded_bytes(self):
        """What the inspector uploads is what the applicant gets."""
        request = self._in_progress().with_user(self.inspector)
        action = request.action_decide()
        file = self.env["ir.attachment"].with_user(self.inspector).create(
            {"name": "hotărâre.pdf", "raw": b"%PDF-1.4 bytes"}
        )  # fmt: skip
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.inspector)
            .with_context(**action["context"])
        )
        wizard.outcome = "partial"
        wizard.file_ids.add(file)
        wizard.save().action_confirm()
        self.assertEqual(request.state, "decided")
        self.assertEqual(request.outcome, "partial")
        self.assertEqual(request.final_document_ids.name, "hotărâre.pdf")
        self.assertEqual(request.final_document_ids._read(), b"%PDF-1.4 bytes")
        self.assertFalse(file.exists())

    def test_unclassified_request_can_not_be_decided(self):
        """First the procedure, then the decision."""
        request = self._filed(procedure_code="XYZ", department_id=self.urbanism.id)
        request.with_user(self.inspector).action_take()
        with self.assertRaisesRegex(UserError, "procedure"):
            request.with_user(self.inspector)._decide("favourable", "Da.")

    def test_deciding_twice_is_refused_in_words(self):
        """A colleague was faster: the message says so."""
        request = self._decided().with_user(self.colleague)
        with self.assertRaisesRegex(UserError, "colleague"):
            request._decide("unfavourable", "Nu.")

    def test_closing_with_a_reason(self):
        """An anonymous petition is filed away and the register says why."""
        request = self._in_progress().with_user(self.inspector)
        self._close(request, "closed", "anonymous", "Fără date de identificare")
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.outcome, "closed")
        self.assertEqual(request.entry_id.resolution, "filed_anonymous")

    def test_request_of_an_annulled_entry_can_still_be_closed(self):
        """The row stays annulled, the request leaves the desk."""
        request = self._in_progress().with_user(self.inspector)
        request.sudo().entry_id.action_annul("Înregistrat de două ori")
        self._close(request, "closed", "no_object", "Poziție anulată")
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.entry_id.state, "annulled")

    def test_withdrawal_recorded_by_the_clerk(self):
        """The applicant comes to the counter and takes the request back."""
        request = self._in_progress().with_user(self.inspector)
        self._close(request, "withdrawn", False, "La cererea petentului")
        self.assertEqual(request.state, "withdrawn")
        self.assertEqual(request.entry_id.resolution, "withdrawn")

    def test_withdrawing_what_is_decided_changes_nothing(self):
        """A withdrawal that comes too late is no error for the platform."""
        request = self._decided()
        request._withdraw("Prea târziu")
        self.assertEqual(request.state, "decided")

    def test_hooks_hear_of_each_move(self):
        """The floor above gets old and new state, and the decision."""
        calls = []
        with (
            patch.object(
                self.request_class,
                "_on_state_changed",
                lambda _self, old, new: calls.append((old, new)),
            ),
            patch.object(
                self.request_class, "_on_decided", lambda _self: calls.append("decided")
            ),
        ):
            self._decided()
        self.assertEqual(
            calls,
            [
                ("new", "registered"),
                ("registered", "in_progress"),
                ("in_progress", "decided"),
                "decided",
            ],
        )

    def test_state_is_not_written_by_hand(self):
        """Neither a form nor a call from outside jumps over the actions."""
        request = self._filed().with_user(self.inspector)
        for vals in ({"state": "closed"}, {"outcome": "favourable"}, {"user_id": 1}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                request.write(vals)
        with self.assertRaises(AccessError):
            self.env["pcu.request"].with_user(self.operator).create(
                {"applicant_id": self.citizen.id, "state": "decided"}
            )

    def test_every_move_is_in_the_journal(self):
        """Who, when and why stay readable."""
        request = self._decided()
        actions = self.env["pcu.journal"].search(
            [("model", "=", "pcu.request"), ("res_id", "=", request.id)]
        )
        self.assertLessEqual(
            {"request_filed", "request_in_progress", "request_decided"},
            set(actions.mapped("action")),
        )
        for act in actions:
            self.assertNotEqual(act.action_label, act.action, "every act has a name")
            self.assertNotIn("Se aprobă", f"{act.reason} {act.data}", "no content")

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _assign(self, request, by, department, user=None, text=None):
        action = request.with_user(by).action_assign()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(by)
            .with_context(**action["context"])
        )
        wizard.department_id = department
        if user:
            wizard.user_id = user
        wizard.text = text or False
        wizard.save().action_confirm()

    def _close(self, request, state, kind, reason):
        action = request.action_close()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.inspector)
            .with_context(**action["context"])
        )
        wizard.state = state
        if kind:
            wizard.closing_kind = kind
        wizard.reason = reason
        wizard.save().action_confirm()
