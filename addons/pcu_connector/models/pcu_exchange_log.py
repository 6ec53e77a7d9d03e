"""The log of looks at a platform, one line per look that found or failed something."""

from datetime import timedelta

from odoo import api, fields, models

from .. import problems

#: Days that the log is kept.
KEEP_DAYS = 400
#: Lines removed in one go.
GC_BATCH = 5000


class PcuExchangeLog(models.Model):
    """One look at a platform: who asked, how long it took, what came.

    Quiet looks (nothing new, no fault) leave no line, or the log would be noise.
    """

    _name = "pcu.exchange.log"
    _description = "Look at a platform"
    _order = "started_at desc, id desc"
    _rec_name = "started_at"

    platform_id = fields.Many2one(
        comodel_name="pcu.platform", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="platform_id.company_id", store=True, index=True, string="Institution"
    )
    started_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    duration = fields.Float(
        string="Seconds", readonly=True, digits=(10, 1), aggregator="avg"
    )
    state = fields.Selection(
        selection=[
            ("running", "Under way"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("broken", "Broken off"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    pages = fields.Integer(readonly=True)
    row_count = fields.Integer(string="Rows read", readonly=True)
    new_count = fields.Integer(string="New submissions", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    event_count = fields.Integer(string="Citizens' acts", readonly=True)
    broken_count = fields.Integer(string="Unreadable rows", readonly=True)
    problem_code = fields.Char(readonly=True)
    problem_detail = fields.Char(readonly=True)
    problem = fields.Char(compute="_compute_problem")

    @api.depends("problem_code", "problem_detail")
    @api.depends_context("lang")
    def _compute_problem(self):
        """Put the fault into words."""
        for log in self:
            log.problem = problems.describe(
                self.env, log.problem_code, log.problem_detail
            )

    @api.model
    def _add(self, platform, look, feed, page, counts):
        """Count a page; a look gets its line with the first news it brings."""
        new, changed = counts
        log = self.browse(look.log_id or [])
        if not (log or new or page.broken):
            return log
        log = log or self._open(platform, look)
        log.pages += 1
        log.row_count += len(page.items)
        log.broken_count += page.broken
        if page.broken:
            log.problem_code = "broken_rows"
        if feed == "submissions":
            log.new_count += new
            log.changed_count += changed
        else:
            log.event_count += new
        return log

    @api.model
    def _open(self, platform, look):
        """Begin a line; a line that a killed process left open is closed."""
        self.search(
            [("platform_id", "=", platform.id), ("state", "=", "running")]
        ).state = "broken"
        return self.create({"platform_id": platform.id, "started_at": look.started_at})

    @api.model
    def _close(self, platform, look, error=None):
        """End the line; a look that saw nothing and failed nowhere has none."""
        log = self.browse(look.log_id or [])
        if error and not log:
            log = self._open(platform, look)
        vals = {"duration": look.elapsed, "state": "failed" if error else "done"}
        if error:
            vals |= {
                "problem_code": error.kind,
                "problem_detail": (error.detail or "")[:500],
            }
        log.write(vals)

    @api.autovacuum
    def _gc_old(self):
        """Forget looks of more than a year ago."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("started_at", "<", before)], limit=GC_BATCH)
        old.unlink()
        return len(old), len(old) == GC_BATCH
