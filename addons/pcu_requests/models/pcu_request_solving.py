"""How a request is solved: taken, worked on, clarified, decided, closed.

Every move goes through ``_set_state``, which knows the one table of transitions, writes
the journal and calls the hook of the floor above, all in the cause's transaction.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import AccessError, UserError

from .. import request_states as rs

#: The register's word for each outcome of a request.
ENTRY_RESOLUTIONS = {
    "favourable": "favourable",
    "unfavourable": "unfavourable",
    "partial": "partial",
    "redirected": "redirected",
    "closed": "filed_noted",
}

#: The register's word for a request that ends without a decision.
CLOSING_RESOLUTIONS = {
    "anonymous": "filed_anonymous",
    "repeated": "filed_repeated",
    "noted": "filed_noted",
    "no_object": "without_object",
    "incomplete": "returned_incomplete",
    "tacit": "tacit_approval",
    "connected": "connected",
}


class PcuRequest(models.Model):
    """Solving."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    can_solve = fields.Boolean(compute="_compute_can_solve")
    can_assign = fields.Boolean(compute="_compute_can_solve")
    can_classify = fields.Boolean(compute="_compute_can_solve")

    @api.depends("department_id", "user_id")
    @api.depends_context("uid")
    def _compute_can_solve(self):
        """Tell whether this user works in the department, heads it, files requests."""
        user = self.env.user
        inspector = user.has_group("pcu_base.group_inspector")
        head = user.has_group("pcu_base.group_head")
        operator = user.has_group("pcu_base.group_registry_operator")
        visible = user.pcu_visible_department_ids
        for request in self:
            own = request.department_id in visible or request.user_id == user
            request.can_solve = inspector and own
            request.can_assign = operator or (head and own)
            request.can_classify = operator or request.can_solve

    # ------------------------------------------------------------------
    # Guards and the one way to move
    # ------------------------------------------------------------------

    def _check_can_solve(self):
        """Let only the department's people work on a request."""
        if self.env.su:
            return
        self._check_impartial(self.env.user)
        for request in self:
            if not request.can_solve:
                raise AccessError(
                    self.env._(
                        "%(request)s lies with %(department)s; only people of that "
                        "department can work on it. Ask its head to move it to you.",
                        request=request.display_name,
                        department=request.sudo().department_id.name
                        or self.env._("no department yet"),
                    )
                )

    def _set_state(self, new, reason=None, **data):
        """Move to another state, write the journal and tell the floor above.

        The journal gets a reason and codes, never the text of a question or a decision.
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            old = request.state
            if not rs.is_allowed(old, new):
                raise UserError(
                    self.env._(
                        "%(request)s is “%(old)s” and can't become “%(new)s”. Reload "
                        "the page: a colleague may have worked on it meanwhile.",
                        request=request.display_name,
                        old=labels[old],
                        new=labels[new],
                    )
                )
            # The right to move was checked by the action that calls this.
            request.sudo().state = new
            request._clear_returned()
            self.env["pcu.journal"]._log(
                request, f"request_{new}", reason=reason, previous=old, **data
            )
            if new != rs.IN_PROGRESS:
                request._drop_approvals()
            request._on_state_changed(old, new)

    # ------------------------------------------------------------------
    # Taking and assigning
    # ------------------------------------------------------------------

    def action_take(self):
        """Put the request on the user's own table and start working on it."""
        self._check_can_solve()
        self._check_not_taken()
        for request in self:
            request._pick_up()
            if request.state == rs.REGISTERED:
                request._set_state(rs.IN_PROGRESS)
        return True

    def action_start(self):
        """Start working on a request that lies on the user's table."""
        self._check_can_solve()
        for request in self:
            if not request.user_id:
                request._pick_up()
            if request.state != rs.IN_PROGRESS:
                request._set_state(rs.IN_PROGRESS)
        return True

    def action_resume(self):
        """Go on without waiting any longer for the applicant.

        When the counter has completed the checklist meanwhile, the question counts as
        answered; otherwise it lapses.
        """
        self._check_can_solve()
        for request in self:
            vals = {"state": "lapsed"}
            if not request.missing_count:
                vals = {"state": "answered", "answered_at": fields.Datetime.now()}
            request._open_clarifications().write(vals)
            request._resume_term(complete=not request.missing_count)
            request._set_state(rs.IN_PROGRESS)
        return True

    def _open_clarifications(self):
        """Return the questions without an answer, for the actions to settle."""
        # Clarifications are written by actions only, which have checked who asks.
        return self.clarification_ids.filtered(lambda c: c.state == "asked").sudo()

    def _pick_up(self):
        """Put the request on the user's table, accepting what was sent there."""
        self.ensure_one()
        user = self.env.user
        if self.user_id == user:
            return
        self._clear_returned()
        # The way through the register is accepted, not prolonged: taking from the
        # own department's pool sends it to nobody. Entry and request stay one.
        legs = self.entry_id._get_my_legs("sent")
        if legs and not self.env.su:
            legs.action_accept()
        self.sudo().user_id = user
        entry_sudo = self.sudo().entry_id
        if entry_sudo.number and not entry_sudo.awaited_id:
            entry_sudo._lie_with(self.department_id, user)
        else:
            entry_sudo.holder_id = user

    def _hand_over(self, department, user, text=None):
        """Move the request to a department and a person, in the register too.

        The register keeps the way of every paper, so the move is a routing there
        whenever the entry has its number; the request follows it.
        """
        self.ensure_one()
        if self.department_id == department and self.user_id == user:
            return
        self.sudo().write({"department_id": department.id, "user_id": user.id})
        self._clear_returned()
        if self.entry_id.number:
            # Inspectors may not route in the register at large; within the request
            # the right was checked by the action.
            self.sudo().entry_id.action_route(department, user, text or "")
        elif self.entry_id:
            self.sudo().entry_id.write(
                {"department_id": department.id, "holder_id": user.id}
            )

    def _classify(self, procedure, department=None):
        """Name the procedure of a request that came without one."""
        self.ensure_one()
        if not self.env.su and not self.can_classify:
            self._check_can_solve()
        if self.state not in rs.OPEN_STATES:
            raise UserError(
                self.env._("A request that has ended can't be classified any more.")
            )
        # The operator classifies what lies with no department yet.
        self.sudo().procedure_id = procedure
        self.env["pcu.journal"]._log(self, "request_classified", code=procedure.code)
        department = department or procedure.department_id
        if department and department != self.department_id:
            self._hand_over(department, self.env["res.users"])

    # ------------------------------------------------------------------
    # Clarification
    # ------------------------------------------------------------------

    def _ask_clarification(self, text, due_date=None, slots=None):
        """Ask the applicant for what is missing; returns the clarification."""
        self.ensure_one()
        self._check_can_solve()
        clarification = (
            self.env["pcu.clarification"]
            .sudo()
            .create(
                {
                    "request_id": self.id,
                    "text": text,
                    "due_date": due_date or self._completion_due_date(),
                    "slot_ids": [(6, 0, slots.ids if slots else [])],
                    "asked_by_id": self.env.uid,
                }
            )
        )
        self._set_state(rs.CLARIFICATION)
        self._hold_term()
        self.env["pcu.notice"]._owe(self, "clarification", clarification)
        self._on_clarification_requested(clarification)
        return clarification

    def _add_clarification_answer(self, text, documents=None, at=None):
        """Record what the applicant answered and give the request back to the desk."""
        self.ensure_one()
        documents = documents or self.env["pcu.document"]
        speaking = in_romanian(self)  # mostly a program without a language
        asked = self._open_clarifications()[:1]
        if documents:
            self._attach_documents(documents, self._match_answer(asked, documents))
        asked.write(
            {
                "state": "answered",
                "answered_at": at or fields.Datetime.now(),
                "answer_text": text,
                "answer_document_ids": [(6, 0, documents.ids)],
            }
        )
        self.message_post(
            body=speaking.env._("The applicant answered: %(text)s", text=text or "–"),
            subtype_xmlid="mail.mt_note",
        )
        self.env["pcu.journal"]._log(
            self, "clarification_answered", files=len(documents)
        )
        if asked:
            self._resume_term(complete=not self.missing_count)
        if self.state == rs.CLARIFICATION:
            self._set_state(rs.IN_PROGRESS)
        self._remind(speaking.env._("The applicant answered; go on with the request."))

    def _match_answer(self, asked, documents):
        """Say which of the documents asked for each file of an answer is.

        Who answers seldom says it: the file's name may, and a single file for a single
        question needs no words.

        :return: the slot's code by document, for ``_attach_documents``
        """
        codes = {document.id: document.slot for document in documents}
        wanted = asked.slot_ids.filtered(lambda s: s.code not in codes.values())
        loose = documents.filtered(lambda d: not d.slot)
        for document in loose:
            slot = wanted if len(wanted) == len(loose) == 1 else None
            slot = slot or wanted._guess_for(document.name)
            codes[document.id] = slot.code
            wanted -= slot
        return codes

    # ------------------------------------------------------------------
    # The end
    # ------------------------------------------------------------------

    def _decide(self, outcome, text=None, documents=None):
        """Decide with an outcome and its text or documents."""
        self.ensure_one()
        self._check_can_solve()
        documents = documents or self.env["pcu.document"]
        prepared = documents or self._has_prepared_answer()
        if not (text or "").strip() and not prepared:
            raise UserError(
                self.env._(
                    "A decision needs a text or a document: write the answer or add "
                    "the file that the applicant receives."
                )
            )
        if not self.procedure_id:
            raise UserError(
                self.env._("Choose the procedure before you decide this request.")
            )
        self._check_may_decide(outcome, text)
        documents |= self._issue_prepared_answer()
        self._open_clarifications().write({"state": "lapsed"})
        self.sudo().write(
            {
                "outcome": outcome,
                "decision_text": text,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        self._issue_documents(documents)
        self._set_state(rs.DECIDED, outcome=outcome)
        self._solve_entry(ENTRY_RESOLUTIONS[outcome], text)
        self.env["pcu.notice"]._owe(self, self._get_decision_notice())
        self._on_decided()

    def _issue_documents(self, documents):
        """Make the decision's files documents of the request and of its entry."""
        if documents:
            self._own_documents(documents)
            self._show_document(documents[:1])
            digests = documents.mapped("sha256")
            self.env["pcu.journal"]._log(self, "documents_issued", sha256=digests)

    def _solve_entry(self, resolution, note=None):
        """Write the end of the request into the register."""
        if self.entry_id.sudo().state == "annulled":
            return  # an annulled row says its end already
        # The inspector reads the register; solving it there is part of the decision.
        self.sudo().entry_id.action_solve(resolution, note)

    def action_close(self):
        """Close a decided request; anything else asks for a reason first."""
        if self.filtered(lambda r: r.state != rs.DECIDED):
            return self._open_wizard("pcu_requests.pcu_request_close_action")
        self._check_can_solve()
        self._end(rs.CLOSED, "solved", None)
        return True

    def _end(self, state, kind, reason):
        """End requests without, or after, a decision."""
        for request in self:
            request.sudo().write(
                {
                    "closing_kind": kind,
                    "closing_reason": reason,
                    "ended_at": fields.Datetime.now(),
                }
            )
            request._open_clarifications().write({"state": "lapsed"})
            request._set_state(state, reason=reason)
            request.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _file_away(self, kind, reason):
        """Close without a decision: anonymous, repeated, taken note of, ..."""
        for request in self:
            request._check_closing(kind)
            request.sudo().outcome = "closed"
            request._end(rs.CLOSED, kind, reason)
            request._solve_entry(CLOSING_RESOLUTIONS[kind], reason)

    def _withdraw(self, reason, at=None):
        """Record that the applicant took the request back."""
        for request in self:
            if request.state not in rs.OPEN_STATES:
                continue
            request._end(rs.WITHDRAWN, False, reason)
            if at:
                request.sudo().ended_at = at
            if request.entry_id.number:
                request._solve_entry("withdrawn", reason)

    def _refuse(self, reason):
        """Refuse a request at intake, with words for the applicant."""
        for request in self:
            request._end(rs.REFUSED, False, reason)
            if request.entry_id.number:
                request._solve_entry("returned_incomplete", reason)
                self.env["pcu.notice"]._owe(request, "refused")

    # ------------------------------------------------------------------
    # Wizards and small helpers
    # ------------------------------------------------------------------

    def _open_wizard(self, xmlid):
        """Open one of the dialogs of a request."""
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        context = {"default_request_id": self[:1].id, "default_request_ids": self.ids}
        return action | {"context": context}

    def action_ask_clarification(self):
        """Open the dialog that asks the applicant for what is missing."""
        self._check_can_solve()
        return self._open_wizard("pcu_requests.pcu_request_clarify_action")

    def action_classify(self):
        """Open the dialog that chooses the procedure."""
        return self._open_wizard("pcu_requests.pcu_request_classify_action")

    def action_decide(self):
        """Open the dialog of the decision."""
        self._check_can_solve()
        return self._open_wizard("pcu_requests.pcu_request_decide_action")

    def action_assign(self):
        """Open the dialog that gives the request to somebody."""
        return self._open_wizard("pcu_requests.pcu_request_assign_action")

    def action_open_entry(self):
        """Open the row in the register."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.register.entry",
            "view_mode": "form",
            "res_id": self.entry_id.id,
        }

    def _remind(self, summary):
        """Put a to-do on the desk of whoever answers for the request."""
        for request in self.sudo():
            if user := request._get_answerable_user():
                request.activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, user_id=user.id
                )

    def _get_answerable_user(self):
        """Return the inspector, else the head, a member, or a registry operator."""
        department = self.department_id
        return (
            self.user_id
            or department.head_id
            or department.member_ids[:1]
            or self.env["res.users"].search(
                [
                    ("company_ids", "in", self.company_id.ids),
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("pcu_base.group_registry_operator").ids,
                    ),
                ],
                limit=1,
                order="id",
            )
        )

    # ------------------------------------------------------------------
    # Hooks for kinds of requests with a law of their own
    # ------------------------------------------------------------------

    def _check_impartial(self, user):
        """Called for whoever works on, approves or decides requests; may refuse."""

    def _check_closing(self, kind):
        """Called before one request is closed without a decision; may refuse."""

    def _get_decision_notice(self):
        """Return the kind of notice that tells the applicant of the decision."""
        return "solved"

    # ------------------------------------------------------------------
    # Hooks for the floor above; each gets one request
    # ------------------------------------------------------------------

    def _on_state_changed(self, old, new):
        """Called in the transaction that moved the request."""

    def _on_clarification_requested(self, clarification):
        """Called in the transaction that asked the applicant."""

    def _on_decided(self):
        """Called in the transaction that decided the request."""
