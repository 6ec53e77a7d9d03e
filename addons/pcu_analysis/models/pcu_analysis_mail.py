"""The report that comes to the heads by itself, once in each week or month."""

import base64

from odoo import api, fields, models, tools
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.fields import Domain

from .. import figures


class PcuAnalysisMail(models.Model):
    """One report sent to one person for one time.

    The row is the promise that nobody gets it twice: it is written with the e-mail in
    one transaction, and the database refuses a second one.
    """

    _name = "pcu.analysis.mail"
    _description = "Report sent to a head"
    _order = "id desc"
    _log_access = False
    _rec_name = "user_id"

    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", required=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent to",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    rhythm = fields.Char(required=True, readonly=True)
    since = fields.Date(
        string="For the time from", required=True, readonly=True, index=True
    )
    sent_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(company_id, user_id, rhythm, since)", "This report was sent already."
    )

    @api.model
    def _cron_send(self):
        """Send what is due today, person by person; safe to break off and repeat."""
        today = local_day()
        due = [
            (company, user, since)
            for company in self.env["res.company"].search([])
            if (since := self._get_time(company, today))
            for user in self._get_heads(company)
            if not self._was_sent(company, user, since)
        ]
        in_turn(self.env, due, lambda one: self._send(*one))

    @api.model
    def _get_time(self, company, today):
        """Return the first day of the week or month that is over, or None if not due.

        Due on the first working day after it, or later, when the day was missed.
        """
        rhythm = company.pcu_analysis_rhythm
        calendar = self.env["pcu.legal.day"]._calendar(company)
        if rhythm == "weekly":
            begin = fields.Date.subtract(today, days=today.weekday())
            since = fields.Date.subtract(begin, days=7)
        elif rhythm == "monthly":
            begin = figures.month_first(today)
            since = figures.month_first(today, -1)
        else:
            return None
        return since if today >= calendar.next_working(begin) else None

    @api.model
    def _get_heads(self, company):
        """Return whoever answers for departments, and can read the figures."""
        departments = self.env["pcu.department"].search(
            [("company_id", "=", company.id)]
        )
        people = departments.head_id | company.pcu_head_id | company.pcu_secretary_id
        return people.filtered(
            lambda user: (
                user.active
                and self.env["pcu.request.summary"].with_user(user).has_access("read")
            )
        )

    @api.model
    def _was_sent(self, company, user, since):
        return self.search_count(
            Domain("company_id", "=", company.id)
            & Domain("user_id", "=", user.id)
            & Domain("rhythm", "=", company.pcu_analysis_rhythm)
            & Domain("since", "=", since),
            limit=1,
        )

    @api.model
    def _send(self, company, user, since):
        """Queue one person's report, made under that person's rights."""
        self.create(
            {
                "company_id": company.id,
                "user_id": user.id,
                "rhythm": company.pcu_analysis_rhythm,
                "since": since,
                "sent_at": fields.Datetime.now(),
            }
        )
        address = tools.email_normalize(user.email)
        if not address:
            return
        reader = self.env["pcu.analysis"].with_user(user).with_company(company)
        reader = in_romanian(reader.with_context(allowed_company_ids=company.ids))
        period = "last_month" if company.pcu_analysis_rhythm == "monthly" else "month"
        report = reader.get_figures(period)
        body = reader.env["ir.qweb"]._render(
            "pcu_analysis.analysis_mail",
            {
                "report": report,
                "user": user,
                "company": company,
                "address": f"{self.get_base_url()}/odoo/requests-dashboard",
                "say": reader._say,
                "overloaded": ", ".join(
                    row["label"] for row in report["load"] if row["overloaded"]
                ),
            },
        )
        subject = reader.env._(
            "[%(institution)s] Requests: %(late)s overdue, %(open)s open",
            institution=company.name,
            late=report["now"][1]["value"],
            open=report["now"][0]["value"],
        )
        attachment = fields.Command.create(
            {
                "name": f"{reader._get_file_name()}.pdf",
                "datas": base64.b64encode(reader._draw_pdf(report)),
                "mimetype": "application/pdf",
            }
        )
        self.env["pcu.digest"]._queue(
            company, address, subject, body, attachment_ids=[attachment]
        )
        self.env["pcu.journal"]._log(user, "analysis_mailed", period=report["title"])
