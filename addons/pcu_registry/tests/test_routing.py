from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestRouting(RegistryCase):
    """An entry's way to the person who solves it, and back."""

    def _route(self, entry, user=None, by=None, department=None):
        entry.with_user(by or self.operator).action_route(
            department or self.urbanism, user, "Spre soluționare"
        )
        return entry._get_last_leg()

    def test_person_gets_the_entry_on_the_list(self):
        entry = self._registered(self.operator)
        self._route(entry, self.inspector)
        self.assertEqual(entry.state, "routed")
        self.assertEqual(entry.department_id, self.urbanism)
        self.assertEqual(entry.holder_id, self.inspector)
        self.assertEqual(entry.activity_ids.user_id, self.inspector)

    def test_documents_follow_the_entry(self):
        entry = self._registered(self.operator)
        document = self.env["pcu.document"]._create_from_bytes(
            [{**entry._prepare_document_values(), "name": "a.txt", "content": b"a"}]
        )
        self.assertFalse(document.with_user(self.inspector).has_access("read"))
        self._route(entry)
        self.assertTrue(document.with_user(self.inspector).has_access("read"))

    def test_pool_entry_is_held_by_who_accepts(self):
        entry = self._registered(self.operator)
        leg = self._route(entry)
        leg.with_user(self.inspector).action_accept()
        self.assertEqual(leg.state, "accepted")
        self.assertEqual(entry.holder_id, self.inspector)

    def test_only_the_addressee_accepts(self):
        leg = self._route(self._registered(self.operator), self.inspector)
        with self.assertRaisesRegex(UserError, "only they can accept"):
            leg.with_user(self.head).action_accept()
        leg.with_user(self.inspector).action_accept()
        with self.assertRaisesRegex(UserError, "already been accepted"):
            leg.with_user(self.inspector).action_accept()

    def test_returned_entry_waits_for_routing_again(self):
        entry = self._registered(self.operator)
        leg = self._route(entry, self.inspector)
        wizard = (
            self.env(user=self.inspector)["pcu.routing.return"]
            .with_context(active_ids=entry.ids, active_model=entry._name)
            .create({"reason": "Nu este de competența noastră"})
        )
        self.assertEqual(wizard.routing_ids, leg)
        wizard.action_confirm()
        self.assertEqual((leg.state, entry.state), ("returned", "registered"))
        self.assertFalse(entry.department_id or entry.holder_id)
        self.assertEqual(entry.activity_ids.user_id, self.operator)

    def test_head_routes_only_within_the_department(self):
        entry = self._registered(self.operator)
        self._route(entry)
        self._route(entry, self.inspector, by=self.head)
        self.assertEqual(entry.holder_id, self.inspector)
        with self.assertRaisesRegex(UserError, "within the own department"):
            self._route(entry, by=self.head, department=self.taxes)

    def test_overtaken_leg_is_not_accepted_any_more(self):
        entry = self._registered(self.operator)
        first = self._route(entry, self.inspector)
        self._route(entry, department=self.taxes)
        self.assertEqual(first.state, "passed")
        self.assertEqual(entry._get_last_leg().state, "sent")
        entry.with_user(self.colleague).action_solve("favourable")
        self.assertEqual(entry._get_last_leg().accepted_by_id, self.colleague)

    def test_entry_returned_to_the_head_stays_in_the_department(self):
        """Who sends on what was sent to them has accepted it."""
        entry = self._registered(self.operator)
        self._route(entry)
        leg = self._route(entry, self.inspector, by=self.head)
        leg.with_user(self.inspector).action_return("Sunt în concediu")
        self.assertEqual(entry.department_id, self.urbanism)
        self.assertEqual(entry.holder_id, self.head)

    def test_returned_entry_goes_back_to_who_had_it(self):
        entry = self._registered(self.operator)
        self._route(entry, self.inspector).with_user(self.inspector).action_accept()
        second = self._route(entry, department=self.taxes)
        second.with_user(self.colleague).action_return("Nu ne privește")
        self.assertEqual(entry.state, "routed")
        self.assertEqual(entry.department_id, self.urbanism)
        self.assertEqual(entry.holder_id, self.inspector)

    def test_inspector_does_not_route(self):
        entry = self._registered(self.operator)
        self._route(entry, self.inspector)
        with self.assertRaisesRegex(UserError, "within the own department"):
            self._route(entry, by=self.inspector)

    def test_draft_is_not_routed(self):
        with self.assertRaisesRegex(UserError, "Register it first"):
            self._route(self._draft(self.operator))

    def test_entry_routed_while_it_waits_is_routed_when_numbered(self):
        draft = self._draft()
        draft._programmatic().write(draft._prepare_waiting_values(self.register))
        self._route(draft)
        self.assertEqual(draft.state, "waiting")
        self.env["pcu.register.entry"]._cron_number_waiting()
        self.assertEqual((draft.number, draft.state), (1, "routed"))

    def test_holder_solves(self):
        entry = self._registered(self.operator)
        self._route(entry, self.inspector)
        with self.assertRaises(AccessError):
            entry.with_user(self.colleague).action_solve("favourable")
        entry.with_user(self.inspector).action_solve(
            "favourable", sent_date="2026-11-20", delivery="pickup"
        )
        self.assertEqual((entry.state, entry.resolution), ("solved", "favourable"))
        self.assertFalse(entry.activity_ids)

    def test_routing_many_stays_in_batches(self):
        entries = self.env["pcu.register.entry"].concat(
            *[self._registered() for _each in range(10)]
        )
        self.env.flush_all()
        with self.assertQueryCount(60):
            entries.action_route(self.urbanism, self.inspector)
            self.env.flush_all()
