"""Each figure against a world counted by hand, and against the list it opens."""

from datetime import date
from io import BytesIO

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL
from openpyxl import load_workbook

from .common import AnalysisCase


@tagged("post_install", "-at_install")
class TestFigures(AnalysisCase):
    """What a head and the mayor read."""

    def setUp(self):
        super().setUp()
        self._world()

    def test_the_figures_of_a_department(self):
        """Counted on the fingers in ``_world``."""
        report = self._figures()
        expected = {
            "open": 3,
            "late": 1,
            "today": 0,
            "tomorrow": 1,
            "waiting": 1,
            "pool": 1,
            "in": 4,
            "out": 4,
            "late_out": 1,
            "in_time": 75,
            "median": 2,
            "p90": 30,
        }
        for key, value in expected.items():
            with self.subTest(key=key):
                self.assertEqual(self._value(report, key), value)

    def test_the_figures_of_the_institution(self):
        """The mayor sees both departments; June of last year isn't this month."""
        report = self._figures(self.mayor)
        self.assertEqual(self._value(report, "open"), 4)
        self.assertEqual(self._value(report, "late"), 2)
        rows = {row["label"]: row for row in report["tables"][0]["rows"]}
        self.assertEqual(rows["Taxe"]["open"]["value"], 1)
        self.assertEqual(rows["Urbanism"]["out"]["value"], 4)
        self.assertEqual(rows["Urbanism"]["median"], 2)
        last_year = self._figures(self.mayor, period="last_year")
        self.assertEqual(self._value(last_year, "in"), 1)
        self.assertEqual(self._value(last_year, "out"), 1)
        self.assertEqual(self._value(last_year, "median"), 19)
        chosen = self._figures(self.mayor, department_id=self.taxes.id)
        self.assertEqual(self._value(chosen, "open"), 1)

    def test_each_figure_opens_its_list(self):
        """As many requests as the figure says, for every figure of the dashboard."""
        requests = self.env["pcu.request"].with_user(self.head)
        report = self._figures()
        figures = report["now"] + report["flow"][:3] + report["ages"] + report["load"]
        for table in report["tables"]:
            for row in table["rows"]:
                figures += [
                    row[key] for key in ("in", "out", "late_out", "open", "late")
                ]
        self.assertGreater(len(figures), 20)
        for figure in figures:
            with self.subTest(figure=figure["key"], label=figure["label"]):
                found = requests.search_count(Domain(figure["domain"]))
                self.assertEqual(found, figure["value"])

    def test_tables_by_person_procedure_and_channel(self):
        """The same sums, cut in another way."""
        tables = {t["key"]: t["rows"] for t in self._figures()["tables"]}
        people = {row["label"]: row["open"]["value"] for row in tables["user_id"]}
        self.assertEqual(people, {self.inspector.name: 2, "Nobody has taken them": 1})
        (procedure,) = tables["procedure_id"]
        self.assertEqual(procedure["label"], "Certificat de urbanism")
        self.assertEqual(sum(row["open"]["value"] for row in tables["channel"]), 3)
        self.assertEqual(len(tables["channel"]), 2)

    def test_age_and_load(self):
        """Groups of age; due until Sunday of next week against the usual pace."""
        report = self._figures()
        self.assertEqual([age["value"] for age in report["ages"]], [1, 1, 0, 0, 1])
        (row,) = report["load"]
        self.assertEqual(row["value"], 1, "the late one; the stopped one isn't due")
        # Four in eight weeks, eleven days left: 4 / 8 * 11 / 7
        self.assertEqual((row["pace"], row["overloaded"]), (0.8, True))
        (seen_by_mayor,) = self._figures(self.mayor)["load"]
        self.assertEqual(seen_by_mayor["pace"], 0.8, "the mayor reads no requests")

    def test_every_change_is_counted_at_once(self):
        """Assigning, deciding, extending, closing: the sums follow, folded or not."""
        request = self._laid("2026-03-12", due_date="2026-03-12")
        self.env.flush_all()
        self.assertEqual(self._value(self._figures(), "today"), 1)
        request.with_user(self.head).sudo().user_id = self.colleague
        self.env.flush_all()
        self.env["pcu.request.summary"]._cron_fold()
        self.env.invalidate_all()
        tables = {t["key"]: t["rows"] for t in self._figures()["tables"]}
        people = {row["label"]: row["open"]["value"] for row in tables["user_id"]}
        self.assertEqual(people[self.colleague.name], 1)
        request.sudo().write({"state": "closed", "ended_at": "2026-03-12 09:00:00"})
        self.env.flush_all()
        report = self._figures()
        self.assertEqual(self._value(report, "today"), 0)
        self.assertEqual(self._value(report, "out"), 5)
        self.assertEqual(self._value(report, "median"), 2)

    def test_folding_and_counting_anew_change_nothing(self):
        """The sums are what a full count says."""
        before = self._figures(self.mayor)
        self.env["pcu.request.summary"]._cron_fold()
        self.env.invalidate_all()
        self.assertEqual(self._figures(self.mayor), before)
        for table in ("pcu_request_summary", "pcu_request_duration"):
            recount = SQL.identifier(f"{table}_recount")
            self.env.cr.execute(SQL("SELECT %s()", recount))
        self.env.invalidate_all()
        self.assertEqual(self._figures(self.mayor), before)

    def test_the_pivot_sums_requests_and_opens_them(self):
        """Late and average exist only when they are asked for."""
        summary = self.env["pcu.request.summary"].with_user(self.head)
        measures = (
            "in_count", "out_count", "late_out_count", "open_count", "late_count",
        )  # fmt: skip
        domain = [("month", ">=", "2026-03-01"), ("month", "<", "2026-04-01")]
        (sums,) = summary._read_group(
            domain, [], [*(f"{m}:sum" for m in measures), "average_days:sum"]
        )
        self.assertEqual(sums, (4, 4, 1, 2, 0, 10.8))
        requests = self.env["pcu.request"].with_user(self.head)
        for measure, value in zip(measures, sums, strict=False):
            with self.subTest(measure=measure):
                action = summary.action_open_requests(domain, measure)
                found = requests.search_count(Domain(action["domain"]))
                self.assertEqual(found, value)
        waiting = summary.action_open_requests([("waiting", "=", True)], "open_count")
        self.assertEqual(requests.search_count(Domain(waiting["domain"])), 1)

    def test_the_dashboard_asks_few_questions(self):
        """No more for thirty requests than for nine, but for a name or two."""
        self._figures(self.mayor)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._figures(self.mayor)
        few = self.env.cr.sql_log_count - before
        for number in range(21):
            self._laid(date(2026, 3, 1 + number % 10), due_date=date(2026, 3, 20))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._figures(self.mayor)
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 2)
        self.assertLessEqual(few, 14)

    # -- on paper ----------------------------------------------------------------

    def test_the_workbook_has_numbers_and_no_formulas(self):
        """A department called like a formula stays a name."""
        self.urbanism.name = "=HYPERLINK(0)"
        analysis = self.env["pcu.analysis"].with_user(self.head)
        content, name = analysis._export("xlsx")
        self.assertTrue(name.endswith(".xlsx"))
        book = load_workbook(BytesIO(content))
        page = book[book.sheetnames[2]]
        self.assertEqual(page["A5"].value, "=HYPERLINK(0)")
        self.assertEqual(page["A5"].data_type, "s")
        self.assertEqual(
            [page.cell(5, n).value for n in range(2, 9)][:5], [4, 4, 1, 3, 1]
        )

    def test_the_paper_shows_the_figures(self):
        """Charts, tables, the words of a town hall; empty months don't break it."""
        analysis = self.env["pcu.analysis"]
        content, _name = analysis.with_user(self.mayor)._export("pdf")
        self.assertTrue(content.startswith(b"%PDF"))
        empty, _name = analysis.with_user(self.mayor)._export("pdf", "last_year")
        self.assertTrue(empty.startswith(b"%PDF"))
        self.env["pcu.request"].search([]).sudo().write({"registration_date": False})
        self.env.flush_all()
        nothing, _name = analysis.with_user(self.mayor)._export("pdf")
        self.assertTrue(nothing.startswith(b"%PDF"))

    def test_taking_a_report_out_is_written_down(self):
        """Who, of what and of when."""
        self.env["pcu.analysis"].with_user(self.head)._export(
            "pdf", department_id=self.urbanism.id
        )
        row = self.env["pcu.journal"].search(
            [("action", "=", "analysis_exported")], limit=1
        )
        self.assertEqual((row.user_id, row.res_label), (self.head, "Urbanism"))
