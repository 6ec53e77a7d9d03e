"""Closing a department: refused while something lies there, and nothing is lost."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestDepartmentClosing(RequestsCase):
    """The administrator closes; the message says what to move first."""

    def test_department_with_open_work_is_not_closed(self):
        """Its requests, its rows in the register and its procedures, each counted."""
        request = self._in_progress()
        urbanism = self.urbanism.with_user(self.administrator)
        with self.assertRaisesRegex(UserError, "request: 1.*Procedure: 1"):
            urbanism.action_archive()
        self.assertTrue(urbanism.active)
        request.with_user(self.inspector)._decide("unfavourable", "Nu.")
        with self.assertRaisesRegex(UserError, "Procedure: 1") as refused:
            urbanism.action_archive()
        self.assertNotIn("request: ", str(refused.exception))
        self.procedure.department_id = self.taxes
        urbanism.action_archive()
        self.assertFalse(urbanism.active)
        self.assertEqual(request.department_id, self.urbanism, "its past keeps it")

    def test_department_above_another_is_not_closed(self):
        """Who heads it would lose sight of what lies below."""
        self.taxes.parent_id = self.urbanism
        self.procedure.department_id = self.taxes
        with self.assertRaisesRegex(UserError, "Department: 1"):
            self.urbanism.action_archive()
