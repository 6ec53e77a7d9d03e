"""Who may do what with themes, dialogs and reports."""

from odoo.addons.pcu_base.tests.common import VERBS
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PetitionsCase

RIGHTS = {
    "pcu.petition.topic": {
        "operator": {"read"},
        "inspector": {"read"},
        "head": {"read"},
        "auditor": {"read"},
        "administrator": set(VERBS),
    },
    "pcu.law.report": {
        "operator": set(VERBS),
        "inspector": set(),
        "head": {"read", "write", "create"},
        "auditor": {"read"},
        "administrator": set(),
    },
    "pcu.law.report.line": {
        "operator": {"read"},
        "inspector": set(),
        "head": {"read"},
        "auditor": {"read"},
        "administrator": set(),
    },
}

DIALOGS = {
    "pcu.petition.match": ("inspector", "head"),
    "pcu.petition.redirect": ("inspector", "head"),
}


@tagged("post_install", "-at_install")
class TestSecurity(PetitionsCase):
    """Least rights."""

    def setUp(self):
        super().setUp()
        report = self.env["pcu.law.report"].create(
            {"year": 2025, "period": "first_half"}
        )
        report.action_count()
        self.records = {
            "pcu.petition.topic": self.env.ref("pcu_petitions.topic_roads"),
            "pcu.law.report": report,
            "pcu.law.report.line": report.line_ids[:1],
        }

    def test_each_role_and_verb(self):
        """The table of rights is what the database of rights says."""
        self.check_rights(RIGHTS, self.records)
        self.assertDialogs(DIALOGS, RIGHTS["pcu.petition.topic"])
        self.assertModelsListed("pcu_petitions", RIGHTS, DIALOGS)

    def test_another_institution_reads_no_report(self):
        """Several town halls may live in one database."""
        foreigner = self._foreigner()
        for model in ("pcu.law.report", "pcu.law.report.line"):
            self.assertFalse(
                self.records[model].with_user(foreigner).has_access("read")
            )

    def test_lists_cost_no_query_more_for_more_rows(self):
        """Petitions of eight people; a report with all its figures."""
        requests = self.env["pcu.request"]
        for number in range(8):
            applicant = self.citizen.copy({"name": f"Petent {number}"})
            requests |= self._on_desk(applicant=applicant, subject=f"Groapa {number}")
        view = "pcu_petitions.pcu_request_view_list_petition"
        self.assertListStaysFlat(requests, self.inspector, view)
        self.assertListStaysFlat(self.records["pcu.law.report"].line_ids, self.head)

    def test_list_behind_a_figure_shows_only_what_the_reader_may_see(self):
        """The figure is the institution's, the list is the reader's."""
        self._petition()
        report = self.env["pcu.law.report"].create(
            {"year": 2026, "period": "first_half"}
        )
        report.action_count()
        total = report.line_ids[:1]
        self.assertEqual(total.value, 1)
        domain = total.with_user(self.head).action_open()["domain"]
        requests = self.env["pcu.request"]
        self.assertEqual(len(requests.with_user(self.head).search(domain)), 1)
        self.assertFalse(requests.with_user(self.stranger).search(domain))
        with self.assertRaises(AccessError):
            total.with_user(self.inspector).action_open()
