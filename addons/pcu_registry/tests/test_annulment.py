from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestAnnulment(RegistryCase):
    """What must go stays readable, with a reason."""

    def test_annulled_entry_keeps_its_number(self):
        entry = self._registered(self.operator)
        wizard = Form(
            self.env(user=self.operator)["pcu.register.annul"].with_context(
                active_ids=entry.ids, active_model=entry._name
            )
        )
        wizard.reason = "Înregistrat de două ori"
        wizard.save().action_confirm()
        self.assertEqual((entry.state, entry.number), ("annulled", 1))
        self.assertEqual(entry.annulled_by_id, self.operator)
        self.assertEqual(self._registered().number, 2)

    def test_reason_is_demanded(self):
        with self.assertRaisesRegex(UserError, "why"):
            self._registered().action_annul("  ")

    def test_draft_and_annulled_are_not_annulled(self):
        entry = self._registered()
        entry.action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "was annulled already.*Greșit"):
            entry.action_annul("Din nou")
        with self.assertRaisesRegex(UserError, "can't become"):
            self._draft().action_annul("Greșit")
        with self.assertRaises(UserError):
            entry.action_route(self.urbanism)

    def test_open_leg_ends_with_the_annulment(self):
        entry = self._registered()
        entry.with_user(self.operator).action_route(self.urbanism)
        entry.with_user(self.operator).action_annul("Dublat")
        self.assertEqual(entry.routing_ids.state, "ended")
        states = entry.routing_ids._fields["state"]
        labels = dict(states._description_selection(self.env))
        self.assertIn(labels["ended"], entry.route_html)

    def test_annulment_is_in_the_journal(self):
        entry = self._registered()
        entry.action_annul("Greșit")
        row = self.env["pcu.journal"].search(
            [("model", "=", entry._name), ("res_id", "=", entry.id)]
        )
        self.assertEqual(
            set(row.mapped("action")), {"entry_registered", "entry_annulled"}
        )
        self.assertNotIn(entry.summary, row.mapped("res_label"))
