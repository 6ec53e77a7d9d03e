"""The nightly proof that nothing is lost: both sides compared, in print.

This file holds the report and its buttons; ``pcu_exchange_reconciliation_run`` compares
and repairs.
"""

import base64
import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.addons.pcu_registry.paper_lists import Column, Paper, draw
from odoo.exceptions import UserError

from .. import problems
from .pcu_exchange_reconciliation_line import OPEN, REPAIRED

PLANNED, RUNNING, DONE, FAILED = "planned", "running", "done", "failed"
#: A comparison that was silent for so long was killed; another may begin.
SILENCE = timedelta(minutes=30)
#: A night's comparison counts for so long.
NIGHT = timedelta(hours=20)
#: After a comparison that failed, the next one is tried so much later.
REST = timedelta(hours=1)


class PcuExchangeReconciliation(models.Model):
    """One comparison of a platform with our inbox and register, both ways.

    *Planned* until the background takes it, *running*, then *done* with its counts and
    differences, or *failed* with the reason; what was repaired until then stays
    repaired. Its SHA-256 stands in the journal, which is chained.
    """

    _name = "pcu.exchange.reconciliation"
    _description = "Comparison with a platform"
    _inherit = ["pcu.exchange.mixin"]
    _order = "id desc"
    _rec_name = "platform_id"

    platform_id = fields.Many2one(
        comodel_name="pcu.platform",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="platform_id.company_id", store=True, index=True, string="Institution"
    )
    state = fields.Selection(
        selection=[
            (PLANNED, "Planned"),
            (RUNNING, "Running"),
            (DONE, "Done"),
            (FAILED, "Failed"),
        ],
        required=True,
        default=PLANNED,
        readonly=True,
    )
    asked_by_id = fields.Many2one(
        comodel_name="res.users", string="Asked by", readonly=True
    )
    started_at = fields.Datetime(string="Began", readonly=True)
    seen_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(string="Ended", readonly=True)
    window_from = fields.Datetime(
        string="Compared from",
        readonly=True,
        help="Changes on the platform since then; empty means since its beginning.",
    )
    submissions_start = fields.Char(readonly=True)
    submissions_end = fields.Char(readonly=True)
    events_start = fields.Char(readonly=True)
    events_end = fields.Char(readonly=True)

    # What was counted
    remote_count = fields.Integer(string="On the platform", readonly=True)
    fresh_count = fields.Integer(string="Just filed", readonly=True)
    here_count = fields.Integer(string="In our list", readonly=True)
    registered_count = fields.Integer(string="In the register", readonly=True)
    told_count = fields.Integer(string="Number known there", readonly=True)
    event_count = fields.Integer(string="Citizens' acts", readonly=True)
    confirmed_count = fields.Integer(
        string="Answers confirmed",
        readonly=True,
        help="Answers of ours that the platform showed under their reference.",
    )
    line_ids = fields.One2many(
        comodel_name="pcu.exchange.reconciliation.line",
        inverse_name="reconciliation_id",
        string="What does not fit",
        readonly=True,
    )
    difference_count = fields.Integer(string="Differences", readonly=True)
    open_count = fields.Integer(string="Need a person", readonly=True)
    digest = fields.Char(string="SHA-256", readonly=True)
    problem_code = fields.Char(readonly=True)
    problem_detail = fields.Char(readonly=True)
    summary = fields.Char(compute="_compute_summary", string="Result")
    content = fields.Binary(compute="_compute_content", string="Report")
    content_name = fields.Char(compute="_compute_content_name")

    _one_running = models.UniqueIndex(
        "(platform_id) WHERE state IN ('planned', 'running')",
        "A comparison with this platform is under way already.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("platform_id", "started_at")
    def _compute_display_name(self):
        """Name a report by platform and day."""
        for report in self:
            moment = report.platform_id._local_time(report.started_at)
            report.display_name = f"{report.platform_id.name} {moment}"

    @api.depends("state", "difference_count", "open_count", "problem_code")
    @api.depends_context("lang")
    def _compute_summary(self):
        """Say in one sentence what came out."""
        for report in self:
            report.summary = report._get_summary()

    def _get_summary(self):
        """Return the sentence that stands on screen and on paper."""
        if self.state == PLANNED:
            return self.env._("Begins in a moment.")
        if self.state == RUNNING:
            return self.env._("Both sides are being compared.")
        if self.state == FAILED:
            return problems.describe(self.env, self.problem_code, self.problem_detail)
        if not self.difference_count:
            return self.env._("Both sides agree: nothing to repair.")
        return self.env._(
            "%(found)s differences: %(repaired)s repaired or being repaired, "
            "%(open)s need a person.",
            found=self.difference_count,
            repaired=self.difference_count - self.open_count,
            open=self.open_count,
        )

    def _compute_content(self):
        """Draw the report."""
        for report in self:
            paper = draw(
                report._prepare_paper(),
                fonts=self.env["pcu.register.entry"]._get_fonts(),
            )
            report.content = base64.b64encode(paper)

    def _compute_content_name(self):
        """Name the file by platform and day."""
        for report in self:
            day = report.started_at or fields.Datetime.now()
            code = report.platform_id.code
            report.content_name = f"reconciliere-{code}-{day:%Y-%m-%d}-{report.id}.pdf"

    def _prepare_paper(self):
        """Put the report's words and figures together for print."""
        self.ensure_one()
        labels = self.fields_get(attributes=["string"])
        moment = self.platform_id._local_time
        counts = (
            "remote_count", "fresh_count", "here_count", "registered_count",
            "told_count", "event_count", "confirmed_count", "difference_count",
            "open_count",
        )  # fmt: skip
        states = dict(
            self.line_ids._fields["state"]._description_selection(self.env)
        )  # fmt: skip
        return Paper(
            title=self.env._("Comparison with the platform"),
            institution=self.company_id.name,
            about=(self.summary,),
            facts=(
                (labels["platform_id"]["string"], self.platform_id.name),
                (labels["started_at"]["string"], moment(self.started_at)),
                (labels["finished_at"]["string"], moment(self.finished_at)),
                (
                    labels["window_from"]["string"],
                    moment(self.window_from)
                    if self.window_from
                    else self.env._("the platform's beginning"),
                ),
                *((labels[name]["string"], str(self[name])) for name in counts),
            ),
            columns=(
                Column(self.env._("PISEG number"), 28),
                Column(self.env._("Our number"), 30),
                Column(self.env._("Difference and repair"), 90),
                Column(self.env._("Outcome"), 26),
            )
            if self.line_ids
            else (),
            rows=tuple(
                (
                    line.remote_number or line.remote_id or "–",
                    line.entry_reference or "–",
                    line.text,
                    states[line.state],
                )
                for line in self.line_ids
            ),
            closing=(self.digest and f"SHA-256 {self.digest}",),
            page_text=self.env._("Page {page} of {pages}"),
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_print(self):
        """Give the report as PDF to whoever may read it."""
        self.ensure_one()
        self.check_access("read")
        if self.state in (PLANNED, RUNNING):
            raise UserError(
                self.env._("The comparison is still under way. Print it afterwards.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content"
            "?filename_field=content_name&download=1",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # Planning
    # ------------------------------------------------------------------

    @api.model
    def _plan(self, platform, uid=False):
        """Plan a comparison; one that is under way is the same."""
        under_way = self.search(
            [("platform_id", "=", platform.id), ("state", "in", (PLANNED, RUNNING))]
        )
        if under_way and under_way._is_silent():
            under_way._fail("server", "")
            under_way.flush_recordset()
            under_way = self.browse()
        report = under_way or self.create(
            {"platform_id": platform.id, "asked_by_id": uid}
        )
        self._wake_reconciler()
        return report.id

    def _is_silent(self):
        """Tell whether the one who ran it was killed."""
        heard = self.seen_at or fields.Datetime.now()
        return self.state == RUNNING and heard < fields.Datetime.now() - SILENCE

    @api.model
    def _wake_reconciler(self, at=None):
        """Ask for a run of the nightly cron, now or at a moment."""
        cron = self.env.ref("pcu_connector.ir_cron_reconcile", raise_if_not_found=False)
        if cron:
            # Whoever asks for a comparison may not edit crons.
            cron.sudo()._trigger(at)

    @api.model
    def _cron_reconcile(self):
        """Compare each platform once a night, and whatever somebody asked for."""
        planned = self.browse(self._transact("_plan_night"))
        in_turn(self.env, planned, lambda report: report._run())

    @api.model
    def _plan_night(self):
        """Plan what is due and return everything that waits."""
        now = fields.Datetime.now()
        for platform in self.env["pcu.platform"].search([("active", "=", True)]):
            # The newest that is over: one asked for by day counts for the night.
            last = self.search(
                [("platform_id", "=", platform.id), ("state", "in", (DONE, FAILED))],
                limit=1,
            )
            rest = NIGHT if last.state == DONE else REST
            due = not last or last.finished_at < now - rest
            if due and not platform.safe_mode and platform._get_capabilities().cursor:
                self._plan(platform)
        return self.search([("state", "=", PLANNED)], order="id").ids

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def _finish(self):
        """Settle the lines, count, and put the report's digest into the journal."""
        self.line_ids._settle()
        self.write(
            {
                "state": DONE,
                "finished_at": fields.Datetime.now(),
                "difference_count": len(self.line_ids),
                "open_count": len(self.line_ids.filtered(lambda x: x.state == OPEN)),
            }
        )
        self.digest = self._make_digest()
        self._log_end()

    def _fail(self, code, detail):
        """End a comparison that could not be finished; what it repaired stays."""
        self.line_ids._settle()
        self.write(
            {
                "state": FAILED,
                "finished_at": fields.Datetime.now(),
                "problem_code": code,
                "problem_detail": (detail or "")[:500],
                "difference_count": len(self.line_ids),
                "open_count": len(self.line_ids.filtered(lambda x: x.state == OPEN)),
            }
        )
        self._log_end()
        self._wake_reconciler(fields.Datetime.now() + REST)

    def _log_end(self):
        """Leave the result in the journal, whose chain nobody can rewrite."""
        self.env["pcu.journal"]._log(
            self,
            f"reconciliation_{self.state}",
            reason=self.problem_code or None,
            sha256=self.digest or "",
            there=self.remote_count,
            here=self.here_count,
            registered=self.registered_count,
            differences=self.difference_count,
            repaired=len(self.line_ids.filtered(lambda x: x.state == REPAIRED)),
        )

    def _make_digest(self):
        """Return the SHA-256 over figures and lines, in a form that can be rebuilt."""
        names = (
            "window_from", "started_at", "finished_at", "remote_count", "fresh_count",
            "here_count", "registered_count", "told_count", "event_count",
            "confirmed_count",
        )  # fmt: skip
        figures = {name: str(self[name] or "") for name in names}
        lines = [
            [x.remote_id or "", x.kind, x.detail or "", x.state] for x in self.line_ids
        ]
        text = json.dumps(
            [self.platform_id.code, figures, sorted(lines)],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()
