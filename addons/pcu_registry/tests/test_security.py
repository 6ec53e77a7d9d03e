from odoo.addons.pcu_base.tests.common import ALL, NONE, READ
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestSecurity(RegistryCase):
    """Who may do what, role by role and verb by verb."""

    def test_entry_of_the_own_department(self):
        entry = self._registered()
        entry.action_route(self.urbanism)
        self.assertVerbs(
            entry, operator=ALL, inspector=READ, head=READ, colleague=NONE,
            auditor=READ, admin=NONE,
        )  # fmt: skip

    def test_confidential_entry(self):
        entry = self._registered(confidentiality="confidential")
        self.assertIn("write", self.verbs(entry, self.operator))
        entry.action_route(self.urbanism)
        self.assertVerbs(entry, operator=NONE, inspector=READ, auditor=READ)

    def test_registers_and_years(self):
        for record in (self.register, self.register.year_ids):
            self.assertVerbs(
                record, operator=READ, inspector=READ, head=READ, auditor=READ,
                admin=ALL,
            )  # fmt: skip

    def test_nobody_writes_the_result_of_a_check(self):
        self._registered()
        self.register.year_ids.action_check_continuity()
        self.assertVerbs(
            self.register.year_ids.check_ids,
            operator=READ, inspector=READ, head=READ, auditor=READ, admin=READ,
        )  # fmt: skip

    def test_routing_is_read_by_those_it_concerns(self):
        entry = self._registered()
        entry.action_route(self.urbanism, self.inspector)
        leg = entry.routing_ids
        self.assertVerbs(
            leg, operator=READ, inspector=READ, head=READ, auditor=READ,
            colleague=NONE, admin=NONE,
        )  # fmt: skip

    def test_other_institution_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        entry = self._registered()
        for record in (entry, self.register, self.register.year_ids):
            self.assertFalse(self.verbs(record, stranger))

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
