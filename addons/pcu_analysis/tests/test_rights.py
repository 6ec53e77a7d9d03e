"""Whose figures somebody sees, and who sees none."""

from odoo.addons.pcu_base.tests.common import NONE, READ
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import AnalysisCase

READERS = ("head", "mayor", "secretary", "auditor")
OTHERS = ("inspector", "operator", "administrator")


@tagged("post_install", "-at_install")
class TestRights(AnalysisCase):
    """Role by role."""

    def setUp(self):
        super().setUp()
        self._world()

    def test_each_role_and_verb(self):
        """Heads, mayor, secretary and auditor read; nobody writes."""
        figures = ("pcu.request.summary", "pcu.request.duration")
        for model in figures:
            self.assertVerbs(
                self.env[model],
                **dict.fromkeys(READERS, READ),
                **dict.fromkeys(OTHERS, NONE),
            )
        self.assertVerbs(
            self.env["pcu.analysis.mail"],
            **dict.fromkeys(READERS + OTHERS, NONE)
            | dict.fromkeys(("auditor", "administrator"), READ),
        )
        self.assertModelsListed("pcu_analysis", figures, ["pcu.analysis.mail"])

    def test_others_get_no_report(self):
        """Neither on the screen nor as a file."""
        for role in OTHERS:
            analysis = self.env["pcu.analysis"].with_user(getattr(self, role))
            with self.subTest(role=role), self.assertRaises(AccessError):
                analysis.get_figures()
            with self.subTest(role=role), self.assertRaises(AccessError):
                analysis._export("xlsx")

    def test_a_head_sees_the_own_departments_only(self):
        """Also when asking for another one, and the ones below are the own."""
        self.assertEqual(self._value(self._figures(), "open"), 3)
        asked = self._figures(department_id=self.taxes.id)
        self.assertEqual(self._value(asked, "open"), 0)
        self.taxes.parent_id = self.urbanism
        self.assertEqual(self._value(self._figures(), "open"), 4)

    def test_an_approver_who_leads_nothing_sees_no_figure(self):
        """The legal adviser gives visas and reads no statistics."""
        report = self._figures(self.jurist)
        self.assertEqual(self._value(report, "open"), 0)
        self.assertEqual(self._value(report, "in"), 0)
        self.assertFalse(report["departments"])

    def test_leading_one_institution_shows_nothing_of_another(self):
        """Several town halls in one database."""
        other = self.env["res.company"].create({"name": "Primăria Vecină"})
        self.mayor.write({"company_ids": [(4, other.id)]})
        report = (
            self.env["pcu.analysis"]
            .with_user(self.mayor)
            .with_context(allowed_company_ids=other.ids)
            .get_figures()
        )
        self.assertEqual(self._value(report, "open"), 0)

    def test_a_figure_counts_more_than_its_list_shows(self):
        """The mayor counts all; the list obeys the rights on requests."""
        report = self._figures(self.mayor)
        requests = self.env["pcu.request"].with_user(self.mayor)
        domain = Domain(report["now"][0]["domain"])
        self.assertEqual(self._value(report, "open"), 4)
        self.assertEqual(requests.search_count(domain), 0)
