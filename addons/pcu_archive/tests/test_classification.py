"""The file plan: codes, versions, approval, confirmation."""

import io

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from pdfminer.high_level import extract_text
from psycopg2 import IntegrityError

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestClassification(ArchiveCase):
    def test_code_is_written_in_the_legal_form(self):
        self.assertEqual(self._code(" iii-b / 07", "Anchete sociale").code, "III/B/7")

    def test_code_without_the_legal_form_is_refused_with_the_reason(self):
        for code, reason in (
            ("URB-1", "roman numeral, a capital letter"),
            ("IIII/A/1", "no roman numeral"),
            ("II/A/0", "must be 1 or more"),
            ("", "roman numeral, a capital letter"),
        ):
            with self.subTest(code), self.assertRaisesRegex(ValidationError, reason):
                self._code(code or "?", "x")

    def test_codes_stand_in_the_order_of_the_plan(self):
        for code in ("IX/A/1", "II/A/10", "II/B/1"):
            self._code(code, "x")
        self.assertEqual(
            self.env["pcu.classification"]
            .search([("plan_id", "=", self.plan.id)])
            .mapped("code"),
            ["I/A/1", "II/A/1", "II/A/2", "II/A/10", "II/B/1", "III/B/1", "IX/A/1"],
        )

    @mute_logger("odoo.sql_db")
    def test_code_stands_once_in_a_plan(self):
        with self.assertRaises(IntegrityError):
            self._code("II/A/1", "Altceva")

    @mute_logger("odoo.sql_db")
    def test_term_is_possible(self):
        for values in (
            {"retention_years": 0},
            {"retention_years": 500},
            {"retention_kind": "event", "retention_event": False},
        ):
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._code("V/A/1", "x", **values)

    def test_term_is_written_as_on_the_form(self):
        for code, text in (
            (self.permits, "10 ani"),
            (self.decisions, "Permanent"),
            (self.aid, "5 ani de la încetarea dreptului"),
        ):
            self.assertEqual(code.with_context(lang="ro_RO").retention_label, text)

    def test_plan_comes_in_force_when_confirmed(self):
        self._in_force()
        self.assertEqual(self.plan.state, "in_force")
        self.assertEqual(self.permits.plan_state, "in_force")

    def test_plan_is_confirmed_after_approval_only(self):
        with self.assertRaisesRegex(UserError, "this step is for “Approved”"):
            self.plan.action_confirm()

    def test_plan_without_its_papers_is_refused(self):
        self.plan.approval_number = False
        with self.assertRaisesRegex(UserError, "approved the plan"):
            self.plan.action_approve()
        self.plan.approval_number = "12"
        self.plan.confirmation_number = False
        self.plan.action_approve()
        with self.assertRaisesRegex(UserError, "confirmation by the National"):
            self.plan.action_confirm()

    def test_empty_plan_is_not_approved(self):
        with self.assertRaisesRegex(UserError, "no codes yet"):
            self._plan().action_approve()

    def test_code_in_force_does_not_change(self):
        self._in_force()
        for act in (
            lambda: self.permits.write({"retention_years": 1}),
            self.permits.unlink,
            lambda: self._code("V/A/1", "x"),
            lambda: self.plan.write({"valid_from": "2020-01-01"}),
            self.plan.unlink,
        ):
            with self.assertRaises(UserError):
                act()
        self.permits.is_default = True  # who uses it may change

    def test_state_is_not_written_by_hand(self):
        with self.assertRaisesRegex(UserError, "comes from its actions"):
            self.plan.state = "in_force"
        with self.assertRaisesRegex(UserError, "comes from its actions"):
            self._plan(state="in_force")

    def test_new_version_replaces_the_one_in_force(self):
        self._in_force()
        draft = self.plan.browse(self.plan.action_new_version()["res_id"])
        self.assertEqual(
            draft.classification_ids.mapped("code"),
            self.plan.classification_ids.mapped("code"),
        )
        draft.write(
            {
                "approval_number": "40",
                "approval_date": "2026-02-02",
                "confirmation_number": "A-2",
                "confirmation_date": "2026-03-02",
                "valid_from": "2026-04-01",
            }
        )
        draft.action_approve()
        draft.action_confirm()
        self.assertEqual((draft.state, self.plan.state), ("in_force", "replaced"))
        self.assertEqual(str(self.plan.valid_to), "2026-03-31")

    def test_plan_is_printed_in_the_legal_form(self):
        self.permits.write({"direction_name": "Urbanism", "service_name": "Avize"})
        _name, content = self.plan._print_pdf()
        text = " ".join(extract_text(io.BytesIO(content)).split())
        for words in ("II. Urbanism", "A. Avize", "1. Certificate de urbanism", "10"):
            self.assertIn(words, text)

    def test_new_version_begins_after_the_one_in_force(self):
        self._in_force()
        draft = self.plan.browse(self.plan.action_new_version()["res_id"])
        draft.write(
            {
                "approval_number": "40",
                "approval_date": "2024-12-20",
                "confirmation_number": "A-2",
                "confirmation_date": "2024-12-27",
                "valid_from": "2025-01-01",
            }
        )
        draft.action_approve()
        with self.assertRaisesRegex(ValidationError, "must begin later"):
            draft.action_confirm()
