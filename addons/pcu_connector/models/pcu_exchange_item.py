"""The inbox: one remote submission, one row, for ever.

This file holds the row, the lease and the buttons; ``pcu_exchange_item_steps`` takes it
to the register, ``pcu_exchange_item_effects`` sends what we owe for it.
"""

import json
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import exchange_states as es
from .. import worker_identity
from .pcu_exchange_mixin import LeaseLost

_logger = logging.getLogger(__name__)

#: Seconds that a worker may be silent before another one takes the row over.
LEASE = 180
#: More steps than any submission needs: a wall against running in circles.
MAX_STEPS = 500
#: Rows that a sweep asks for at once.
SWEEP_BATCH = 50


class PcuExchangeItem(models.Model):
    """A submission on a platform, from being listed to being answered.

    *Listed*, *details read*, *downloading files*, *ready to register*, *registered*,
    *platform informed*, *closed*: the connector moves it by itself. *Needs a person* and
    *given up* wait for the registry operator, who reads why and presses a button.
    *Withdrawn* and *refused* end without a decision.
    """

    _name = "pcu.exchange.item"
    _description = "Submission taken over"
    _inherit = ["pcu.exchange.retry.mixin"]
    _order = "first_seen_at desc, id desc"
    _rec_names_search = ["remote_number", "applicant_name", "entry_reference"]

    # Who it is on the platform
    platform_id = fields.Many2one(
        comodel_name="pcu.platform", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="platform_id.company_id", store=True, index=True, string="Institution"
    )
    remote_id = fields.Char(string="Identifier there", required=True, readonly=True)
    remote_number = fields.Char(string="PISEG number", readonly=True, index=True)
    remote_version = fields.Integer(readonly=True, aggregator=None)
    remote_state = fields.Char(string="State on the platform", readonly=True)
    origin_key = fields.Char(required=True, readonly=True)
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

    # The lease of the one who works on it
    lease_token = fields.Integer(readonly=True, aggregator=None)
    lease_owner = fields.Char(readonly=True)
    lease_until = fields.Datetime(readonly=True)

    _remote_uniq = models.UniqueIndex(
        "(platform_id, remote_id)", "This submission has been taken over already."
    )
    _origin_uniq = models.UniqueIndex(
        "(origin_key)", "This submission came through another platform already."
    )
    _due_idx = models.Index(
        "(next_try_at) WHERE state IN ('seen', 'fetched', 'downloading', 'verified')"
    )
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

    @api.depends("payload")
    def _compute_payload_text(self):
        """Show what the platform sent, unknown fields included."""
        for item in self:
            item.payload_text = item.payload and json.dumps(
                item.payload, ensure_ascii=False, indent=2
            )

    @api.depends("state", "problem", "effect_ids.problem", "effect_ids.state")
    @api.depends_context("lang")
    def _compute_problem_summary(self):
        """Show the one problem that matters: on the way in, or on the way out."""
        for item in self:
            stuck = item.effect_ids.filtered(lambda e: e.state in es.STUCK)[:1]
            late = item.effect_ids.filtered("problem_code")[:1]
            waiting = item.event_ids.filtered(lambda e: e.state == es.HELD)[:1]
            item.problem_summary = (
                item.problem or stuck.problem or late.problem or waiting.problem
            )
            item.is_stuck = bool(item.state in es.STUCK or stuck or waiting)

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
            if item.state not in (es.HELD, es.DOWNLOADING):
                raise UserError(
                    self.env._(
                        "%(item)s does not wait for a file, so there is nothing to "
                        "leave out.",
                        item=item.display_name,
                    )
                )
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
            self.write({"state": es.FETCHED if self.payload else es.SEEN})
        self._reopen_files()
        self.write(cleared)
        for effect in self.effect_ids.filtered(
            lambda e: e.state in (*es.EFFECT_OPEN, *es.STUCK)
        ):
            again = es.UNKNOWN if effect.body else es.WAITING
            effect.write(cleared | {"state": again})
        self.event_ids.filtered(lambda e: e.state == es.HELD).write(
            cleared | {"state": "new"}
        )
        self._journal("exchange_retry", uid)

    def _skip_files(self, uid):
        """Leave out the files that can't be had, on a person's word."""
        missing = self.file_ids.filtered(lambda f: f.state in ("pending", es.HELD))
        missing.write({"state": "skipped"})
        self.write(self._clear_fault_values() | {"state": es.VERIFIED})
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
        known = self.search(
            [("platform_id", "=", platform.id), ("remote_id", "in", list(latest))]
        )
        changed = 0
        for item in known:
            row = latest.pop(item.remote_id)
            if row.version > item.remote_version:
                item._note_version(row)
                changed += 1
        new = self.create(
            [self._prepare_row_values(platform, row) for row in latest.values()]
        )
        new._delay_advance()
        return len(new), changed

    def _note_version(self, row):
        """Take note of a change on the platform; read it again if it can matter."""
        vals = {"remote_version": row.version, "remote_state": row.state}
        if self.state in (*es.INTAKE, *es.STUCK):
            vals |= self._clear_fault_values() | {"state": es.SEEN}
            self._reopen_files()
        self.write(vals)

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
        """Name a submission beyond the life of the platform's record."""
        return f"{platform.adapter}:{platform.institution}:{remote_id}"

    # ------------------------------------------------------------------
    # Work: jobs, cron and buttons all end here
    # ------------------------------------------------------------------

    def _delay_advance(self):
        """Have these rows worked on soon; the cron does it if no job does."""
        if not self or self.env.context.get("pcu_from_platform"):
            # The worker that causes it goes on with it by itself.
            return
        platform = self.env["pcu.platform"]
        platform._wake_cron()
        if not platform._has_job_runner():
            return
        for item in self.sudo():
            item.with_delay(
                identity_key=f"pcu_connector:item:{item.id}",
                description=self.env._("Advance %(item)s", item=item.display_name),
            )._job_advance()

    def _job_advance(self):
        """Job: do whatever these rows are waiting for."""
        self.exists().advance()

    def advance(self, adapters=None):
        """Do everything that can be done now, one committed step after the other.

        Safe to call at any time from anywhere: a row that another worker holds is left
        to it, a step that is done is not done again.
        """
        own = adapters is None
        adapters = {} if own else adapters
        try:
            for item in self:
                item._advance_one(adapters)
        finally:
            if own:
                self._close_adapters(adapters)

    def _advance_one(self, adapters):
        """Work on one row as long as the lease is ours and something is due."""
        claim = self._transact("_claim_and_look")
        if not claim:
            return
        token, step = claim
        try:
            for _step in range(MAX_STEPS):
                if not step:
                    return
                step = self._take_step(token, step, adapters)
        except LeaseLost:
            _logger.info("Item %s: another worker took over", self.id)

    def _claim_and_look(self):
        """Take the lease and look what there is to do."""
        token = self._claim()
        return token and (token, self._look(token))

    def _store(self, token, method, *args):
        """Store a step's result and look what comes next: one transaction.

        The fence is its first statement, so a worker that lost the lease stores nothing.
        """
        self._fence(token)
        getattr(self, method)(*args)
        return self._look(token)

    def _look(self, token):
        """Return the next step, or give the lease back when there is none."""
        step = self._next_step()
        if not step:
            self._release(token)
        return step

    def _look_again(self, token):
        """Look what comes next, in a transaction of its own."""
        self._fence(token)
        return self._look(token)

    @api.model
    def _sweep(self, stop):
        """Advance what is due until the clock runs out; return how much is left."""
        adapters, tried = {}, set()
        try:
            while time.monotonic() < stop:
                due = self._transact("_get_due_ids", SWEEP_BATCH, list(tried))
                if not due:
                    return 0
                for item in self.browse(due):
                    if time.monotonic() >= stop:
                        break
                    tried.add(item.id)
                    try:
                        item._advance_one(adapters)
                    except Exception:
                        # One submission must not keep the others waiting (N7).
                        _logger.exception("Advancing item %s failed", item.id)
            return len(self._transact("_get_due_ids", 1, list(tried)))
        finally:
            self._close_adapters(adapters)

    @api.model
    def _close_adapters(self, adapters):
        """Close the connections of a run."""
        for adapter in adapters.values():
            adapter.close()

    def _get_adapter(self, adapters, platform_id):
        """Return the run's connection to a platform, opening it at first use."""
        if platform_id not in adapters:
            platform = self.env["pcu.platform"].browse(platform_id)
            adapters[platform_id] = platform._transact("_make_adapter")
        return adapters[platform_id]

    # ------------------------------------------------------------------
    # The lease
    # ------------------------------------------------------------------

    def _is_held(self):
        """Tell whether a worker is at it right now."""
        self.ensure_one()
        return bool(self.lease_until and self.lease_until > fields.Datetime.now())

    def _claim(self):
        """Take the lease; the first statement of its own transaction (finding 4)."""
        self.env.cr.execute(
            SQL(
                """
                WITH free AS (
                    SELECT id FROM pcu_exchange_item
                     WHERE id = %s
                       AND (lease_until IS NULL
                            OR lease_until < (clock_timestamp() AT TIME ZONE 'UTC'))
                       FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE pcu_exchange_item i
                   SET lease_token = coalesce(i.lease_token, 0) + 1,
                       lease_owner = %s,
                       lease_until = (clock_timestamp() AT TIME ZONE 'UTC')
                                     + %s * interval '1 second'
                  FROM free WHERE i.id = free.id
             RETURNING i.lease_token
                """,
                self.id,
                worker_identity.current(),
                LEASE,
            )
        )
        row = self.env.cr.fetchone()
        self.invalidate_recordset()
        return row and row[0]

    def _fence(self, token):
        """Lock the row if the lease is still ours; first statement of every step."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM pcu_exchange_item WHERE id = %s AND lease_token = %s"
                " FOR NO KEY UPDATE",
                self.id,
                token,
            )
        )
        if not self.env.cr.fetchone():
            raise LeaseLost
        self.invalidate_recordset()

    def _extend_lease(self, token):
        """Say that a long download or upload is still alive."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE pcu_exchange_item
                   SET lease_until = (clock_timestamp() AT TIME ZONE 'UTC')
                                     + %s * interval '1 second'
                 WHERE id = %s AND lease_token = %s
             RETURNING id
                """,
                LEASE,
                self.id,
                token,
            )
        )
        if not self.env.cr.fetchone():
            raise LeaseLost

    def _release(self, token):
        """Give the lease back."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE pcu_exchange_item SET lease_until = NULL, lease_owner = NULL"
                " WHERE id = %s AND lease_token = %s",
                self.id,
                token,
            )
        )

    @api.model
    def _get_due_ids(self, limit, tried):
        """Return rows with something to do now that nobody holds, oldest first.

        Registering needs no call, so it goes on while a platform is unreachable.
        """
        callable_ids = self.env["pcu.platform"]._search_callable().ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.id
                  FROM pcu_exchange_item i
                  JOIN pcu_platform p ON p.id = i.platform_id AND p.active
                 WHERE i.id IN (
                       SELECT id FROM pcu_exchange_item
                        WHERE state IN ('seen', 'fetched', 'downloading', 'verified')
                          AND next_try_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                          AND (platform_id = ANY(%(callable)s) OR state = 'verified')
                        UNION
                       SELECT f.item_id FROM pcu_exchange_effect f
                         JOIN pcu_exchange_item x ON x.id = f.item_id
                         JOIN pcu_request r ON r.id = x.request_id
                         JOIN pcu_register_entry n ON n.id = r.entry_id
                        WHERE f.state IN ('waiting', 'sending', 'unknown')
                          AND f.next_try_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                          AND n.number IS NOT NULL
                          AND x.platform_id = ANY(%(callable)s)
                          AND NOT EXISTS (
                              SELECT 1 FROM pcu_exchange_effect b
                               WHERE b.item_id = f.item_id AND b.id < f.id
                                 AND b.state NOT IN
                                     ('done', 'superseded', 'cancelled'))
                        UNION
                       SELECT e.item_id FROM pcu_exchange_event e
                         JOIN pcu_exchange_item x ON x.id = e.item_id
                        WHERE e.state IN ('new', 'refreshed')
                          AND e.next_try_at <= (clock_timestamp() AT TIME ZONE 'UTC')
                          AND (x.request_id IS NOT NULL OR x.state = 'withdrawn')
                          AND x.platform_id = ANY(%(callable)s))
                   AND (i.lease_until IS NULL
                        OR i.lease_until < (clock_timestamp() AT TIME ZONE 'UTC'))
                   AND i.id != ALL(%(tried)s)
              ORDER BY i.id
                 LIMIT %(limit)s
                """,
                callable=callable_ids,
                tried=tried,
                limit=limit,
            )
        )
        return [row[0] for row in rows]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        """An inbox row is the proof that a submission was taken over once."""
        raise AccessError(
            self.env._("A submission that was taken over stays in the list for ever.")
        )
