"""The answer's way through the house: proposed, approved step by step, then decided.

What is proposed (outcome and text) is what is approved and what is decided: a change
afterwards needs a new round. Files may still be added at the decision, because a
document that was signed electronically has other bytes than the one approved.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import approval_roles as ar
from .. import request_states as rs

RUNNING = "running"


class PcuRequest(models.Model):
    """Approval."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    approval_ids = fields.One2many(
        comodel_name="pcu.approval", inverse_name="request_id", string="Approvals"
    )
    approval_state = fields.Selection(
        selection=[
            (RUNNING, "On approval"),
            (ar.APPROVED, "Approved"),
            (ar.RETURNED, "Returned for correction"),
        ],
        string="Approval",
        readonly=True,
        copy=False,
    )
    approval_round = fields.Integer(readonly=True, copy=False, aggregator=None)
    approval_given = fields.Integer(readonly=True, copy=False, aggregator=None)
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    can_approve = fields.Boolean(compute="_compute_can_approve")
    can_repair_approval = fields.Boolean(compute="_compute_can_approve")
    approval_waits_for = fields.Char(
        string="Waits for", compute="_compute_approval_waits_for", compute_sudo=True
    )
    approval_problem = fields.Char(
        compute="_compute_approval_waits_for", compute_sudo=True
    )

    # What is proposed
    proposal_outcome = fields.Selection(
        selection="_selection_proposal_outcome",
        string="Proposed outcome",
        readonly=True,
        copy=False,
    )
    proposal_text = fields.Text(string="Proposed answer", readonly=True, copy=False)
    proposal_file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="pcu_request_proposal_file_rel",
        string="Proposed documents",
        readonly=True,
        copy=False,
    )
    proposed_by_id = fields.Many2one(
        comodel_name="res.users", string="Sent by", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # Computes and counters
    # ------------------------------------------------------------------

    @api.model
    def _selection_proposal_outcome(self):
        """Offer the outcomes of a decision, in the user's language."""
        return self._fields["outcome"]._description_selection(self.env)

    @api.depends("procedure_version_id", "procedure_id.approval_step_ids")
    def _compute_needs_approval(self):
        """Whether the version of the procedure has a circuit."""
        for request in self:
            request.needs_approval = bool(request._get_rule_lines("approvals"))

    @api.depends("approval_ids.state", "approval_ids.user_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        """Whether it is this user's turn, and whether they may choose another."""
        for request in self:
            asked = request._get_asked_approvals()
            request.can_approve = self.env.user in asked.user_id
            request.can_repair_approval = (
                request.approval_state == RUNNING and request.can_assign
            )

    @api.depends("approval_ids.state", "approval_ids.user_id.active")
    @api.depends_context("lang")
    def _compute_approval_waits_for(self):
        """Name who is asked now, and what would keep it waiting for ever."""
        for request in self:
            open_ones = request.approval_ids.filtered(
                lambda a: a.state in ar.OPEN_STATES
            )
            asked = open_ones.filtered(lambda a: a.state == ar.ASKED)
            request.approval_waits_for = ", ".join(asked.mapped("signature_text"))
            problems = [approval._get_problem() for approval in open_ones]
            request.approval_problem = " ".join(filter(None, problems))

    @api.model
    def _get_to_approve_domain(self):
        """Return the domain of the requests that wait for this user's approval."""
        asked = Domain("user_id", "=", self.env.uid) & Domain("state", "=", ar.ASKED)
        return Domain("approval_ids", "any", asked)

    def _get_asked_approvals(self):
        """Return the approvals whose turn it is."""
        return self.approval_ids.filtered(lambda a: a.state == ar.ASKED)

    def _get_answer_authors(self):
        """Return who made the answer: who works on the request and who sent it."""
        self.ensure_one()
        return self.sudo().user_id | self.sudo().proposed_by_id

    def _get_decision_action(self):
        """Return the step before the decision, when there is one."""
        if self.needs_approval and self.approval_state != ar.APPROVED:
            return "send"
        return "decide"

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _send_for_approval(self, outcome, text, files=None):
        """Propose an answer and ask the first ones of the circuit.

        :param files: ``ir.attachment`` records that go with the answer
        :raise UserError: the file is incomplete, or nobody holds a role
        """
        self.ensure_one()
        self._check_can_solve()
        if self.state != rs.IN_PROGRESS or self.approval_state == RUNNING:
            raise UserError(
                self.env._(
                    "%(request)s can't be sent for approval now: start working on it, "
                    "or take it back from approval first.",
                    request=self.display_name,
                )
            )
        prepared = files or self._has_prepared_answer()
        if not (text or "").strip() and not prepared:
            raise UserError(
                self.env._("Write the answer or add the document to be approved.")
            )
        self._check_file_complete(outcome)
        holders = self._find_approvers()
        self.sudo().write(
            {
                "proposal_outcome": outcome,
                "proposal_text": text,
                "proposal_file_ids": [(6, 0, files.ids if files else [])],
                "proposed_by_id": self.env.uid,
                "approval_state": RUNNING,
                "approval_round": self.approval_round + 1,
                "approval_given": 0,
            }
        )
        if files:
            # The approver reads the files by the right to the request.
            files.sudo().write({"res_model": self._name, "res_id": self.id})
        self._ask_circuit(holders)

    def _find_approvers(self):
        """Return who approves each step; nobody is asked unless all are there."""
        holders, problems = [], []
        for step in self._get_circuit():
            user, problem = step._find_approver(self.company_id, self.department_id)
            holders.append((step, user))
            if problem:
                problems.append(problem)
        if problems:
            raise UserError(
                self.env._(
                    "The answer can't be sent for approval. %(problems)s Ask the "
                    "administrator to write down who holds the office (Institution, "
                    "or the circuit of the procedure).",
                    problems=" ".join(problems),
                )
            )
        return holders

    def _get_circuit(self):
        """Return the steps the request was filed under, as unsaved records.

        Which visas an answer needs stays as it was; who gives them is of today. For a
        person by name whose account was closed since, today's circuit says who.
        """
        self.ensure_one()
        steps = self.env["pcu.approval.step"]
        today = {
            step.name: step.user_id for step in self.procedure_id.approval_step_ids
        }
        for line in self._get_rule_lines("approvals"):
            step = steps.new({name: line[name] for name in line if name != "name"})
            if step.user_id and not step.user_id.sudo().active:
                step.user_id = today.get(line["name"]) or step.user_id
            steps |= step
        return steps

    def _ask_circuit(self, holders):
        """Lay out the round and ask who comes first."""
        # sudo: rows of a round are made by the house only
        self.env["pcu.approval"].sudo().create(
            [
                {
                    "request_id": self.id,
                    "round": self.approval_round,
                    "sequence": step.sequence,
                    "role": step.role,
                    "user_id": user.id,
                    "four_eyes": step.four_eyes,
                }
                for step, user in holders
            ]
        )
        self.env["pcu.journal"]._log(self, "approval_asked", round=self.approval_round)
        self._on_sent_for_approval()
        self._advance_approvals(given=0)

    def _get_round(self):
        """Return the approvals of the present round, in their order."""
        return self.sudo().approval_ids.filtered(
            lambda a: a.round == self.approval_round
        )

    def _advance_approvals(self, given=1):
        """Ask who comes next, or tell that the answer is approved."""
        self.ensure_one()
        current = self._get_round()
        if given:
            # Written at each approval, so that two at the same moment collide and the
            # later one is tried again with what the earlier one did.
            self.sudo().approval_given += given
            current.filtered(lambda a: a.state == ar.APPROVED)._forget()
        if current.filtered(lambda a: a.state == ar.ASKED):
            return
        waiting = current.filtered(lambda a: a.state == ar.PENDING)
        if not waiting:
            self._end_approvals(ar.APPROVED)
            return
        first = min(waiting.mapped("sequence"))
        waiting.filtered(lambda a: a.sequence == first)._ask()

    def _end_approvals(self, state):
        """End the round and tell who sent the answer."""
        self._close_round(state)
        speaking = in_romanian(self)
        text = (
            speaking.env._("The answer was approved: decide the request.")
            if state == ar.APPROVED
            else speaking.env._("The answer was returned for correction.")
        )
        self._remind(text)
        self._on_approval_ended(state)

    def _close_round(self, state):
        """Drop what is still open and write the end of the round."""
        current = self._get_round()
        current._forget()
        current.filtered(lambda a: a.state in ar.OPEN_STATES).state = ar.DROPPED
        self.sudo().approval_state = state

    def _drop_approvals(self):
        """End a running round because the request went another way."""
        for request in self.filtered(lambda r: r.approval_state == RUNNING):
            request._close_round(False)
            request._on_approval_ended(False)

    def _check_approved(self, outcome, text):
        """Decide nothing else than what the circuit approved."""
        if not self.needs_approval:
            return
        if self.approval_state != ar.APPROVED:
            raise UserError(
                self.env._(
                    "%(request)s needs the approval of: %(roles)s. Send the answer "
                    "for approval first.",
                    request=self.display_name,
                    roles=self._name_missing_roles(),
                )
            )
        same_text = (text or "").strip() == (self.proposal_text or "").strip()
        if outcome != self.proposal_outcome or not same_text:
            raise UserError(
                self.env._(
                    "The answer was approved with another outcome or text. Decide as "
                    "approved, or take it back from approval and send the new one."
                )
            )

    def _name_missing_roles(self):
        """Name the roles that have not approved yet."""
        rows = self._get_round() if self.approval_state == RUNNING else None
        if rows:
            rows = rows.filtered(lambda a: a.state in ar.OPEN_STATES)
        else:
            rows = self._get_circuit()
        labels = dict(
            self.env["pcu.approval"]._fields["role"]._description_selection(self.env)
        )
        return ", ".join(labels[row.role] for row in rows)

    def _check_can_repair_approval(self):
        """The head, or the registry, chooses another approver; nobody else."""
        if not self.env.su and not self.can_assign:
            raise AccessError(
                self.env._(
                    "Only the head of the department or the registry chooses another "
                    "approver."
                )
            )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve without a comment."""
        self._get_my_approvals()._approve()
        return True

    def action_answer_approval(self):
        """Open the dialog that returns, or approves with a comment."""
        self._get_my_approvals()
        return self._open_wizard("pcu_requests.pcu_request_approve_action")

    def action_repair_approval(self):
        """Open the dialog that chooses another approver."""
        self._check_can_repair_approval()
        return self._open_wizard("pcu_requests.pcu_approval_replace_action")

    def action_take_back_approval(self):
        """Take the answer back, to change it or to go another way."""
        self._check_can_solve()
        for request in self.filtered("approval_state"):
            request._close_round(False)
            self.env["pcu.journal"]._log(
                request, "approval_taken_back", round=request.approval_round
            )
            request._on_approval_ended(False)
        return True

    def _get_my_approvals(self):
        """Return the approvals that are this user's turn; refuse when there is none."""
        mine = self._get_asked_approvals().filtered(
            lambda a: a.user_id == self.env.user
        )
        for request in self - mine.request_id:
            raise AccessError(
                self.env._(
                    "%(request)s does not wait for your approval.",
                    request=request.display_name,
                )
            )
        return mine

    # ------------------------------------------------------------------
    # Hooks for the floor above; each gets one request
    # ------------------------------------------------------------------

    def _on_sent_for_approval(self):
        """Called in the transaction that sent the answer."""

    def _on_approval_ended(self, state):
        """Called when a round ended: *approved*, *returned*, or False (taken back)."""
