"""Complaints about a refusal or a silence (Law 544/2001 art. 21 and 22)."""

from odoo import api, fields, models
from odoo.addons.pcu_base import legal_terms
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

OPEN, FAVOURABLE, REJECTED = "open", "favourable", "rejected"
#: How long the applicant may file it, in days from learning of the refusal.
FILING_DAYS = 30


class PcuLaw544Complaint(models.Model):
    """A complaint of who got no, or not the whole, information.

    *Administrative*: to the head of the institution, answered in fifteen days. *Court*:
    followed here so that the yearly report can count it. The registry files it, a head
    answers it.
    """

    _name = "pcu.law544.complaint"
    _description = "Complaint under Law 544"
    _order = "filed_on desc, id desc"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    request_id = fields.Many2one(
        comodel_name="pcu.request",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'law544')]",
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    department_id = fields.Many2one(
        related="request_id.department_id", store=True, index=True
    )
    kind = fields.Selection(
        selection=[
            ("administrative", "Administrative complaint"),
            ("court", "Complaint in court"),
        ],
        required=True,
        default="administrative",
    )
    filed_on = fields.Date(required=True, default=lambda _self: local_day())
    channel = fields.Selection(
        selection=lambda self: self.env["pcu.request"]._selection_channel(),
        required=True,
        default="counter",
    )
    reason = fields.Text(help="What the applicant complains about.")
    filed_late = fields.Boolean(
        compute="_compute_filed_late",
        help="More than 30 days after the answer was told.",
    )
    due_date = fields.Date(
        string="Answer until", compute="_compute_due_date", store=True
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    state = fields.Selection(
        selection=[
            (OPEN, "Being solved"),
            (FAVOURABLE, "Solved favourably"),
            (REJECTED, "Rejected"),
        ],
        required=True,
        default=OPEN,
        readonly=True,
        copy=False,
        tracking=True,
    )
    answer = fields.Text()
    answered_on = fields.Date(readonly=True, copy=False)
    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Register entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("kind", "request_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for complaint in self:
            complaint.display_name = (
                f"{kinds.get(complaint.kind)} – {complaint.request_id.display_name}"
            )

    @api.depends("filed_on", "request_id.answered_on")
    def _compute_filed_late(self):
        """Say it, and leave to people whether they take it all the same."""
        for complaint in self:
            told = complaint.request_id.answered_on
            complaint.filed_late = bool(
                told and complaint.filed_on and complaint._get_last_day(told)
                < complaint.filed_on
            )  # fmt: skip

    def _get_last_day(self, told):
        """Return the last day on which a complaint is in time."""
        return legal_terms.legal_due(
            told, FILING_DAYS, legal_terms.Unit.FREE_DAYS, self._get_calendar()
        )

    def _get_calendar(self):
        return self.env["pcu.legal.day"]._calendar(self.company_id or self.env.company)

    @api.depends("filed_on", "kind")
    def _compute_due_date(self):
        """Fifteen days for the institution; a court has its own."""
        term = self.env.ref("pcu_base.term_type_l544_ra")
        for complaint in self:
            complaint.due_date = (
                complaint.kind == "administrative"
                and term._get_due_date(complaint.filed_on, complaint.company_id)
            )

    @api.depends("due_date", "state")
    def _compute_is_overdue(self):
        """Overdue from the day after."""
        today = local_day()
        for complaint in self:
            complaint.is_overdue = bool(
                complaint.state == OPEN
                and complaint.due_date
                and complaint.due_date < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = Domain("state", "=", OPEN) & Domain("due_date", "<", local_day())
        return wanted if True in value else ~wanted

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Register the complaint and put it before the head with its date."""
        complaints = super().create(
            [vals | {"state": OPEN, "answered_on": False} for vals in vals_list]
        )
        for complaint in complaints:
            complaint._check_grounds()
            complaint._register_paper()
        return complaints

    def write(self, vals):
        """Keep what was answered."""
        if not self.env.su and vals.keys() & {"state", "answered_on", "entry_id"}:
            raise AccessError(
                self.env._("A complaint is answered with the buttons of its form.")
            )
        if not self.env.su and any(complaint.state != OPEN for complaint in self):
            raise UserError(self.env._("An answered complaint stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if self.filtered("entry_id"):
            raise UserError(
                self.env._("A complaint that stands in the register isn't deleted.")
            )

    def _check_grounds(self):
        """Take complaints only about a refusal, a part, or a silence over the term."""
        request = self.request_id
        if request.kind != "law544":
            raise UserError(
                self.env._("Only a request under Law 544 has such a complaint.")
            )
        due = request.due_date
        silent = request.is_open and bool(due) and due < local_day()
        late = request.answered_late or request.refused_late
        if not (request.outcome in ("unfavourable", "partial") or silent or late):
            raise UserError(
                self.env._(
                    "%(request)s was neither refused, nor answered in part, nor left "
                    "without an answer over the term: there is nothing to complain "
                    "about yet. File the paper as a petition if it is one.",
                    request=request.display_name,
                )
            )

    def _register_paper(self):
        """Give the paper its row, connected to the request."""
        self.ensure_one()
        request_sudo = self.sudo().request_id  # the registry files for departments
        entry = request_sudo.entry_id._register_new(
            [
                {
                    "register_id": request_sudo._get_general_register().id,
                    "company_id": request_sudo.company_id.id,
                    "direction": "incoming",
                    "channel": self.channel,
                    "sender_id": request_sudo.applicant_id.id,
                    "summary": self._get_entry_summary(),
                    "department_id": request_sudo.department_id.id,
                    "confidentiality": request_sudo.entry_id.confidentiality,
                    "connected_to_id": request_sudo.entry_id.id,
                    "origin_key": f"{self._name},{self.id}",
                }
            ]
        )
        self.sudo().entry_id = entry
        self.env["pcu.journal"]._log(self, "law544_complaint", until=str(self.due_date))
        head = request_sudo.department_id.head_id or request_sudo.company_id.pcu_head_id
        if head:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.due_date or local_day(),
                summary=in_romanian(self).env._("Answer the complaint in 15 days."),
                user_id=head.id,
            )

    def _get_entry_summary(self):
        """Name the complaint in the register, in Romanian."""
        complaint = in_romanian(self)
        kinds = dict(complaint._fields["kind"]._description_selection(complaint.env))
        return complaint.env._(
            "%(complaint)s about request no. %(number)s (Law 544/2001)",
            complaint=kinds[complaint.kind],
            number=complaint.sudo().request_id.entry_reference,
        )

    # ------------------------------------------------------------------ actions

    def action_accept(self):
        """Solve favourably: the information is given."""
        return self._answer(FAVOURABLE)

    def action_reject(self):
        """Reject the complaint."""
        return self._answer(REJECTED)

    def _answer(self, state):
        """Answer the complaint; who refused the information doesn't."""
        self.check_access("write")
        for complaint in self:
            if complaint.state != OPEN:
                raise UserError(self.env._("This complaint is answered already."))
            if not (complaint.answer or "").strip():
                raise UserError(self.env._("Write the answer first."))
            complaint._check_answerer()
            complaint.sudo().write({"state": state, "answered_on": local_day()})
            complaint.sudo().entry_id.action_solve(
                "favourable" if state == FAVOURABLE else "unfavourable"
            )
            complaint.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            self.env["pcu.journal"]._log(
                complaint, "law544_complaint_answered", outcome=state
            )
            complaint._tell_applicant()
        return True

    def _tell_applicant(self):
        """Owe the applicant the answer; a court tells by itself."""
        if self.kind == "administrative":
            request_sudo = self.sudo().request_id  # the head answers for others too
            notice = self.env["pcu.notice"]._owe(request_sudo, "complaint")
            notice.complaint_id = self

    def _check_answerer(self):
        """Let a head answer an administrative complaint, not who gave the refusal."""
        user = self.env.user
        if self.env.su or self.kind == "court":
            return
        if not user.has_group("pcu_base.group_head"):
            raise AccessError(self.env._("A head answers an administrative complaint."))
        if self.request_id.decided_by_id == user:
            raise AccessError(
                self.env._(
                    "You decided the request yourself; somebody else answers the "
                    "complaint about it."
                )
            )
