"""The half-yearly analysis (OG 27/2002 art. 14): figures that open their lists."""

import io

import openpyxl
from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from .common import PetitionsCase


@tagged("post_install", "-at_install")
class TestLawReport(PetitionsCase):
    """Buckets, lists, paper, spreadsheet."""

    def _decided_after(self, days, **vals):
        with freeze_time("2026-03-12 08:00:00"):
            request = self._on_desk(**vals)
        moment = fields.Datetime.from_string("2026-03-12 08:00:00")
        with freeze_time(fields.Datetime.add(moment, days=days)):
            request.with_user(self.inspector)._decide("favourable", "Da.")
        return request

    def _report(self):
        report = self.env["pcu.law.report"].with_user(self.operator)
        report = report.create({"year": 2026, "period": "first_half"})
        report.action_count()
        return report

    def _value(self, report, label):
        return report.line_ids.filtered(lambda line: line.label == label).value

    def test_time_buckets(self):
        """Same day, 1–5, 6–15, 16–30, over 30, each edge in its bucket."""
        for days in (0, 1, 5, 6, 15, 16, 30, 31):
            self._decided_after(days)
        report = self._report().with_context(lang="ro_RO")
        values = {
            "În aceeași zi": 1,
            "1–5 zile": 2,
            "6–15 zile": 2,
            "16–30 zile": 2,
            "Peste 30 de zile": 1,
            "Peste termenul legal": 0,  # day 31 is the rolled-on last day or before
        }
        for label, value in values.items():
            with self.subTest(label=label):
                self.assertEqual(self._value(report, label), value)

    def test_each_figure_opens_its_list(self):
        """As many records as the figure says."""
        topic = self.env.ref("pcu_petitions.topic_roads")
        self._decided_after(3, topic_id=topic.id)
        late = self._decided_after(40)
        nobody = self.env.ref("pcu_petitions.partner_anonymous")
        anonymous = self._petition(applicant=nobody)
        anonymous.with_user(self.inspector).action_file_anonymous()
        report = self._report().with_context(lang="ro_RO")
        self.assertTrue(report.line_ids)
        for line in report.line_ids:
            action = line.action_open()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(found), line.value, line.label)
        over = report.line_ids.filtered(lambda x: x.label == "Peste termenul legal")
        self.assertEqual(self.env["pcu.request"].search(over.domain), late)
        self.assertEqual(self._value(report, "Total"), 3)
        self.assertEqual(self._value(report, "Clasate ca anonime (art. 7)"), 1)
        self.assertEqual(self._value(report, topic.name), 1)

    def test_only_the_period_counts(self):
        """The days before and after belong to other reports."""
        for moment in ("2025-12-31 10:00", "2026-06-30 10:00", "2026-07-01 10:00"):
            with freeze_time(moment):
                self._petition()
        self.assertEqual(
            self._value(self._report().with_context(lang="ro_RO"), "Total"), 1
        )

    def test_unanswered_at_the_end_of_the_period_stays_so(self):
        """An answer of July doesn't change what June left open."""
        self._decided_after(130)
        report = self._report().with_context(lang="ro_RO")
        label = "Fără răspuns la sfârșitul perioadei"
        self.assertEqual(self._value(report, label), 1)

    def test_nothing_is_late_in_advance(self):
        """A draft before the period has ended judges by today."""
        self._petition()
        label = "Peste termenul legal"
        for day, late in (("2026-04-14", 0), ("2026-04-15", 1)):
            with self.subTest(day=day), freeze_time(f"{day} 08:00:00"):
                self.env["pcu.law.report"].search([]).unlink()
                report = self._report().with_context(lang="ro_RO")
                self.assertEqual(self._value(report, label), late)

    def test_final_report_stays(self):
        """Only after the period; then neither counted, changed nor deleted."""
        report = self._report()
        with freeze_time("2026-06-30 10:00:00"), self.assertRaises(UserError):
            report.action_finalise()
        with freeze_time("2026-07-01 10:00:00"):
            report.action_finalise()
        self.assertEqual(report.state, "final")
        for act in (
            report.action_count,
            report.unlink,
            lambda: report.write({"causes": "Altele"}),
            lambda: report.write({"state": "draft"}),
        ):
            with self.assertRaises(UserError):
                act()

    def test_paper_and_spreadsheet_say_the_same(self):
        """Romanian, whatever the reader's language."""
        self._decided_after(3)
        report = self._report()
        report.causes = "Lipsa personalului."
        text = " ".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(report._draw_pdf())).pages
        )
        for words in (
            "Primăria Exemplu",
            "1–5 zile",
            "Lipsa personalului.",
            "30.06.2026",
        ):
            self.assertIn(words, " ".join(text.split()))
        sheet = openpyxl.load_workbook(io.BytesIO(report._write_xlsx())).active
        cells = {row[1]: row[2] for row in sheet.iter_rows(min_row=4, values_only=True)}
        self.assertEqual(cells["1–5 zile"], 1)
        self.assertEqual(cells["Total"], 1)

    def test_draft_is_made_by_itself_once(self):
        """After the half-year, where there was something; who signs gets a to-do."""
        self._decided_after(3)
        self.company.pcu_secretary_id = self.head
        reports = self.env["pcu.law.report"]
        with freeze_time("2026-07-01 02:00:00"):
            reports._cron_prepare()
            reports._cron_prepare()
        report = reports.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(report), 1)
        self.assertEqual((report.year, report.period), (2026, "first_half"))
        self.assertEqual(report.activity_ids.user_id, self.head)
