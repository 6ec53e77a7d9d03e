"""A visa or a signature that is asked for a request's answer, and what came of it."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import approval_roles as ar


class PcuApproval(models.Model):
    """One person's part in the approval of one answer.

    *Not their turn yet* until those before have approved; *asked*, with a to-do, only
    then; *approved*, or *returned* with what to correct, which ends the round; *not
    needed* when the round ended without it. Rows are written by actions only and stay.
    """

    _name = "pcu.approval"
    _description = "Approval"
    _inherit = ["pcu.work.mixin"]
    _order = "request_id, round desc, sequence, id"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id")
    round = fields.Integer(
        required=True,
        aggregator=None,
        help="How many times the answer was sent for approval.",
    )
    sequence = fields.Integer(string="Order", required=True, aggregator=None)
    role = fields.Selection(selection=ar.ROLES, required=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Approver", required=True
    )
    four_eyes = fields.Boolean(string="Not by who made it")
    state = fields.Selection(
        selection=ar.STATES, required=True, default=ar.PENDING, index=True
    )
    comment = fields.Text()
    decided_at = fields.Datetime()
    signature_text = fields.Char(
        string="Signed", compute="_compute_signature_text", compute_sudo=True
    )

    # Asked by the record rules of who approves, and by the counter of the desk.
    _user_idx = models.Index("(user_id, request_id)")
    _asked_idx = models.Index("(user_id) WHERE state = 'asked'")

    @api.depends("role", "request_id")
    def _compute_display_name(self):
        """Name an approval by its role and its request."""
        labels = dict(self._fields["role"]._description_selection(self.env))
        for approval in self:
            approval.display_name = (
                f"{labels.get(approval.role)} – {approval.request_id.display_name}"
            )

    @api.depends("user_id", "pcu_on_behalf_of_id")
    @api.depends_context("lang")
    def _compute_signature_text(self):
        """Say who approves and for whom, as it stands under a paper."""
        for approval in self:
            name = approval.user_id.name
            if absent := approval.pcu_on_behalf_of_id:
                name = self.env._(
                    "%(who)s, for %(absent)s", who=name, absent=absent.name
                )
            approval.signature_text = name

    # ------------------------------------------------------------------
    # Absences
    # ------------------------------------------------------------------

    @api.model
    def _pcu_get_open_work_domain(self):
        """Take what is asked or will be asked of somebody."""
        return Domain("state", "in", ar.OPEN_STATES)

    # ------------------------------------------------------------------
    # The acts of an approver
    # ------------------------------------------------------------------

    def _approve(self, comment=None):
        """Give the visa or the signature.

        :raise AccessError: it is not this user's turn
        :raise UserError: the law forbids it to who made the answer
        """
        for approval in self:
            approval._check_turn()
            approval._record(ar.APPROVED, comment)
            self.env["pcu.journal"]._log(
                approval.request_id, "approval_given", **approval._get_journal_data()
            )
            approval.request_id._advance_approvals()

    def _return(self, comment):
        """Send the answer back to who prepared it, saying what to correct."""
        if not (comment or "").strip():
            raise UserError(
                self.env._("Write what has to be corrected before you return it.")
            )
        for approval in self:
            approval._check_turn()
            approval._record(ar.RETURNED, comment)
            self.env["pcu.journal"]._log(
                approval.request_id, "approval_returned", **approval._get_journal_data()
            )
            approval.request_id._end_approvals(ar.RETURNED)

    def _check_turn(self):
        """Let only whose turn it is act, and never on forbidden own work."""
        self.ensure_one()
        # Two approvers side by side: the later one sees what the earlier one did.
        self.request_id.sudo().lock_for_update()
        if self.state != ar.ASKED:
            raise UserError(
                self.env._(
                    "%(request)s does not wait for this approval any more. Reload the "
                    "page: a colleague may have worked on it meanwhile.",
                    request=self.request_id.display_name,
                )
            )
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "%(request)s waits for %(user)s. Nobody else can approve in that "
                    "name; when they are absent, set their absence and the substitute "
                    "gets it.",
                    request=self.request_id.display_name,
                    user=self.user_id.name,
                )
            )
        self.request_id._check_impartial(self.env.user)
        if self._is_own_work():
            raise UserError(self._describe_own_work())

    def _is_own_work(self):
        """Tell whether the approver made what the law lets others check."""
        return self.four_eyes and self.user_id in self.request_id._get_answer_authors()

    def _describe_own_work(self):
        """Say why this person can't, and who can repair it."""
        return self.env._(
            "%(user)s prepared this answer and can't give this visa on it. The head of "
            "the department chooses another person for it.",
            user=self.user_id.name,
        )

    def _record(self, state, comment):
        # sudo: rows are read-only for everybody; the turn was checked
        self.sudo().write(
            {
                "state": state,
                "comment": (comment or "").strip() or False,
                "decided_at": fields.Datetime.now(),
            }
        )

    def _get_journal_data(self):
        """Return round, role and for whom; comments stay out of the journal."""
        data = {"round": self.round, "role": self.role}
        if self.pcu_on_behalf_of_id:
            data["on_behalf_of"] = self.pcu_on_behalf_of_id.id
        return data

    # ------------------------------------------------------------------
    # Turns
    # ------------------------------------------------------------------

    def _ask(self):
        """Make it these people's turn and tell them, nobody else."""
        for approval in self.sudo():  # the round is the house's, not the clerk's
            approval.state = ar.ASKED
            approval._tell()

    def _tell(self):
        """Put the request on the approver's list of things to do."""
        request = self.request_id
        speaking = in_romanian(self)
        labels = dict(speaking._fields["role"]._description_selection(speaking.env))
        request.activity_schedule(
            "pcu_requests.mail_activity_approve",
            summary=speaking.env._("To approve: %(role)s", role=labels[self.role]),
            user_id=self.user_id.id,
        )

    def _forget(self):
        """Take the to-do away from who has nothing to do any more."""
        for approval in self:
            approval.request_id.sudo().activity_unlink(
                ["pcu_requests.mail_activity_approve"], user_id=approval.user_id.id
            )

    def _get_problem(self):
        """Say what keeps an open approval from ever being given, or nothing."""
        self.ensure_one()
        if not self.user_id.active:
            return self.env._(
                "%(user)s was asked to approve, but the account is closed: choose "
                "another person.",
                user=self.user_id.name,
            )
        return self._describe_own_work() if self._is_own_work() else ""

    def _replace(self, user):
        """Ask another person instead of one who can't.

        :raise UserError: the new person is no better
        """
        for approval in self:
            request = approval.request_id
            request._check_can_repair_approval()
            if approval.state not in ar.OPEN_STATES:
                raise UserError(self.env._("This approval is over; nobody is asked."))
            approval._forget()
            old = approval.user_id
            approval.sudo().user_id = user
            if problem := approval.sudo()._get_problem():
                raise UserError(problem)
            self.env["pcu.journal"]._log(
                request,
                "approval_replaced",
                role=approval.role,
                from_user=old.id,
                to_user=approval.user_id.id,
            )
            if approval.state == ar.ASKED:
                approval.sudo()._tell()

    @api.model
    def _on_account_closed(self, users):
        """Put what waited for somebody who left on the desk of who can repair it."""
        open_sudo = self.sudo().search(  # whoever closes accounts sees no requests
            Domain("user_id", "in", users.ids) & self._pcu_get_open_work_domain()
        )
        speaking = in_romanian(self)
        for approval in open_sudo:
            approval.request_id._remind(
                speaking.env._(
                    "The account of %(user)s was closed: choose another approver.",
                    user=approval.user_id.name,
                )
            )
