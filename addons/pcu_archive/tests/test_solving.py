"""A document is solved with a code, and lies in its file from then on."""

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestSolving(ArchiveCase):
    def test_without_a_plan_in_force_nothing_is_asked(self):
        entry = self._solved()
        self.assertEqual(entry.state, "solved")
        self.assertFalse(entry.classification_id or entry.file_id)

    def test_document_without_a_code_is_not_solved(self):
        self._in_force()
        entry = self._routed()
        with self.assertRaisesRegex(UserError, "needs a code of the file plan"):
            entry.with_user(self.inspector).action_solve("favourable")
        self.assertEqual(entry.state, "routed")

    def test_default_code_of_the_department_fills_in(self):
        self.permits.is_default = True
        self._in_force()
        entry = self._solved()
        self.assertEqual(entry.classification_id, self.permits)
        self.assertEqual(entry.file_code, "II/A/1", "column 14")

    def test_default_code_comes_from_the_department_above(self):
        self.permits.is_default = True
        self._in_force()
        office = self._department("URB1", "Birou avize", self.colleague)
        office.parent_id = self.urbanism
        entry = self._registered()
        entry.action_route(office, self.colleague)
        entry.with_user(self.colleague).action_solve("favourable")
        self.assertEqual(entry.classification_id, self.permits)

    def test_connected_document_gets_the_code_of_the_first(self):
        self.permits.is_default = True
        self._in_force()
        first = self._solved(self.letters)
        second = self._solved(connected_to_id=first.id)
        self.assertEqual(second.classification_id, self.letters)
        self.assertEqual(second.file_id, first.file_id)

    def test_chosen_code_wins_over_the_default(self):
        self.permits.is_default = True
        self._in_force()
        self.assertEqual(self._solved(self.letters).classification_id, self.letters)

    def test_dialog_sets_the_code_for_all(self):
        self._in_force()
        entries = self._routed() | self._routed()
        wizard = (
            self.env(user=self.inspector)["pcu.register.solve"]
            .with_context(active_ids=entries.ids)
            .create({"resolution": "partial", "classification_id": self.letters.id})
        )
        wizard.action_confirm()
        self.assertEqual(entries.classification_id, self.letters)
        self.assertEqual(entries.file_id.entry_count, 2)

    def test_program_is_not_stopped_by_a_missing_code(self):
        """A withdrawal on a platform has happened, code or not."""
        self._in_force()
        entry = self._routed()
        entry.with_user(SUPERUSER_ID).action_solve("withdrawn")
        self.assertEqual(entry.state, "solved")
        self.assertIn(
            entry,
            entry.search([("state", "=", "solved"), ("classification_id", "=", False)]),
        )

    def test_stranger_is_refused_before_anything_is_said(self):
        self._in_force()
        entry = self._routed()
        with self.assertRaises(UserError) as caught:
            entry.with_user(self.colleague).action_solve("favourable")
        self.assertNotIn("needs a code", str(caught.exception))

    def test_code_of_another_institution_is_refused(self):
        self._in_force()
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.env.user.company_ids |= other
        plan = self._plan(company_id=other.id)
        code = self.env["pcu.classification"].create(
            {"plan_id": plan.id, "code": "I/A/1", "name": "x"}
        )
        with self.assertRaises(UserError):
            self._registered(classification_id=code.id)

    def test_old_text_of_column_14_stays(self):
        entry = self._registered(file_code="vechi 7")
        self.assertEqual(entry.file_code, "vechi 7")
        entry.classification_id = self.permits
        self.assertEqual(entry.file_code, "II/A/1")
