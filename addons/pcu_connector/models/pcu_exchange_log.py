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
    def _open(self, platform):
        """Begin a line; a line that a killed process left open is closed."""
        self.search(
            [("platform_id", "=", platform.id), ("state", "=", "running")]
        ).state = "broken"
        return self.create({"platform_id": platform.id})

    def _add(self, feed, rows, counts, broken):
        """Count a page."""
        new, changed = counts
        self.pages += 1
        self.row_count += rows
        self.broken_count += broken
        if feed == "submissions":
            self.new_count += new
            self.changed_count += changed
        else:
            self.event_count += new

    def _close(self, elapsed, error=None):
        """End the line; a look that saw nothing leaves none."""
        quiet = not (self.new_count or self.event_count or self.broken_count)
        if not error and quiet:
            self.unlink()
            return
        vals = {"duration": elapsed, "state": "failed" if error else "done"}
        if error:
            vals |= {
                "problem_code": error.kind,
                "problem_detail": (error.detail or "")[:500],
            }
        self.write(vals)

    @api.autovacuum
    def _gc_old(self):
        """Forget looks of more than a year ago."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("started_at", "<", before)], limit=GC_BATCH)
        old.unlink()
        return len(old), len(old) == GC_BATCH
