"""Who ends a request chooses under which code of the file plan it goes."""

from odoo.addons.pcu_requests.tests.common import RequestsCase
from odoo.exceptions import UserError
from odoo.tests import Form, tagged


@tagged("post_install", "-at_install")
class TestRequestCode(RequestsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["pcu.classification.plan"].create(
            {
                "name": "Nomenclator arhivistic",
                "approval_number": "Dispoziția 12",
                "approval_date": "2024-11-04",
                "confirmation_number": "A-1234",
                "confirmation_date": "2024-12-02",
                "valid_from": "2025-01-01",
            }
        )
        cls.permits, cls.letters = cls.env["pcu.classification"].create(
            [
                {
                    "plan_id": cls.plan.id,
                    "code": code,
                    "name": name,
                    "retention_years": 10,
                }
                for code, name in (("II/A/1", "Certificate"), ("II/A/2", "Scrisori"))
            ]
        )

    def _in_force(self, default=None):
        if default:
            default.write({"department_id": self.urbanism.id, "is_default": True})
        self.plan.action_approve()
        self.plan.action_confirm()

    def _dialog(self, request, model="pcu.request.decide"):
        dialogs = self.env(user=self.inspector)[model]
        return Form(dialogs.with_context(default_request_id=request.id))

    def _decide(self, request, code=None):
        dialog = self._dialog(request)
        dialog.text = "Se aprobă."
        if code:
            dialog.classification_id = code
        dialog.save().action_confirm()

    def test_inspector_chooses_the_code_in_the_decision(self):
        self._in_force()
        request = self._in_progress()
        self._decide(request, self.letters)
        self.assertEqual(request.state, "decided")
        self.assertEqual(request.sudo().entry_id.classification_id, self.letters)
        self.assertEqual(request.sudo().entry_id.file_id.code, "II/A/2")

    def test_dialog_shows_the_default_code_and_another_one_wins(self):
        self._in_force(default=self.permits)
        request = self._in_progress()
        self.assertEqual(self._dialog(request).classification_id, self.permits)
        self._decide(request, self.letters)
        self.assertEqual(request.sudo().entry_id.classification_id, self.letters)

    def test_without_a_code_nothing_is_decided(self):
        self._in_force()
        request = self._in_progress()
        refused = self.assertRaisesRegex(UserError, "needs a code of the file plan")
        with refused, self.env.cr.savepoint():
            self._decide(request)
        self.assertEqual(request.state, "in_progress")

    def test_request_that_is_filed_away_gets_its_code_too(self):
        self._in_force()
        request = self._in_progress()
        dialog = self._dialog(request, "pcu.request.close")
        dialog.closing_kind, dialog.reason = "noted", "S-a luat la cunoștință"
        dialog.classification_id = self.letters
        dialog.save().action_confirm()
        self.assertEqual(request.sudo().entry_id.file_id.code, "II/A/2")

    def test_who_may_not_solve_chooses_no_code(self):
        self._in_force()
        request = self._in_progress()
        dialog = self.env["pcu.request.decide"].create(
            {"request_id": request.id, "classification_id": self.letters.id}
        )
        with self.assertRaises(UserError):
            dialog.with_user(self.auditor).action_confirm()
        self.assertFalse(request.sudo().entry_id.classification_id)

    def test_without_a_plan_in_force_nothing_is_asked(self):
        request = self._in_progress()
        self.assertFalse(self._dialog(request).classification_id)
        self._decide(request)
        self.assertEqual(request.state, "decided")
