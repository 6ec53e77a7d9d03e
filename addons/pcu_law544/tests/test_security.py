"""Who may do what with grounds, domains and complaints."""

from odoo.addons.pcu_base.tests.common import VERBS
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import Law544Case

CATALOGUE = {
    "operator": {"read"},
    "inspector": {"read"},
    "head": {"read"},
    "auditor": {"read"},
    "administrator": set(VERBS),
}
RIGHTS = {
    "pcu.law544.domain": CATALOGUE,
    "pcu.law544.ground": CATALOGUE,
    "pcu.law544.complaint": {
        "operator": {"read", "write", "create"},
        "inspector": {"read"},
        "head": {"read", "write", "create"},
        "auditor": {"read"},
        "administrator": set(),
    },
}


@tagged("post_install", "-at_install")
class TestSecurity(Law544Case):
    """Least rights."""

    def setUp(self):
        super().setUp()
        self.complaint = self.env["pcu.law544.complaint"].create(
            {"request_id": self._refused().id}
        )

    def test_each_role_and_verb(self):
        """The table of rights is what the database of rights says."""
        records = {
            "pcu.law544.domain": self.env.ref("pcu_law544.domain_money"),
            "pcu.law544.ground": self.commercial,
            "pcu.law544.complaint": self.complaint,
        }
        self.check_rights(RIGHTS, records)

    def test_another_department_sees_no_complaint(self):
        """Neither by search nor by number."""
        complaints = self.env["pcu.law544.complaint"].with_user(self.stranger)
        self.assertFalse(complaints.search([]))
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.stranger).read(["reason"])
