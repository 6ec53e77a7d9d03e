"""By when a request must be answered, and how much of that is left.

Two clocks run: the legal term and the internal one that the institution aims at. Both
come from the procedure's rule through ``pcu_base.legal_terms``; what is left is counted
in working days and said in words, never by a colour alone.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base import legal_terms
from odoo.fields import Domain

from .. import request_states as rs
from ..wording import counted

#: Working days before the term from which the desk is warned.
SOON = 5


class PcuRequest(models.Model):
    """Terms."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    due_date = fields.Date(
        string="Legal term",
        index=True,
        readonly=True,
        copy=False,
        help="The last day of the legal term, from the procedure's rule.",
    )
    internal_due_date = fields.Date(
        string="Internal term",
        readonly=True,
        copy=False,
        help="The day the institution aims at; never after the legal term.",
    )
    days_left = fields.Integer(
        string="Working days left",
        compute="_compute_days_left",
        help="Working days until the legal term; negative when it has passed.",
    )
    days_left_text = fields.Char(string="Time left", compute="_compute_days_left")
    urgency = fields.Selection(
        selection=[
            ("late", "Overdue"),
            ("today", "Due today"),
            ("soon", "Due soon"),
            ("normal", "In term"),
            ("none", "No term"),
        ],
        compute="_compute_days_left",
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.depends("due_date", "state", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_days_left(self):
        """Count the working days to the legal term and put them into words."""
        today = fields.Date.context_today(self.with_context(tz="Europe/Bucharest"))
        calendars = {
            company: self.env["pcu.legal.day"]._calendar(company)
            for company in self.company_id
        }
        for request in self:
            if not request.due_date or request.state not in rs.OPEN_STATES:
                request.days_left = 0
                request.days_left_text = False
                request.urgency = "none"
                continue
            days = legal_terms.working_days_left(
                today, request.due_date, calendars[request.company_id]
            )
            late = request.due_date < today
            request.days_left = days
            request.urgency = self._get_urgency(days, late)
            request.days_left_text = self._get_days_left_text(days, late)

    @api.model
    def _get_urgency(self, days, late):
        """Return how urgent a request is with so many working days left."""
        if late:
            return "late"
        if days == 0:
            return "today"
        return "soon" if days <= SOON else "normal"

    @api.model
    def _get_days_left_text(self, days, late):
        """Say the remaining working days as a clerk would."""
        count = counted(abs(days), self.env.lang)
        if late:
            if days >= -1:
                return self.env._("overdue by one working day")
            return self.env._("overdue by %(count)s working days", count=count)
        if days == 0:
            return self.env._("due today")
        if days == 1:
            return self.env._("one working day left")
        return self.env._("%(count)s working days left", count=count)

    @api.depends("due_date", "state")
    def _compute_is_overdue(self):
        """Overdue from the day after the term; due today is not late."""
        today = fields.Date.context_today(self.with_context(tz="Europe/Bucharest"))
        for request in self:
            request.is_overdue = bool(
                request.due_date
                and request.due_date < today
                and request.state in rs.OPEN_STATES
            )

    def _search_is_overdue(self, operator, value):
        """Search overdue requests through the stored term and state."""
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self.with_context(tz="Europe/Bucharest"))
        wanted = Domain("due_date", "<", today) & Domain(
            "state", "in", list(rs.OPEN_STATES)
        )
        return wanted if True in value else ~wanted

    def _compute_due_dates(self):
        """Set both terms from the procedure's rule and the day of registration.

        OG 27/2002 art. 8: thirty days from registration where no procedure is known.
        """
        for request in self.filtered("registration_date"):
            procedure = request.procedure_id
            rule = (procedure.term_length or 30, procedure.term_unit or "free_days")
            calendar = self.env["pcu.legal.day"]._calendar(request.company_id)
            start = request.registration_date
            request.sudo().write(
                {
                    "due_date": legal_terms.legal_due(start, *rule, calendar),
                    "internal_due_date": legal_terms.internal_due(
                        start, *rule, calendar
                    ),
                }
            )

    def _completion_due_date(self):
        """Return until when the applicant may complete the file, from today."""
        self.ensure_one()
        procedure = self.procedure_id
        length = procedure.completion_length or 10
        unit = procedure.completion_unit or "calendar_days"
        today = fields.Date.context_today(self.with_context(tz="Europe/Bucharest"))
        if unit == "hours":
            return today + timedelta(hours=length)
        calendar = self.env["pcu.legal.day"]._calendar(self.company_id)
        return legal_terms.legal_due(today, length, unit, calendar)
