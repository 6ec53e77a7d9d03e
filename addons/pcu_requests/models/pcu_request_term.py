"""By when a request must be answered, and how much of that is left.

Two clocks run: the legal term and the internal one that the institution aims at. Both
come from the procedure's rule through ``pcu_base.legal_terms``; what is left is counted
in working days and said in words, never by a colour alone.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base import legal_terms, term_course
from odoo.addons.pcu_base.models.pcu_term_type import TERM_UNITS
from odoo.addons.pcu_base.romania import counted, local_day
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .. import request_states as rs
from ..term_lights import SOON_DAYS

#: Steps in the order in which they happened, also while they are not saved yet.
STEP_ORDER = "day, id"


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
    term_stopped = fields.Boolean(
        readonly=True,
        copy=False,
        help="A law stops the legal term while the applicant is asked.",
    )
    term_stale = fields.Boolean(copy=False)
    term_step_ids = fields.One2many(
        comodel_name="pcu.request.term.step",
        inverse_name="request_id",
        string="What happened to the term",
    )
    # The rule as it was when the term began: a procedure that changes later changes
    # nothing for who has filed before.
    term_type_id = fields.Many2one(
        comodel_name="pcu.term.type",
        string="Kind of term",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    term_length = fields.Integer(readonly=True, copy=False, aggregator=None)
    term_unit = fields.Selection(selection=TERM_UNITS, readonly=True, copy=False)
    term_law = fields.Char(string="Law of the term", readonly=True, copy=False)
    term_rule = fields.Text(string="What the law says", related="term_type_id.rule")
    can_extend = fields.Boolean(compute="_compute_can_extend")
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

    _stale_idx = models.Index("(id) WHERE term_stale IS TRUE")

    @api.depends("department_id", "state", "term_type_id")
    @api.depends_context("uid")
    def _compute_can_extend(self):
        """The head extends, where the law knows an extension."""
        head = self.env.user.has_group("pcu_base.group_head")
        for request in self:
            request.can_extend = (
                head
                and request.can_solve
                and request.state in rs.OPEN_STATES
                and bool(request.term_type_id.extension_length)
            )

    @api.depends("due_date", "state", "company_id", "term_stopped")
    @api.depends_context("lang", "tz")
    def _compute_days_left(self):
        """Count the working days to the legal term and put them into words."""
        today = local_day()
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
            if request.term_stopped:
                request.days_left = 0
                request.days_left_text = self.env._("term stopped by law")
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
        return "soon" if days <= SOON_DAYS else "normal"

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

    @api.depends("due_date", "state", "term_stopped")
    def _compute_is_overdue(self):
        """Overdue from the day after the term; due today is not late."""
        today = local_day()
        for request in self:
            request.is_overdue = bool(
                request.due_date
                and request.due_date < today
                and not request.term_stopped
                and request.state in rs.OPEN_STATES
            )

    def _search_is_overdue(self, operator, value):
        """Search overdue requests through the stored term and state."""
        if operator != "in":
            return NotImplemented
        today = local_day()
        wanted = (
            Domain("due_date", "<", today)
            & Domain("term_stopped", "!=", True)
            & Domain("state", "in", list(rs.OPEN_STATES))
        )
        return wanted if True in value else ~wanted

    # ------------------------------------------------------------------
    # What happens to the term
    # ------------------------------------------------------------------

    def _start_term(self):
        """Take the procedure's rule over and compute both terms.

        OG 27/2002 art. 8: thirty days from registration where no procedure is known.
        """
        for request in self:
            request.sudo().write(request._prepare_term_values())
        self._compute_due_dates()

    def _prepare_term_values(self):
        """Return the rule of the term that the request begins with."""
        self.ensure_one()
        rule = self._get_rule()
        return {
            "term_type_id": rule.term_type_id.id,
            "term_length": rule.term_length or 30,
            "term_unit": rule.term_unit or "free_days",
            "term_law": rule.term_law or "OG 27/2002 art. 8",
        }

    def _get_extension_notice(self):
        """Return the kind of notice that tells the applicant of a longer term."""
        return "extended"

    def _compute_due_dates(self):
        """Set both terms from the request's rule and from all that happened."""
        for request in self.filtered("registration_date"):
            course = request._term_course()
            held = request.term_step_ids.sorted(STEP_ORDER)[-1:]
            request.sudo().write(
                {
                    "due_date": course.legal,
                    "internal_due_date": course.internal,
                    "term_stopped": bool(course.held_since and held.moves_legal),
                    "term_stale": False,
                }
            )
            request._plan_reminders()

    def _term_course(self, more=()):
        """Return where both clocks end, after every step so far and some more."""
        self.ensure_one()
        return term_course.term_course(
            self.registration_date,
            self.term_length,
            self.term_unit,
            [s._to_kernel() for s in self.term_step_ids.sorted(STEP_ORDER)] + [*more],
            self.env["pcu.legal.day"]._calendar(self.company_id),
        )

    def _add_term_step(self, kind, **data):
        """Note an event of the term and compute both dates anew."""
        today = local_day()
        for request in self.filtered("registration_date"):
            # The one who acts was checked by the action; steps are the house's.
            request.env["pcu.request.term.step"].sudo().create(
                {
                    "request_id": request.id,
                    "kind": kind,
                    "day": today,
                    "decided_by_id": self.env.uid,
                    **data,
                }
            )
            request.invalidate_recordset(["term_step_ids"])
            request._compute_due_dates()

    def _hold_term(self):
        """Stop the clocks that stop while the applicant is asked."""
        for request in self:
            term = request.term_type_id
            suspension = term.suspension or "internal"
            if suspension == "none" or request._is_term_held():
                continue
            request._add_term_step(
                term_course.SUSPEND,
                moves_legal=suspension == "legal",
                law=term.suspension_law,
            )

    def _resume_term(self, complete=False):
        """Let the clocks go on; a complete file may start the legal one anew."""
        for request in self:
            if request._is_term_held():
                request._add_term_step(term_course.RESUME)
            term = request.term_type_id
            if complete and term.from_complete:
                request._add_term_step(term_course.RESTART, law=term.law)

    def _is_term_held(self):
        """Tell whether the last suspension still lasts."""
        self.ensure_one()
        pauses = self.term_step_ids.filtered(
            lambda s: s.kind != term_course.EXTEND
        ).sorted(STEP_ORDER)
        return pauses[-1:].kind == term_course.SUSPEND

    def _extend_term(self, length, reason, decided_by=None):
        """Make the term longer, as the law allows it, and tell the applicant.

        :param length: how much is added, in the unit of the law's extension
        :param decided_by: who decided it (OG 27/2002 art. 9: the institution's head)
        """
        self.ensure_one()
        term = self.term_type_id
        self._check_extension(term, length)
        self._add_term_step(
            term_course.EXTEND,
            duration=length,
            unit=term.extension_unit,
            law=term.extension_law,
            reason=reason,
            decided_by_id=(decided_by or self.env.user).id,
        )
        self.env["pcu.journal"]._log(
            self, "term_extended", days=length, until=str(self.due_date)
        )
        self.env["pcu.notice"]._owe(self, self._get_extension_notice())

    def _check_extension(self, term, length):
        """Refuse what the law does not allow, and say why."""
        head = self.env.user.has_group("pcu_base.group_head")
        if not self.env.su and not (head and self.can_solve):
            raise AccessError(
                self.env._("Only the head of the department extends a term.")
            )
        if self.state not in rs.OPEN_STATES or not self.due_date:
            raise UserError(
                self.env._("Only the term of an open, registered request is extended.")
            )
        if not term.extension_length:
            raise UserError(
                self.env._(
                    "The law of this procedure knows no extension. Choose its legal "
                    "term in the procedure if that is wrong."
                )
            )
        today = local_day()
        if today > self.due_date:
            raise UserError(
                self.env._(
                    "The term ended on %(day)s; it can only be extended before it "
                    "ends. Answer the applicant now.",
                    day=format_date(self.env, self.due_date),
                )
            )
        left = self._get_extension_left()
        if not 0 < length <= left:
            raise UserError(
                self.env._(
                    "%(law)s allows an extension of %(most)s at most, of which "
                    "%(left)s are left.",
                    law=term.extension_law,
                    most=term.extension_length,
                    left=max(left, 0),
                )
            )

    def _get_extension_left(self):
        """Return how much longer the law still lets the term be made, in its unit."""
        self.ensure_one()
        steps = self.term_step_ids.filtered(lambda s: s.kind == term_course.EXTEND)
        return self.term_type_id.extension_length - sum(steps.mapped("duration"))

    def _get_extension_refusals(self):
        """Return why a term can't be extended, by request, for those that can't be."""
        refusals = {}
        for request in self:
            try:
                request._check_extension(
                    request.term_type_id, max(request._get_extension_left(), 1)
                )
            except (AccessError, UserError) as error:
                refusals[request] = error.args[0]
        return refusals

    def action_extend_term(self):
        """Open the dialog that makes the term longer."""
        return self._open_wizard("pcu_requests.pcu_request_extend_action")

    def _completion_due_date(self):
        """Return until when the applicant may complete the file, from today."""
        self.ensure_one()
        rule = self._get_rule()
        length = rule.completion_length or 10
        unit = rule.completion_unit or "calendar_days"
        today = local_day()
        if unit == "hours":
            return today + timedelta(hours=length)
        calendar = self.env["pcu.legal.day"]._calendar(self.company_id)
        return legal_terms.legal_due(today, length, unit, calendar)
