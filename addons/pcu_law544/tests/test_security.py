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

DIALOGS = {
    "pcu.law544.refuse": ("inspector", "head"),
    "pcu.law544.register": ("operator", "head"),
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
        self.assertDialogs(DIALOGS, CATALOGUE)
        self.assertModelsListed("pcu_law544", RIGHTS, DIALOGS)

    def test_lists_cost_no_query_more_for_more_rows(self):
        """Requests, and complaints about them."""
        complaints = self.complaint.browse()
        for number in range(8):
            applicant = self.citizen.copy({"name": f"Petent {number}"})
            request = self._refused(applicant=applicant)
            complaints |= complaints.create({"request_id": request.id})
        view = "pcu_law544.pcu_request_view_list_law544"
        self.assertListStaysFlat(complaints.request_id, self.inspector, view)
        self.assertListStaysFlat(complaints, self.head)

    def test_another_institution_sees_no_complaint(self):
        """Several town halls may live in one database."""
        self.assertFalse(self.complaint.with_user(self._foreigner()).has_access("read"))

    def test_a_complaint_is_as_confidential_as_its_request(self):
        """The registry sees neither it nor its row in the register."""
        request = self._refused(confidential=True)
        complaint = self.env["pcu.law544.complaint"].create({"request_id": request.id})
        for record in (complaint, complaint.entry_id):
            self.assertFalse(record.with_user(self.operator).has_access("read"))
            self.assertTrue(record.with_user(self.head).has_access("read"))

    def test_another_department_sees_no_complaint(self):
        """Neither by search nor by number."""
        complaints = self.env["pcu.law544.complaint"].with_user(self.stranger)
        self.assertFalse(complaints.search([]))
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.stranger).read(["reason"])
