"""The inbox: one remote submission, one row, for ever.

This file holds the row and its buttons; ``pcu_exchange_item_work`` says who works on it
and when, ``pcu_exchange_item_steps`` takes it to the register and
``pcu_exchange_item_effects`` sends what we owe for it.
"""

import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import exchange_states as es
from ..adapters.payloads import Submission

#: Identifier of a submission of which only the PISEG number is known.
PROVISIONAL = "piseg:"


class PcuExchangeItem(models.Model):
    """A submission on a platform, from being listed to being answered.

    *Listed*, *details read*, *downloading files*, *ready to register*, *registered*,
    *platform informed*, *closed*: the connector moves it by itself. *Needs a person*
    and *given up* wait for the registry operator, who reads why and presses a button.
    *Sent back* waits for who filed it to repair it. *Withdrawn* and *refused* end
    without a decision.
    """

    _name = "pcu.exchange.item"
    _description = "Submission taken over"
    _inherit = ["pcu.exchange.retry.mixin", "pcu.exchange.lease"]
    _order = "first_seen_at desc, id desc"
    _rec_names_search = ["remote_number", "applicant_name", "entry_reference"]

    # Who it is on the platform
    platform_id = fields.Many2one(
        comodel_name="pcu.platform", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="platform_id.company_id", store=True, index=True, string="Institution"
    )
    remote_id = fields.Char(string="Identifier there", required=True, readonly=True)
    remote_number = fields.Char(string="PISEG number", readonly=True, index=True)
    remote_version = fields.Integer(readonly=True, aggregator=None)
    remote_state = fields.Char(string="State on the platform", readonly=True)
    origin_key = fields.Char(required=True, readonly=True)
    remote_state_text = fields.Char(
        compute="_compute_remote_state_text", string="State there"
    )
    procedure_code = fields.Char(readonly=True)
    procedure_title = fields.Char(string="Procedure", readonly=True)
    applicant_name = fields.Char(string="Applicant", readonly=True)
    submitted_at = fields.Datetime(readonly=True)
    first_seen_at = fields.Datetime(
        string="First seen", readonly=True, default=fields.Datetime.now
    )
    registered_at = fields.Datetime(readonly=True)
    payload = fields.Json(
        string="As received",
        readonly=True,
        groups="pcu_base.group_registry_operator,base.group_system",
    )
    payload_text = fields.Text(
        compute="_compute_payload_text",
        string="Content as received",
        groups="pcu_base.group_registry_operator,base.group_system",
    )

    # Where it stands
    state = fields.Selection(
        selection=es.ITEM_STATES, required=True, default=es.SEEN, readonly=True
    )
    request_id = fields.Many2one(
        comodel_name="pcu.request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        related="request_id.department_id", store=True, index=True
    )
    entry_reference = fields.Char(
        related="request_id.entry_reference", string="Our number"
    )
    file_ids = fields.One2many(
        comodel_name="pcu.exchange.file", inverse_name="item_id", string="Files"
    )
    effect_ids = fields.One2many(
        comodel_name="pcu.exchange.effect", inverse_name="item_id", string="Answers"
    )
    event_ids = fields.One2many(
        comodel_name="pcu.exchange.event", inverse_name="item_id", string="Events"
    )
    problem_summary = fields.Char(
        compute="_compute_problem_summary", string="What to know"
    )
    is_stuck = fields.Boolean(compute="_compute_problem_summary")
    waits_for_file = fields.Boolean(compute="_compute_waits_for_file")

    _remote_uniq = models.UniqueIndex(
        "(platform_id, remote_id)", "This submission has been taken over already."
    )
    _origin_uniq = models.UniqueIndex(
        "(origin_key)", "This submission came through another platform already."
    )
    _due_idx = models.Index(
        "(next_try_at) WHERE state IN ('seen', 'fetched', 'downloading', 'verified')"
    )
    # The list as it opens, and what came in the last hour.
    _seen_idx = models.Index("(first_seen_at DESC, id DESC)")
    _state_idx = models.Index("(platform_id, state)")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("remote_number", "remote_id")
    def _compute_display_name(self):
        """Name a submission as the citizen does."""
        for item in self:
            item.display_name = self.env._(
                "PISEG #%(number)s", number=item.remote_number or item.remote_id
            )

    @api.depends("remote_state")
    @api.depends_context("lang")
    def _compute_remote_state_text(self):
        """Put the platform's word into ours; a word we don't know is shown as it is."""
        words = self._get_remote_states()
        for item in self:
            item.remote_state_text = words.get(item.remote_state, item.remote_state)

    @api.model
    def _get_remote_states(self):
        """Return the platform's states in the reader's language."""
        _ = self.env._
        return {
            "submitted": _("Filed"),
            "taken_over": _("Taken over"),
            "registered": _("In the register"),
            "in_progress": _("In progress"),
            "clarification_requested": _("Clarification asked"),
            "clarification_answered": _("Clarification answered"),
            "resolved": _("Decided"),
            "refused": _("Refused"),
            "withdrawn": _("Withdrawn"),
            "closed": _("Closed"),
            "deleted": _("Deleted"),
        }

    @api.depends("payload")
    def _compute_payload_text(self):
        """Show what the platform sent, unknown fields included."""
        for item in self:
            item.payload_text = item.payload and json.dumps(
                item.payload, ensure_ascii=False, indent=2
            )

    @api.depends(
        "state",
        "problem",
        "effect_ids.problem",
        "effect_ids.state",
        "event_ids.problem",
        "event_ids.state",
    )
    @api.depends_context("lang")
    def _compute_problem_summary(self):
        """Show the one problem that matters: on the way in, or on the way out."""
        for item in self:
            stuck = item.effect_ids.filtered(lambda e: e.state in es.STUCK)[:1]
            late = item.effect_ids.filtered("problem_code")[:1]
            waiting = item.event_ids.filtered(lambda e: e.state == es.HELD)[:1]
            tried = item.event_ids.filtered(
                lambda e: e.state in es.EVENT_OPEN and e.problem_code
            )[:1]
            item.problem_summary = (
                item.problem
                or stuck.problem
                or late.problem
                or waiting.problem
                or tried.problem
            )
            item.is_stuck = bool(item.state in es.STUCK or stuck or waiting)

    @api.depends("state", "request_id", "file_ids.state", "event_ids.state")
    def _compute_waits_for_file(self):
        """Tell whether a person may let it go on without the files that don't come."""
        for item in self:
            if item.request_id:
                held = any(event.state == es.HELD for event in item.event_ids)
                lacks = any(file.state == es.HELD for file in item.file_ids)
                item.waits_for_file = held and lacks
            else:
                item.waits_for_file = item.state in (es.HELD, es.DOWNLOADING)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _check_operate(self):
        """Let the registry operator and the administrator repair; others only look."""
        self.platform_id._check_operate()
        self.check_access("read")

    def action_retry(self):
        """Forget the fault and go on at once."""
        self._check_operate()
        for item in self:
            item._transact("_reset_faults", self.env.uid)
            item.advance()
        self.invalidate_recordset()
        return True

    def action_register_without_files(self):
        """Register with the files that are there; the others stay on the platform."""
        self._check_operate()
        for item in self:
            item._transact("_skip_files", self.env.uid)
            item.advance()
        self.invalidate_recordset()
        return True

    def action_open_request(self):
        """Open the request that this submission became."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.request",
            "view_mode": "form",
            "res_id": self.request_id.id,
        }

    def _reset_faults(self, uid):
        """Make everything of this submission due again, on a person's word."""
        cleared = self._clear_fault_values()
        if self.state in es.STUCK:
            # What has been stored stays stored: only the missing steps run again.
            self.write({"state": es.SEEN if self._is_to_be_read() else es.FETCHED})
        self._reopen_files()
        self.write(cleared)
        for effect in self.effect_ids.filtered(
            lambda e: e.state in (*es.EFFECT_OPEN, *es.STUCK)
        ):
            again = es.UNKNOWN if effect.body else es.WAITING
            effect.write(cleared | {"state": again})
        acts = self.event_ids
        acts.filtered(lambda e: e.state in es.EVENT_OPEN).write(cleared)
        acts.filtered(lambda e: e.state == es.HELD).write(cleared | {"state": "new"})
        self._journal("exchange_retry", uid)

    def _is_to_be_read(self):
        """Tell whether the details that are here are none, or not those of now.

        The version of what a clerk typed in is the platform's only once they met.
        """
        if not self.payload or self.returned_at:
            return True
        read = Submission.parse(self.payload).version
        return self.remote_version > read and not (self.manual and not self.met_at)

    def _skip_files(self, uid):
        """Leave out the files that can't be had, on a person's word.

        :raise UserError: when no file is waited for, or not any more
        """
        self._lock_row()
        if not self.waits_for_file:
            raise UserError(
                self.env._(
                    "%(item)s does not wait for a file, so there is nothing to "
                    "leave out.",
                    item=self.display_name,
                )
            )
        # Once it is registered, what is only pending may belong to another act.
        left = (es.HELD,) if self.request_id else (es.HELD, "pending")
        missing = self.file_ids.filtered(lambda f: f.state in left)
        missing.write({"state": "skipped"})
        cleared = self._clear_fault_values()
        if self.request_id:
            # An act brought them: its words go to the desk, and which files did not.
            self.event_ids.filtered(lambda e: e.state == es.HELD).write(
                cleared | {"state": "refreshed"}
            )
            self._post_missing_files(self.request_id, missing)
        else:
            self.write(cleared | {"state": es.VERIFIED})
        self._journal("exchange_files_skipped", uid, files=len(missing))

    def _journal(self, action, uid=None, reason=None, **data):
        """Write a change of state into the journal in the name of who caused it."""
        journal = self.env["pcu.journal"]
        if uid:
            journal = journal.with_user(uid).sudo()
        journal._log(self, action, reason=reason, **data)

    # ------------------------------------------------------------------
    # The inbox
    # ------------------------------------------------------------------

    @api.model
    def _store_rows(self, platform, rows):
        """Remember the rows of a page; return how many were new and how many changed.

        A row that is known is the same row, whatever the platform repeats. A higher
        version matters only before registration: afterwards citizens' acts come as
        events, and our own changes lead to nothing.
        """
        latest = {row.id: row for row in rows}
        # What a clerk typed in stands under its PISEG number until now.
        listed = latest | {f"{PROVISIONAL}{row.number}": row for row in rows}
        known = self.search(
            [("platform_id", "=", platform.id), ("remote_id", "in", list(listed))]
        )
        changed = 0
        for item in known:
            row = listed.get(item.remote_id)
            if not row:
                continue  # known by an act only, it gave way to what was typed in
            latest.pop(row.id, None)
            if item.manual and not item.met_at:
                item._meet(row)
                changed += 1
            elif row.version > item.remote_version and not item._is_own_change():
                item._note_version(row)
                changed += 1
        new = self.create(
            [self._prepare_row_values(platform, row) for row in latest.values()]
        )
        new._delay_advance()
        return len(new), changed

    def _is_own_change(self):
        """A registered row that a worker holds is being changed by ourselves."""
        return self._is_held() and self.state not in es.BEFORE_REGISTER

    def _note_version(self, row):
        """Take note of a change on the platform; read it again if it can matter."""
        self._lock_row()
        self.write({"remote_version": row.version, "remote_state": row.state})
        self._read_again()

    def _read_again(self):
        """Have the details fetched anew as long as they can still matter."""
        if self.state in es.BEFORE_REGISTER:
            self.write(self._clear_fault_values() | {"state": es.SEEN})
            self._reopen_files()

    def _reopen_files(self):
        """Fetch again what did not match: the platform may have repaired it."""
        self.file_ids.filtered(lambda f: f.state == es.HELD).write(
            {"state": "pending", "mismatches": 0}
        )

    @api.model
    def _prepare_row_values(self, platform, row):
        """Translate a row of the list."""
        return {
            "platform_id": platform.id,
            "remote_id": row.id,
            "remote_number": row.number,
            # Read but not fetched: the fetch writes the version it really saw.
            "remote_version": row.version,
            "remote_state": row.state,
            "origin_key": self._get_origin_key(platform, row.id),
            "procedure_code": row.procedure_code,
            "procedure_title": row.procedure_title,
            "submitted_at": row.submitted_at,
            "next_try_at": fields.Datetime.now(),
        }

    @api.model
    def _get_origin_key(self, platform, remote_id):
        """Name a submission beyond the life of the platform's record.

        Platforms of two institutions may use the same words for different things.
        """
        parts = (platform.adapter, platform.company_id.id, platform.institution)
        return ":".join(map(str, (*parts, remote_id)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        """An inbox row is the proof that a submission was taken over once."""
        raise AccessError(
            self.env._("A submission that was taken over stays in the list for ever.")
        )
