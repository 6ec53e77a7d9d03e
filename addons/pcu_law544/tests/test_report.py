"""The yearly report on Law 544 and its indicators."""

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import Law544Case


@tagged("post_install", "-at_install")
class TestReport(Law544Case):
    """Each indicator counts, and opens what it counts."""

    def _report(self):
        report = (
            self.env["pcu.law.report"]
            .with_user(self.operator)
            .create({"kind": "law544", "year": 2026, "period": "year"})
        )
        report.action_count()
        return report.with_context(lang="ro_RO")

    def test_indicators(self):
        """One of each kind, counted once, each figure with its list."""
        self.company.write({"pcu_copy_price": 0.5, "pcu_copy_decision": "HCL 12/2026"})
        answered = self._taken(channel="post")
        answered.info_domain_id = self.env.ref("pcu_law544.domain_money")
        answered.copy_pages = 10
        answered.with_user(self.inspector)._decide("favourable", "Iată.")
        longer = self._taken()
        longer.with_user(self.head)._extend_term(20, "Volum mare")
        with freeze_time("2026-04-02 08:00:00"):
            longer.with_user(self.inspector)._decide("favourable", "Iată.")
        refused = self._refused()
        self.env["pcu.law544.complaint"].create({"request_id": refused.id})
        self._taken().with_user(self.inspector)._redirect(self.county, "email")
        self._asked()  # left without an answer
        with freeze_time("2027-01-04 08:00:00"):
            report = self._report()
        found = {(x.section[:2], x.label): x for x in report.line_ids}
        for key, value in {
            ("1.", "Total"): 5,
            ("1.", "Persoane fizice"): 5,
            ("1.", "Pe suport de hârtie"): 1,
            ("1.", "Electronic"): 4,
            ("2.", "Total"): 2,
            ("2.", "Redirecționate către alte instituții în 5 zile"): 1,
            ("2.", "Soluționate în termen de 10 zile"): 1,
            ("2.", "Soluționate în termen de 30 de zile"): 1,
            ("2.", "Peste termenul legal"): 1,
            ("3.", "Total"): 1,
            ("3.", "Exceptate, conform legii"): 1,
            ("3.", "Comunicate după mai mult de 5 zile"): 0,
            ("4.", "Total"): 1,
            ("4.", "În curs de soluționare"): 1,
            ("5.", "Total"): 0,
            ("6.", "Pagini copiate"): 10,
        }.items():
            with self.subTest(key=key):
                self.assertEqual(found[key].value, value)
        self.assertEqual(found["6.", "Încasat pentru copii (lei)"].text, "5.00")
        for line in report.line_ids.filtered("domain"):
            action = line.action_open()
            count = self.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(count, line.value, line.label)
        self.assertTrue(report._draw_pdf().startswith(b"%PDF"))
        self.assertTrue(report._write_xlsx().startswith(b"PK"))

    def test_report_is_yearly(self):
        """No half-years."""
        with self.assertRaises(ValidationError):
            self.env["pcu.law.report"].create(
                {"kind": "law544", "year": 2026, "period": "first_half"}
            )

    def test_draft_after_new_year(self):
        """Made once, by itself, where something was asked."""
        self._asked()
        domain = [("kind", "=", "law544"), ("company_id", "=", self.company.id)]
        reports = self.env["pcu.law.report"]
        with freeze_time("2026-07-01 02:00:00"):
            reports._cron_prepare()
        self.assertFalse(reports.search(domain))
        with freeze_time("2027-01-04 02:00:00"):
            reports._cron_prepare()
            reports._cron_prepare()
        self.assertEqual(reports.search(domain).year, 2026)
