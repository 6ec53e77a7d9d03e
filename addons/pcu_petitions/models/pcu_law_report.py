"""Reports that a law asks for: figures of a period, each of which opens its list.

A report is counted anew until it is made final; then its figures and words stay. The
lists behind the figures are domains over dates, so that they show the same requests
later on.
"""

from datetime import date

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_registry import paper_lists, spreadsheets
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

FIRST_HALF, SECOND_HALF, YEAR = "first_half", "second_half", "year"
#: First and last day and month of each period.
PERIODS = {
    FIRST_HALF: ((1, 1), (6, 30)),
    SECOND_HALF: ((7, 1), (12, 31)),
    YEAR: ((1, 1), (12, 31)),
}
#: What stays when a report is final.
FROZEN_FIELDS = {"kind", "year", "period", "company_id", "line_ids", "state"}


class PcuLawReport(models.Model):
    """One report of one institution for one period.

    The registry or a head makes it and counts it; *final* it is kept as it is.
    """

    _name = "pcu.law.report"
    _description = "Report asked for by a law"
    _order = "year desc, date_to desc, id desc"
    _inherit = ["mail.thread", "mail.activity.mixin", "pcu.law.download"]

    kind = fields.Selection(
        selection=[("petitions", "Analysis of the petitions (OG 27/2002 art. 14)")],
        string="Report",
        required=True,
        default="petitions",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        required=True,
        default=lambda self: self._default_period()[0],
        aggregator=None,
    )
    period = fields.Selection(
        selection=[
            (FIRST_HALF, "First half-year"),
            (SECOND_HALF, "Second half-year"),
            (YEAR, "Whole year"),
        ],
        required=True,
        default=lambda self: self._default_period()[1],
    )
    date_from = fields.Date(string="From", compute="_compute_dates", store=True)
    date_to = fields.Date(string="Until", compute="_compute_dates", store=True)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("final", "Final")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    counted_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="pcu.law.report.line", inverse_name="report_id", string="Figures"
    )
    causes = fields.Text(
        string="Causes of late answers", help="Printed under the figures."
    )
    measures = fields.Text(string="Measures taken", help="Printed under the figures.")

    _once = models.UniqueIndex(
        "(company_id, kind, year, period)",
        "There is a report of this kind for this period already; open that one.",
    )
    _year_sane = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2100)", "Write the year with four digits."
    )

    # ------------------------------------------------------------------ defaults

    @api.model
    def _default_period(self):
        """Return the last half-year that has ended."""
        today = local_day()
        if today.month <= 6:
            return today.year - 1, SECOND_HALF
        return today.year, FIRST_HALF

    # ------------------------------------------------------------------ computes

    @api.depends("year", "period")
    def _compute_dates(self):
        for report in self:
            if not (report.period and 1990 <= report.year <= 2100):
                report.date_from = report.date_to = False
                continue
            first, last = PERIODS[report.period]
            report.date_from = date(report.year, *first)
            report.date_to = date(report.year, *last)

    @api.depends("kind", "year", "period")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        periods = dict(self._fields["period"]._description_selection(self.env))
        for report in self:
            report.display_name = (
                f"{kinds.get(report.kind)} – {periods.get(report.period)} {report.year}"
            )

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """Keep what was made final."""
        if not self.env.su and "state" in vals:
            raise UserError(self.env._("A report is made final with its button."))
        if vals.keys() & (FROZEN_FIELDS | {"causes", "measures"}) and any(
            report.state == "final" for report in self
        ):
            raise UserError(
                self.env._(
                    "%(report)s is final and stays.", report=self[:1].display_name
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        if any(report.state == "final" for report in self):
            raise UserError(self.env._("A final report is never deleted."))

    # ------------------------------------------------------------------ actions

    def action_count(self):
        """Count all figures anew."""
        self.check_access("write")
        for report in self:
            if report.state == "final":
                raise UserError(self.env._("A final report isn't counted again."))
            # sudo: the law asks for the figures of the whole institution; the lists
            # behind them show each reader only what they may see
            report_sudo = in_romanian(report.sudo())
            report_sudo.line_ids.unlink()
            report_sudo.env["pcu.law.report.line"].create(
                [
                    line | {"report_id": report.id, "sequence": position}
                    for position, line in enumerate(report_sudo._prepare_lines())
                ]
            )
            report_sudo.counted_at = fields.Datetime.now()
        return True

    def action_finalise(self):
        """Count for the last time and keep the figures."""
        today = local_day()
        for report in self:
            if report.date_to >= today:
                raise UserError(
                    self.env._(
                        "The period ends on %(day)s; a report is made final after it.",
                        day=format_date(self.env, report.date_to),
                    )
                )
            report.action_count()
            report.sudo().state = "final"
            self.env["pcu.journal"]._log(report, "law_report_final")
        return True

    def _get_download_address(self):
        """Count first what nobody has counted."""
        if not self.counted_at:
            self.action_count()
        return f"/pcu/law-report/{self.id}"

    # ------------------------------------------------------------------ counting

    def _prepare_lines(self):
        """Return the figures of the report: dicts with section, label and value."""
        self.ensure_one()
        return self._prepare_petition_lines() if self.kind == "petitions" else []

    def _in_period(self, kind):
        """Return the domain of the requests of one kind registered in the period."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("kind", "=", kind)
            & Domain("registration_date", ">=", self.date_from)
            & Domain("registration_date", "<=", self.date_to)
        )

    def _get_last_day(self):
        """Return the day up to which terms are judged: nothing is late in advance."""
        return min(self.date_to, local_day())

    def _figure(self, section, label, domain, model="pcu.request"):
        """Return one figure with the list that it counts."""
        return {
            "section": section,
            "label": label,
            "model": model,
            "domain": self._to_plain(domain),
            "value": self.env[model].search_count(domain),
        }

    @api.model
    def _to_plain(self, domain):
        """Return a domain as the browser and a column of JSON take it."""

        def plain(value):
            if isinstance(value, date):
                return value.isoformat()
            if isinstance(value, str) or not hasattr(value, "__iter__"):
                return value
            return [plain(each) for each in value]

        return plain(list(domain))

    # ------------------------------------------------------------------ outside

    def _get_about(self):
        """Return the lines under the title of the paper."""
        return (
            self.env._(
                "Period: %(first)s – %(last)s",
                first=format_date(self.env, self.date_from),
                last=format_date(self.env, self.date_to),
            ),
        )

    def _draw_pdf(self):
        """Return the report as PDF, in Romanian, ready to be signed."""
        self.ensure_one()
        self.check_access("read")
        report = in_romanian(self)
        rows = []
        section = None
        for line in report.line_ids:
            if line.section != section:
                section = line.section
                rows.append((section.upper(), ""))
            rows.append((line.label, line.shown))
        return paper_lists.draw(
            paper_lists.Paper(
                institution=report.company_id.name,
                title=report.display_name,
                about=report._get_about(),
                columns=(
                    paper_lists.Column(report.env._("Indicator"), 8),
                    paper_lists.Column(report.env._("Number"), 2, number=True),
                ),
                rows=tuple(rows),
                closing=report._get_closing(),
                signatures=(
                    (report.env._("Head of the institution"), ""),
                    (report.env._("Made by"), ""),
                ),
                page_text=report.env._("Page {page} of {pages}"),
            ),
            fonts=self.env["pcu.register.entry"]._get_fonts(),
        )

    def _get_closing(self):
        """Return what people wrote under the figures."""
        return tuple(
            f"{self._fields[name]._description_string(self.env)}: {self[name]}"
            for name in ("causes", "measures")
            if self[name]
        )

    def _write_xlsx(self):
        """Return the report as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        report = in_romanian(self)
        names = ("section", "label", "value")
        lines = report.line_ids
        return spreadsheets.write(
            spreadsheets.Sheet(
                (report.company_id.name, report.display_name),
                [lines._fields[name]._description_string(report.env) for name in names],
                [(line.section, line.label, line.text or line.value) for line in lines],
            )
        )

    # ------------------------------------------------------------------ cron

    @api.model
    def _cron_prepare(self):
        """Draft the analysis of the half-year that has ended and tell who signs it."""
        year, period = self._default_period()
        for company in self._get_institutions("petition"):
            self._prepare_draft(company, "petitions", year, period)

    @api.model
    def _get_institutions(self, kind):
        """Return the institutions that have requests of a kind at all."""
        groups = self.env["pcu.request"]._read_group(
            [("kind", "=", kind)], ["company_id"]
        )
        return [company for (company,) in groups]

    @api.model
    def _prepare_draft(self, company, kind, year, period):
        """Make the draft of a period once, where there was something to report."""
        key = {
            "company_id": company.id,
            "kind": kind,
            "year": year,
            "period": period,
        }
        if self.search_count([(name, "=", key[name]) for name in key], limit=1):
            return self.browse()
        report = self.create(key)
        report.action_count()
        if not any(report.line_ids.mapped("value")):
            report.unlink()
            return self.browse()
        signer = company.pcu_secretary_id or company.pcu_head_id
        if signer:
            report.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=in_romanian(self).env._("Read the draft and make it final."),
                user_id=signer.id,
            )
        return report
