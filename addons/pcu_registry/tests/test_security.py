from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RegistryCase

VERBS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestSecurity(RegistryCase):
    """Who may do what, role by role and verb by verb."""

    def _verbs(self, record, user):
        record = record.with_user(user)
        return {verb for verb in VERBS if record.has_access(verb)}

    def test_entry_of_the_own_department(self):
        entry = self._registered()
        entry.action_route(self.urbanism)
        expected = {
            self.operator: set(VERBS),
            self.inspector: {"read"},
            self.head: {"read"},
            self.colleague: set(),
            self.auditor: {"read"},
            self.admin: set(),
        }
        for user, verbs in expected.items():
            with self.subTest(user=user.login):
                self.assertEqual(self._verbs(entry, user), verbs)

    def test_confidential_entry(self):
        entry = self._registered(confidentiality="confidential")
        self.assertIn("write", self._verbs(entry, self.operator))
        entry.action_route(self.urbanism)
        self.assertEqual(self._verbs(entry, self.operator), set())
        self.assertEqual(self._verbs(entry, self.inspector), {"read"})
        self.assertEqual(self._verbs(entry, self.auditor), {"read"})

    def test_registers_and_years(self):
        for record in (self.register, self.register.year_ids):
            for user in (self.operator, self.inspector, self.head, self.auditor):
                self.assertEqual(self._verbs(record, user), {"read"})
            self.assertEqual(self._verbs(record, self.admin), set(VERBS))

    def test_nobody_writes_the_result_of_a_check(self):
        self._registered()
        self.register.year_ids.action_check_continuity()
        users = (self.operator, self.inspector, self.head, self.auditor, self.admin)
        for user in users:
            self.assertEqual(
                self._verbs(self.register.year_ids.check_ids, user), {"read"}
            )

    def test_routing_is_read_by_those_it_concerns(self):
        entry = self._registered()
        entry.action_route(self.urbanism, self.inspector)
        leg = entry.routing_ids
        for user in (self.operator, self.inspector, self.head, self.auditor):
            self.assertEqual(self._verbs(leg, user), {"read"})
        for user in (self.colleague, self.admin):
            self.assertEqual(self._verbs(leg, user), set())

    def test_other_institution_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        entry = self._registered()
        for record in (entry, self.register, self.register.year_ids):
            record = record.with_context(allowed_company_ids=other.ids)
            self.assertEqual(self._verbs(record, stranger), set())

    def test_reader_does_not_register(self):
        entry = self._draft()
        entry.department_id = self.urbanism
        for user in (self.inspector, self.head, self.auditor):
            with self.assertRaises(AccessError):
                entry.with_user(user).action_register()
            with self.assertRaises(AccessError):
                entry.with_user(user).action_annul("Greșit")
            with self.assertRaises(AccessError):
                self._draft(user)

    def test_reader_writes_a_note(self):
        entry = self._registered()
        entry.action_route(self.urbanism)
        entry.with_user(self.inspector).message_post(body="Am sunat petentul.")
        self.assertIn("Am sunat", entry.message_ids[0].body)

    def test_auditor_neither_accepts_nor_solves(self):
        entry = self._registered()
        entry.action_route(self.urbanism)
        with self.assertRaisesRegex(Exception, "only they"):
            entry.routing_ids.with_user(self.auditor).action_accept()
        with self.assertRaisesRegex(Exception, "isn't with your department"):
            entry.with_user(self.auditor).action_solve("favourable")
