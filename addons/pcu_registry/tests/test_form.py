from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestForm(RegistryCase):
    """Opening an entry costs the same, whatever happened to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.few = cls._worked(1)
        cls.many = cls._worked(8)

    @classmethod
    def _worked(cls, count):
        """Return an entry with so many papers, legs, replies and corrections."""
        entry = cls._registered(cls.operator)
        for number in range(count):
            entry._add_files(
                cls.env["ir.attachment"].create(
                    {"name": f"{number}.txt", "raw": f"Fila {number}".encode()}
                )
            )
            # Others each time: names that were read already would hide a question.
            person = cls._user(f"person_{count}_{number}", "group_inspector")
            department = cls._department(f"D{count}{number}", f"Dep. {number}", person)
            entry.action_route(
                cls.urbanism,
                cls.inspector,
                f"Rezoluția {number}",
                copies=[(department, person)],
            )
            entry.action_correct({"page_count": number + 2}, "Numărate greșit")
            cls._registered(
                cls.operator,
                direction="outgoing",
                answers_id=entry.id,
                recipient_id=cls.env["res.partner"].create({"name": f"R{number}"}).id,
            )
            connected = cls._registered(cls.operator)
            connected.action_connect(entry)
        return entry

    def test_form_opens_for_who_keeps_the_register_only(self):
        keeper = self._user("keeper", "group_user")
        keeper.group_ids += self.env.ref("pcu_registry.group_register_keeper")
        self.urbanism.member_ids += keeper
        self.register.department_id = self.urbanism
        values, _cost = self.open_form(self.many, keeper)
        self.assertTrue(values)

    def test_form_with_many_lines_costs_what_few_cost(self):
        self.assertEqual(len(self.many.correction_ids), 8)
        self.assertEqual(len(self.many.document_ids), 8)
        for user in (self.operator, self.inspector, self.auditor):
            with self.subTest(user.login):
                self.assertFormStaysFlat(self.few, self.many, user)
