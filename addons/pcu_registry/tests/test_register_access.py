import doctest

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .. import register_set
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestRegisterAccess(RegistryCase):
    """Who registers and reads, register by register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contracts = cls.env["pcu.register"].create(
            {
                "name": "Contracte",
                "code": "CTR",
                "kind": "contracts",
                "company_id": cls.company.id,
                "department_id": cls.urbanism.id,
            }
        )
        keeper = cls.env.ref("pcu_registry.group_register_keeper")
        cls.inspector.group_ids = [Command.link(keeper.id)]

    def _entry(self, user, **values):
        values.setdefault("register_id", self.contracts.id)
        return self._registered(user, direction="internal", **values)

    def test_keeper_registers_in_the_own_register_only(self):
        entry = self._entry(self.inspector)
        self.assertEqual((entry.number, entry.register_id), (1, self.contracts))
        entry.with_user(self.inspector).action_correct({"page_count": 2}, "Numărate")
        entry.with_user(self.inspector).action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "You can't register in"):
            self._entry(self.inspector, register_id=self.register.id)
        draft = self._draft(self.inspector, register_id=self.contracts.id)
        with self.assertRaisesRegex(UserError, "You can't register in"):
            draft.register_id = self.register

    def test_keeper_is_the_registry_of_the_own_register(self):
        """In a restricted one nobody else could send a document to its department."""
        self.contracts.restricted = True
        entry = self._entry(self.inspector).with_user(self.inspector)
        other = self._registered(self.operator).with_user(self.inspector)
        other.sudo().action_route(self.urbanism)
        self.assertEqual((entry.can_route, other.can_route), (True, False))
        wizard = self.env["pcu.register.route"].with_user(self.inspector)
        wizard.with_context(active_ids=entry.ids).create(
            {"department_id": self.taxes.id, "text": "Spre plată"}
        ).action_confirm()
        self.assertEqual((entry.state, entry.department_id), ("routed", self.taxes))
        self.assertTrue(entry._draw_slips("a6"))
        entry.action_solve("filed_noted")
        self.assertEqual(entry.state, "solved")
        with self.assertRaisesRegex(UserError, "registry routes them"):
            other.action_route(self.taxes)
        with self.assertRaisesRegex(UserError, "registry routes them"):
            (entry | other).action_route(self.taxes)
        with self.assertRaisesRegex(AccessError, "printed by the registry"):
            other._draw_slips("a6")

    def test_keeper_of_nothing_solves_nothing(self):
        """The role alone, outside the departments of the register, gives no right."""
        role = self.env.ref("pcu_registry.group_register_keeper")
        keeper = self.make_user("keeper_only", "pcu_base.group_auditor")
        keeper.group_ids = [Command.link(role.id)]
        entry = self._registered(self.operator).with_user(keeper)
        self.assertFalse(entry.can_route)
        with self.assertRaisesRegex(UserError, "isn't with your department"):
            entry.action_solve("filed_noted")

    def test_keeper_gets_the_own_register_offered(self):
        entries = self.env["pcu.register.entry"]
        offered = entries.with_user(self.inspector).default_get(["register_id"])
        self.assertEqual(offered["register_id"], self.contracts.id)
        offered = entries.with_user(self.operator).default_get(["register_id"])
        self.assertEqual(offered["register_id"], self.register.id)

    def test_without_the_role_the_department_only_reads(self):
        entry = self._entry(self.operator)
        self.assertEqual(self.verbs(entry, self.head), set())
        with self.assertRaises(AccessError):
            self._entry(self.head)

    def test_role_opens_nothing_else(self):
        """A keeper who is an inspector still only reads the general register."""
        entry = self._registered(self.operator)
        entry.action_route(self.urbanism)
        self.assertEqual(self.verbs(entry, self.inspector), {"read"})

    def test_readers_read_what_is_not_confidential(self):
        self.contracts.reader_department_ids = self.taxes
        entry = self._entry(self.operator)
        secret = self._entry(self.operator, confidentiality="confidential")
        self.assertEqual(self.verbs(entry, self.colleague), {"read"})
        self.assertEqual(self.verbs(secret, self.colleague), set())
        self.assertIn("write", self.verbs(secret, self.inspector))

    def test_restricted_register_is_closed_to_other_operators(self):
        entry = self._entry(self.inspector)
        self.assertIn("write", self.verbs(entry, self.operator))
        self.contracts.restricted = True
        self.assertEqual(self.verbs(entry, self.operator), set())
        self.assertEqual(self.verbs(entry, self.auditor), {"read"})
        self.assertIn("write", self.verbs(entry, self.inspector))
        with self.assertRaisesRegex(UserError, "kept by Urbanism"):
            self._entry(self.operator)
        registers = self.env["pcu.register"].with_user(self.operator)
        self.assertNotIn(
            self.contracts, registers.search([("may_register", "=", True)])
        )
        self.taxes.member_ids = [Command.link(self.operator.id)]
        self.contracts.registrar_department_ids = self.taxes
        self.assertTrue(self._entry(self.operator).number)

    def test_open_town_hall_pays_nothing_for_the_rules(self):
        """No restricted register: the rule leaves no condition in the query."""
        query = self.env["pcu.register.entry"].with_user(self.operator)._search([])
        self.assertNotIn('"register_id"', str(query.select()))


@tagged("post_install", "-at_install")
class TestRegisterSet(RegistryCase):
    """A new institution gets its registers by one button."""

    def _wizard(self, user):
        return Form(self.env(user=user)["pcu.register.setup"])

    def test_chosen_registers_are_created_and_open(self):
        wizard = self._wizard(self.admin)
        codes = [line.code for line in wizard.save().line_ids]
        self.assertNotIn("RG", codes)
        setup = wizard.save()
        setup.line_ids.filtered(lambda line: line.code == "AUD").chosen = False
        setup.action_confirm()
        registers = self.env["pcu.register"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(registers.mapped("code")), {"RG", *codes} - {"AUD"})
        self.assertEqual(set(registers.year_ids.mapped("state")), {"open"})
        law = registers.filtered(lambda each: each.kind == "law544")
        self.assertTrue(law.public)
        entry = self._registered(self.operator, register_id=law.id)
        self.assertTrue(entry.reference.startswith("L544 1/"))
        left = self._wizard(self.admin).save()
        self.assertEqual(left.line_ids.mapped("code"), ["AUD"])
        left.line_ids.chosen = False
        with self.assertRaisesRegex(UserError, "at least one"):
            left.action_confirm()

    def test_only_the_administrator_creates_registers(self):
        for user in (self.operator, self.inspector, self.head, self.auditor):
            with self.assertRaises(AccessError):
                self._wizard(user)

    def test_doctests_of_the_set(self):
        self.assertFalse(doctest.testmod(register_set).failed)
