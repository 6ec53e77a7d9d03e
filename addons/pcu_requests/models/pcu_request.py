"""A citizen's request: who asks for what, by when, and how far it has come.

This file holds the data; ``pcu_request_filing`` brings a request in and registers it,
``pcu_request_solving`` moves it to its end.
"""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from .. import request_states as rs

#: Fields that only the actions write, after they have checked who asks.
GUARDED_FIELDS = frozenset(
    {
        "state",
        "entry_id",
        "entry_reference",
        "entry_number",
        "registration_date",
        "origin_key",
        "due_date",
        "internal_due_date",
        "next_turn",
        "procedure_version_id",
        "term_length",
        "term_law",
        "term_stopped",
        "term_stale",
        "term_type_id",
        "term_unit",
        "told_light",
        "outcome",
        "closing_kind",
        "closing_reason",
        "decision_text",
        "decided_at",
        "decided_by_id",
        "ended_at",
        "registration_seen",
        "is_returned",
        "return_reason",
    }
)

#: Fields that a clerk fills in at the counter and that only actions change later.
DESK_FIELDS = frozenset(
    {"procedure_id", "department_id", "user_id", "company_id", "confidential"}
)


class PcuRequest(models.Model):
    """One citizen's case under one procedure.

    *New* until its entry has a number; *registered* on the department's table; *in
    progress* when an inspector works on it; *waiting for the applicant* while something
    is being clarified; *decided* with outcome and documents; *closed* at the end.
    *Withdrawn* by the applicant, *refused* at intake. Inspectors and heads of the
    department move it; the registry operator files and classifies it.
    """

    _name = "pcu.request"
    _description = "Citizen's request"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin"]
    _order = "due_date, id"
    _check_company_auto = True
    _rec_names_search = ["entry_reference", "origin_number", "applicant_id"]
    _mail_post_access = "read"

    # What is asked
    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    kind = fields.Selection(related="procedure_id.kind", store=True, index=True)
    procedure_label = fields.Char(
        string="Procedure as received",
        help="The name under which the platform sent the request.",
    )
    unclassified = fields.Boolean(
        compute="_compute_unclassified", store=True, precompute=True
    )
    title = fields.Char(compute="_compute_title")
    observations = fields.Text()
    form_data = fields.Json(string="Form")
    form_html = fields.Html(string="Form filled in", compute="_compute_form_html")

    # Who asks
    applicant_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, tracking=True
    )
    applicant_kind = fields.Selection(related="applicant_id.pcu_party_kind")
    representative = fields.Char()
    email = fields.Char(help="Where the applicant is told about this request.")
    phone = fields.Char()
    consent_given = fields.Boolean()
    consent_at = fields.Datetime()
    consent_version = fields.Char()

    # Where it comes from
    channel = fields.Selection(
        selection="_selection_channel", required=True, default="counter"
    )
    origin_name = fields.Char(string="Platform")
    origin_number = fields.Char(string="PISEG number", index="btree_not_null")
    filed_at = fields.Datetime(default=fields.Datetime.now)
    origin_key = fields.Char(copy=False)

    # Where it stands
    state = fields.Selection(
        selection=rs.STATES,
        required=True,
        default=rs.NEW,
        index=True,
        tracking=True,
        group_expand="_group_expand_state",
    )
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department", check_company=True, index=True, tracking=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Inspector", index=True, tracking=True
    )
    next_action = fields.Selection(
        selection=[
            ("register", "Register"),
            ("classify", "Choose the procedure"),
            ("assign", "Assign"),
            ("take", "Take over"),
            ("start", "Start working"),
            ("clarify", "Ask for what is missing"),
            ("approve", "Approval"),
            ("send", "Send for approval"),
            ("decide", "Decide"),
            ("wait", "Wait for the applicant"),
            ("resume", "Go on"),
            ("close", "Close"),
        ],
        compute="_compute_next_action",
        help="The step that brings the request forward now.",
    )

    # In the register
    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Register entry",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    entry_state = fields.Selection(related="entry_id.state", string="Entry")
    # Copied from the entry when it has been numbered: the kernel writes the number
    # below the ORM, so stored related fields would never hear of it.
    entry_reference = fields.Char(
        string="Number", readonly=True, copy=False, index="trigram"
    )
    entry_number = fields.Integer(string="Internal number", copy=False, aggregator=None)
    registration_date = fields.Date(string="Registered on", readonly=True, copy=False)
    registration_seen = fields.Boolean(copy=False)

    # To and from the applicant
    clarification_ids = fields.One2many(
        comodel_name="pcu.clarification", inverse_name="request_id"
    )
    clarification_due_date = fields.Date(
        compute="_compute_clarification_due_date", string="Answer until"
    )
    notice_ids = fields.One2many(
        comodel_name="pcu.notice", inverse_name="request_id", string="Notices"
    )
    notice_problem = fields.Char(compute="_compute_notice_problem")

    # How it ends
    outcome = fields.Selection(
        selection=[
            ("favourable", "Favourable"),
            ("unfavourable", "Unfavourable"),
            ("partial", "Partially favourable"),
            ("redirected", "Redirected"),
            ("closed", "Filed without answer"),
        ],
        copy=False,
        tracking=True,
    )
    decision_text = fields.Text(copy=False)
    decided_at = fields.Datetime(copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", copy=False)
    closing_kind = fields.Selection(
        selection=[
            ("solved", "Solved, answer handed over"),
            ("anonymous", "Filed: anonymous"),
            ("repeated", "Filed: repeated"),
            ("noted", "Filed: taken note of"),
            ("no_object", "Without object"),
            ("incomplete", "Incomplete, returned"),
            ("tacit", "Approved tacitly"),
            ("connected", "Connected to an earlier request"),
        ],
        copy=False,
    )
    closing_reason = fields.Char(copy=False, tracking=True)
    ended_at = fields.Datetime(copy=False)

    _origin_key_uniq = models.UniqueIndex(
        "(origin_key) WHERE origin_key IS NOT NULL",
        "This submission already has its request.",
    )
    _entry_uniq = models.UniqueIndex(
        "(entry_id) WHERE entry_id IS NOT NULL",
        "This register entry already belongs to a request.",
    )
    _desk_idx = models.Index(
        "(department_id, due_date) WHERE state IN "
        "('new', 'registered', 'in_progress', 'clarification')"
    )
    _unclassified_idx = models.Index(
        "(department_id) WHERE unclassified AND state IN "
        "('new', 'registered', 'in_progress', 'clarification')"
    )
    _numbering_idx = models.Index(
        "(entry_id) WHERE registration_seen IS NOT TRUE AND entry_id IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # Selections and computes
    # ------------------------------------------------------------------

    @api.model
    def _selection_channel(self):
        """Offer the channels of the register, so that both lists stay one."""
        entry = self.env["pcu.register.entry"]
        return entry._fields["channel"]._description_selection(self.env)

    @api.model
    def _group_expand_state(self, states, domain):
        """Always show the columns of the way, and the ends only when they occur."""
        way = [rs.NEW, rs.REGISTERED, rs.IN_PROGRESS, rs.CLARIFICATION, rs.DECIDED]
        return [key for key, _label in rs.STATES if key in way or key in states]

    @api.depends("entry_reference", "procedure_id", "procedure_label")
    def _compute_display_name(self):
        """Name a request by its number; before it has one, by what it asks."""
        for request in self:
            what = request.procedure_id.name or request.procedure_label
            request.display_name = request.entry_reference or self.env._(
                "Request – %(what)s", what=what or self.env._("unclassified")
            )

    @api.depends("procedure_id")
    def _compute_unclassified(self):
        """A request without a procedure waits for somebody to name it."""
        for request in self:
            request.unclassified = not request.procedure_id

    @api.depends("procedure_id", "procedure_label")
    def _compute_title(self):
        """Say what is asked, in the institution's or in the platform's words."""
        for request in self:
            request.title = (
                request.procedure_id.name
                or request.procedure_label
                or self.env._("Unclassified request")
            )

    @api.depends("form_data")
    def _compute_form_html(self):
        """Show the platform's form as a table; values are escaped."""
        row = Markup("<tr><th class='pe-4 align-top fw-normal text-muted'>%s</th>")
        cell = Markup("<td>%s</td></tr>")
        for request in self:
            data = request.form_data
            if not isinstance(data, dict) or not data:
                request.form_html = False
                continue
            rows = Markup("").join(
                (row % key) + (cell % self._form_value(value))
                for key, value in data.items()
            )
            request.form_html = (
                Markup("<table class='table table-sm mb-0'>%s</table>") % rows
            )

    @api.model
    def _form_value(self, value):
        """Put a value of the form into words."""
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, list):
            return ", ".join(str(self._form_value(item)) for item in value)
        if isinstance(value, dict):
            return "; ".join(f"{k}: {self._form_value(v)}" for k, v in value.items())
        return "" if value is None else value

    @api.depends("state")
    def _compute_is_open(self):
        """Open as long as somebody owes the citizen something."""
        for request in self:
            request.is_open = request.state in rs.OPEN_STATES

    def _search_is_open(self, operator, value):
        """Search by openness through the stored state."""
        if operator != "in":
            return NotImplemented
        wanted = Domain("state", "in", list(rs.OPEN_STATES))
        return wanted if True in value else ~wanted

    @api.depends(
        "state",
        "unclassified",
        "department_id",
        "user_id",
        "missing_count",
        "approval_state",
    )
    @api.depends_context("uid")
    def _compute_next_action(self):
        """Tell the one step that moves the request forward."""
        for request in self:
            request.next_action = request._get_next_action()

    def _get_next_action(self):
        """Return the next step of one request, or False when nothing is left."""
        if self.state == rs.NEW:
            return False if self.entry_id else "register"
        if self.state in rs.OPEN_STATES and self.unclassified:
            return "classify"
        if self.state in rs.OPEN_STATES and not self.department_id:
            return "assign"
        if self.state == rs.REGISTERED and self.user_id == self.env.user:
            return "start"
        if self.state == rs.REGISTERED:
            # What lies with a colleague is taken through its head.
            return False if self.user_id else "take"
        if self.state == rs.IN_PROGRESS:
            if self.approval_state == "running":
                return "approve"
            return "clarify" if self.missing_count else self._get_decision_action()
        if self.state == rs.CLARIFICATION:
            return "wait" if self.missing_count else "resume"
        return "close" if self.state == rs.DECIDED else False

    @api.depends("clarification_ids.state", "clarification_ids.due_date")
    def _compute_clarification_due_date(self):
        """Until when the applicant may answer the open question."""
        for request in self:
            asked = request.clarification_ids.filtered(lambda c: c.state == "asked")
            request.clarification_due_date = asked[:1].due_date

    @api.depends("notice_ids.state")
    def _compute_notice_problem(self):
        """Warn at the top of the form when the citizen could not be told."""
        for request in self:
            states = set(request.notice_ids.mapped("state"))
            request.notice_problem = False
            if "no_address" in states:
                request.notice_problem = self.env._(
                    "The applicant gave no e-mail address: tell them by post."
                )
            elif "failed" in states:
                request.notice_problem = self.env._(
                    "An e-mail to the applicant could not be delivered in two days."
                )

    # ------------------------------------------------------------------
    # Constraints and onchange
    # ------------------------------------------------------------------

    @api.constrains("user_id", "department_id")
    def _check_user_in_department(self):
        """A request lies with somebody who works in its department."""
        for request in self.filtered(lambda r: r.user_id and r.department_id):
            department = request.department_id
            if request.user_id not in department._get_people():
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work in %(department)s. Choose somebody of "
                        "this department, or move the request first.",
                        user=request.user_id.name,
                        department=department.name,
                    )
                )

    @api.onchange("procedure_id")
    def _onchange_procedure_id(self):
        """Show the department and the checklist while the clerk still types."""
        if self.state != rs.NEW or self.entry_id:
            return
        self.department_id = self.procedure_id.department_id or self.department_id

    @api.onchange("applicant_id")
    def _onchange_applicant_id(self):
        """Offer the addresses that the institution knows already."""
        self.email = self.applicant_id.email or self.email
        self.phone = self.applicant_id.phone or self.phone

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def _creation_message(self):
        """Open the chatter with a sentence that a clerk understands."""
        self.ensure_one()
        return self.env._("The request was filed.")

    @api.model_create_multi
    def create(self, vals_list):
        """Lay out the checklist of the procedure with the request."""
        if not self.env.su:
            for vals in vals_list:
                start = {"state"} if vals.get("state") == rs.NEW else set()
                # A form sends its empty fields too.
                self._check_guarded({n for n in vals if vals[n]} - start)
        requests = super().create(vals_list)
        requests._prepare_checklist()
        return requests

    def write(self, vals):
        """Keep the fields of the procedure's course for the actions."""
        if not self.env.su:
            later = DESK_FIELDS if any(r.entry_id for r in self) else frozenset()
            self._check_guarded(vals.keys(), GUARDED_FIELDS | later)
        result = super().write(vals)
        if "procedure_id" in vals:
            self._prepare_checklist()
            self.filtered("registration_date")._start_term()
        if "department_id" in vals:
            self.document_ids.sudo().write({"department_id": vals["department_id"]})
        return result

    @api.model
    def _check_guarded(self, names, guarded=GUARDED_FIELDS):
        """Refuse to write by hand what only an action may change."""
        if guarded & set(names):
            raise AccessError(
                self.env._(
                    "The course of a request is changed with the buttons of its form, "
                    "not by writing into its fields."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        """What has an entry in the register stays for ever."""
        if self.filtered("entry_id"):
            raise AccessError(
                self.env._(
                    "A request that stands in the register can't be deleted. Close it "
                    "with a reason instead."
                )
            )

    # ------------------------------------------------------------------
    # Business
    # ------------------------------------------------------------------

    # ------------------------------------------------------------------
    # Preview beside the form
    # ------------------------------------------------------------------
