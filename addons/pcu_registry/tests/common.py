"""The small town hall in which the registry's tests happen."""

from odoo.addons.pcu_base.tests.common import RolesAndVerbs
from odoo.tests import TransactionCase


class RegistryCase(RolesAndVerbs, TransactionCase):
    """Two departments, one person per role, a general register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "Europe/Bucharest"
        cls.company = cls.env["res.company"].create({"name": "Primăria Teilor"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.register = cls.env["pcu.register"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.operator = cls._user("operator", "group_registry_operator")
        cls.inspector = cls._user("inspector", "group_inspector")
        cls.colleague = cls._user("colleague", "group_inspector")
        cls.head = cls._user("head", "group_head")
        cls.auditor = cls._user("auditor", "group_auditor")
        cls.admin = cls._user("administrator", "group_admin")
        cls.urbanism = cls._department("URB", "Urbanism", cls.inspector, cls.head)
        cls.taxes = cls._department("TAX", "Taxe și impozite", cls.colleague)
        cls.citizen = cls.env["res.partner"].create(
            {"name": "Ștefan Țăranu", "company_id": False}
        )

    @classmethod
    def _user(cls, login, group):
        return cls.make_user(f"registry_{login}", group, cls.company)

    @classmethod
    def _department(cls, code, name, members, head=None):
        return cls.env["pcu.department"].create(
            {
                "code": code,
                "name": name,
                "company_id": cls.company.id,
                "member_ids": [(6, 0, members.ids)],
                "head_id": head and head.id,
            }
        )

    @classmethod
    def _draft(cls, user=None, **values):
        env = cls.env(user=user) if user else cls.env
        return env["pcu.register.entry"].create(
            {
                "register_id": cls.register.id,
                "company_id": cls.company.id,
                "sender_id": cls.citizen.id,
                "summary": "Cerere certificat de urbanism",
                **values,
            }
        )

    @classmethod
    def _close(cls, year):
        """Close a year that is over, its days first."""
        cls.env["pcu.register.closing"].with_user(cls.admin).action_close_days()
        year.with_user(cls.admin).action_close()

    @classmethod
    def _registered(cls, user=None, **values):
        return cls._draft(user, **values)._do_register()
