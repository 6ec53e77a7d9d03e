"""A request comes in once, gets its number, its term and its checklist."""

from datetime import date
from unittest.mock import patch

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestFiling(RequestsCase):
    """What a program files, and what a clerk types in."""

    def test_filed_request_is_registered_with_term_and_checklist(self):
        """One call gives number, department, legal term and what is missing."""
        request = self._filed()
        self.assertEqual(request.state, "registered")
        self.assertTrue(request.entry_number)
        self.assertEqual(request.entry_reference, request.entry_id.reference)
        self.assertEqual(request.display_name, request.entry_reference)
        self.assertEqual(request.department_id, self.urbanism)
        self.assertEqual(request.due_date, date(2026, 4, 14))
        self.assertEqual(request.internal_due_date, date(2026, 4, 9))
        self.assertEqual(request.missing_text, "Cerere tip, Plan cadastral")

    def test_entry_says_what_the_register_needs(self):
        """The row in the register has issuer, summary, department and PISEG number."""
        entry = self._filed().entry_id
        self.assertRecordValues(
            entry,
            [
                {
                    "sender_id": self.citizen.id,
                    "summary": "Certificat de urbanism",
                    "department_id": self.urbanism.id,
                    "external_number": "123456",
                    "channel": "pcue",
                    "direction": "incoming",
                }
            ],
        )

    def test_day_of_filing_is_romanian(self):
        """Half past midnight on 1 January is still 31 December in UTC."""
        entry = self._filed(filed_at="2025-12-31 22:30:00").entry_id
        self.assertEqual(entry.external_date, date(2026, 1, 1))

    def test_slip_at_the_counter_says_the_legal_term(self):
        """The registry knows no terms; the request tells its entry's slip."""
        entry = self._filed().entry_id.with_context(lang="ro_RO")
        self.assertEqual(entry._get_slip_term(), "14.04.2026")
        self.assertEqual(self.env["pcu.register.entry"].new()._get_slip_term(), "")

    def test_same_submission_twice_is_one_request(self):
        """The origin key makes filing safe to repeat."""
        first = self._filed(origin_key="edirect:1")
        second = self._filed(origin_key="edirect:1")
        self.assertEqual(first, second)
        self.assertEqual(len(first.notice_ids), 1)
        self.assertEqual(first.entry_id.origin_key, "edirect:1")

    def test_database_refuses_a_second_request_for_a_submission(self):
        """The last wall against a race is a constraint, not the program."""
        self._filed(origin_key="edirect:1")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["pcu.request"].create(
                {"applicant_id": self.citizen.id, "origin_key": "edirect:1"}
            )

    def test_applicant_is_found_or_created(self):
        """A platform knows a name and an e-mail, not our contact."""
        request = self._filed(
            applicant_id=False,
            applicant={
                "kind": "natural",
                "last_name": "Ștefănescu",
                "first_name": "Ana",
                "email": "ana@example.com",
            },
        )
        self.assertEqual(request.applicant_id.name, "Ștefănescu Ana")

    def test_unknown_procedure_is_registered_all_the_same(self):
        """Nothing is refused: it gets its number and waits to be classified."""
        request = self._filed(procedure_code="XYZ", procedure_label="Aviz necunoscut")
        self.assertTrue(request.unclassified)
        self.assertTrue(request.entry_number)
        self.assertEqual(request.next_action, "classify")
        self.assertEqual(request.title, "Aviz necunoscut")
        self.assertEqual(request.due_date, date(2026, 4, 14))

    def test_institution_without_general_register_says_what_to_do(self):
        """The message names the institution and the next step."""
        self.env["pcu.register"].search([]).active = False
        with self.assertRaisesRegex(UserError, "general register"):
            self._filed()

    def test_hooks_are_called_in_order(self):
        """The floor above hears of filing and, after the number, of registration."""
        calls = []
        with (
            patch.object(
                self.request_class, "_on_filed", lambda _self: calls.append("filed")
            ),
            patch.object(
                self.request_class,
                "_on_registered",
                lambda _self: calls.append("number"),
            ),
        ):
            self._filed()
        self.assertCountEqual(calls, ["filed", "number"])

    def test_lost_news_of_the_number_is_caught_up(self):
        """A crash right after numbering loses nothing: the sweep finds the request."""
        with patch.object(
            self.request_class, "_advance_registered", lambda _self: None
        ):
            request = self._filed()
        self.assertEqual(request.state, "new")
        with self.enter_registry_test_mode():
            self.env.ref(
                "pcu_requests.ir_cron_advance_registered"
            ).method_direct_trigger()
        request.invalidate_recordset()
        self.assertEqual(request.state, "registered")
        self.assertEqual(request.entry_reference, request.entry_id.reference)

    def test_a_request_that_cannot_be_taken_up_keeps_no_other_waiting(self):
        """Both lost their news; the first of the sweep fails each time."""
        with patch.object(
            self.request_class, "_advance_registered", lambda _self: None
        ):
            requests = self._filed() | self._filed()
        bad = self.request_class.search(requests, [("id", "in", requests.ids)])[0]
        registered = self.request_class._on_registered

        def stumble(request):
            if request == bad:
                raise ValueError("poisoned")
            return registered(request)

        with (
            patch.object(self.request_class, "_on_registered", stumble),
            mute_logger("odoo.addons.pcu_base.scheduled"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(
                "pcu_requests.ir_cron_advance_registered"
            ).method_direct_trigger()
        requests.invalidate_recordset()
        self.assertEqual(bad.state, "new")
        self.assertEqual((requests - bad).state, "registered")

    def test_taking_up_twice_changes_nothing(self):
        """The step after numbering is safe to repeat."""
        request = self._filed()
        with patch.object(self.request_class, "_on_registered") as hook:
            request._advance_registered()
        hook.assert_not_called()

    def test_withdrawn_before_its_number_stays_withdrawn(self):
        """The number comes all the same, and the platform hears of it."""
        with patch.object(
            self.request_class, "_advance_registered", lambda _self: None
        ):
            request = self._filed()
        request._withdraw("M-am răzgândit")
        with patch.object(self.request_class, "_on_registered") as hook:
            request._advance_registered()
        self.assertEqual(request.state, "withdrawn")
        self.assertTrue(request.entry_number)
        hook.assert_called_once()

    # ------------------------------------------------------------------
    # At the counter
    # ------------------------------------------------------------------

    def test_operator_files_at_the_counter(self):
        """Procedure and applicant are enough; address and department are offered."""
        form = Form(self.env["pcu.request"].with_user(self.operator))
        form.procedure_id = self.procedure
        form.applicant_id = self.citizen
        self.assertEqual(form.department_id, self.urbanism)
        self.assertEqual(form.email, "ion@example.com")
        request = form.save()
        self.assertEqual(request.next_action, "register")
        self.assertEqual(len(request.line_ids), 3)
        request.action_register()
        self.assertEqual(request.state, "registered")
        self.assertEqual(request.create_uid, self.operator)

    def test_registering_twice_is_refused(self):
        """The second click hears that the number exists."""
        request = self._filed()
        with self.assertRaisesRegex(UserError, "already stands"):
            request.with_user(self.operator).action_register()

    def test_registered_request_is_never_deleted(self):
        """A draft may go, a registered request may not."""
        draft = self.env["pcu.request"].create({"applicant_id": self.citizen.id})
        draft.with_user(self.operator).unlink()
        request = self._filed()
        with self.assertRaises(AccessError):
            request.with_user(self.operator).unlink()
