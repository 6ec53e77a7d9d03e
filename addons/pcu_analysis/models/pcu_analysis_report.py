"""The figures on paper and in a workbook."""

from odoo import api, models
from odoo.addons.pcu_registry.fonts import FONT, register_fonts
from odoo.addons.pcu_registry.paper_lists import Column, Paper, draw

from .. import charts, workbook

#: Between the margins of an A4 sheet, in points.
WIDTH = 495
MOST_BARS = 14


class PcuAnalysis(models.AbstractModel):
    """PDF and XLSX."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.analysis"  # by topic: no file over 500 lines

    @api.model
    def _export(self, kind, period="month", department_id=False):
        """Return the report as a file, and note in the journal who took it out.

        :param str kind: ``pdf`` or ``xlsx``
        :return: the content and a name for the file
        """
        report = self.get_figures(period, department_id)
        content = self._draw_pdf(report) if kind == "pdf" else self._write_xlsx(report)
        subject = self.env.company
        if department_id:
            subject = self.env["pcu.department"].browse(department_id)
        self.env["pcu.journal"]._log(
            subject, "analysis_exported", kind=kind, period=report["title"]
        )
        return content, f"{self._get_file_name()}-{period}.{kind}"

    @api.model
    def _get_file_name(self):
        return self.env._("requests-report")

    @api.model
    def _get_heads(self):
        """Return the words over the columns, the same in every form of the report."""
        return [
            "",
            self.env._("Received"),
            self.env._("Solved"),
            self.env._("Solved late"),
            self.env._("Open"),
            self.env._("Overdue"),
            self.env._("Half within (days)"),
            self.env._("9 of 10 within (days)"),
        ]

    @api.model
    def _get_load_heads(self):
        return [
            self.env._("Due until the end of next week"),
            self.env._("Usual pace for that time"),
            self.env._("Overloaded"),
        ]

    # ------------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------------

    @api.model
    def _draw_pdf(self, report):
        """Draw the report on A4, charts first."""
        fonts = self.env["pcu.register.entry"]._get_fonts()
        register_fonts(*fonts)
        papers = [self._get_first_paper(report)]
        papers += [
            self._get_table_paper(report, table)
            for table in report["tables"]
            if table["rows"]
        ]
        if report["load"]:
            papers.append(self._get_load_paper(report))
        return draw(*papers, fonts=fonts)

    @api.model
    def _paper(self, report, title, **parts):
        return Paper(
            institution=self.env.company.name,
            title=title,
            subtitle=report["title"],
            page_text=self.env._("page {page} of {pages}"),
            **parts,
        )

    @api.model
    def _get_first_paper(self, report):
        """The figures that matter, and three charts."""
        drawings = [
            charts.months_chart(
                report["months"],
                (self.env._("Received"), self.env._("Solved")),
                FONT,
                WIDTH,
            )
        ]
        departments = [
            (row["label"], row["open"]["value"])
            for row in report["tables"][0]["rows"]
            if row["open"]["value"]
        ][:MOST_BARS]
        ages = [(age["label"], age["value"]) for age in report["ages"]]
        if len(departments) > 1:
            drawings += self._chart(self.env._("Open by department"), departments)
        if any(count for _label, count in ages):
            drawings += self._chart(self.env._("Open by age"), ages)
        return self._paper(
            report,
            self.env._("Report on citizens' requests"),
            facts=tuple(
                (figure["label"], self._say(figure))
                for figure in report["flow"] + report["now"]
            ),
            about=(self.env._("State of %(day)s", day=report["today"]),),
            drawings=tuple(drawings),
        )

    @api.model
    def _chart(self, title, bars):
        return [charts.heading(title, FONT), charts.bars_chart(bars, FONT, WIDTH)]

    @api.model
    def _say(self, figure):
        """Put a figure into words; what can't be told is a dash."""
        if figure["value"] is None:
            return "–"
        return f"{figure['value']} {figure['unit']}".strip()

    @api.model
    def _get_table_paper(self, report, table):
        heads = self._get_heads()
        rows = tuple(
            tuple("–" if value is None else str(value) for value in values)
            for values in map(workbook.row_values, table["rows"])
        )
        columns = (Column(heads[0], 2.6), *(Column(h, 1.4, True) for h in heads[1:]))
        return self._paper(
            report, table["label"], columns=columns, rows=rows, goes_on=True
        )

    @api.model
    def _get_load_paper(self, report):
        due, pace, over = self._get_load_heads()
        return self._paper(
            report,
            self.env._("Who is overloaded next week"),
            goes_on=True,
            about=(self._get_load_rule(),),
            columns=(
                Column(self.env._("Inspector"), 3),
                Column(due, 1.5, True),
                Column(pace, 1.5, True),
                Column(over, 1),
            ),
            rows=tuple(
                (
                    row["label"],
                    str(row["value"]),
                    row["pace_text"],
                    self.env._("Yes") if row["overloaded"] else "",
                )
                for row in report["load"]
            ),
        )

    @api.model
    def _get_load_rule(self):
        return self.env._(
            "Overloaded is whoever has more overdue or falling due until the end of "
            "next week than they usually solve in that time (the pace of the last "
            "eight weeks)."
        )

    # ------------------------------------------------------------------
    # XLSX
    # ------------------------------------------------------------------

    @api.model
    def _write_xlsx(self, report):
        """Write the report as a workbook."""
        return workbook.write(
            report,
            {
                "what": self.env._("Figure"),
                "value": self.env._("Value"),
                "unit": self.env._("Unit"),
                "summary": self.env._("Summary"),
                "months": self.env._("By month"),
                "ages": self.env._("Open by age"),
                "load": self.env._("Next week"),
                "yes": self.env._("Yes"),
                "columns": self._get_heads(),
                "load_columns": self._get_load_heads(),
            },
        )
