"""Reading files of many pages in the background."""

import logging

from odoo import api, fields, models, modules

from .. import pages

_logger = logging.getLogger(__name__)

WAITING, READING, FAILED = "waiting", "reading", "failed"


class PcuIntakeWork(models.AbstractModel):
    """A file read slice by slice; a killed process loses no more than one slice.

    Who takes this up has a ``state`` with the three above and says in ``_read_on`` what
    is done with the pages.
    """

    _name = "pcu.intake.work"
    _description = "Intake: work on a file of pages"

    SLICE = 100
    """Pages between two commits."""

    # A code: whoever reads it gets the words in their own language.
    problem = fields.Char(string="Problem code", readonly=True)
    problem_text = fields.Text(string="Problem", compute="_compute_problem_text")
    page_count = fields.Integer(string="Pages", readonly=True, aggregator=None)
    pages_done = fields.Integer(string="Pages read", readonly=True, aggregator=None)

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for record in self:
            words = record._get_page_problems()
            # What was written down before codes were is shown as it stands.
            record.problem_text = words.get(record.problem, record.problem)

    @api.model
    def _work_in_turn(self):
        """Go on with whatever waits or was begun, while the scheduler has time."""
        todo = self.search([("state", "in", (WAITING, READING))], order="id")
        left = sum(max(r.page_count - r.pages_done, self.SLICE) for r in todo)
        self.env["ir.cron"]._commit_progress(remaining=left)
        for record in todo:
            if not record._work():
                break

    def _work(self):
        """Read on where it stopped; return whether there is time left."""
        self.ensure_one()
        try:
            if not self._read_on():
                return False
        except pages.PagesError as exc:
            self._give_up(str(exc))
        except Exception:
            _logger.exception("%s: the pages couldn't be read", self)
            self.env.cr.rollback()
            self._give_up("fault")
        return self._pause(0)

    def _read_on(self):
        """Do the work; return whether it came to its end.

        :raise pages.PagesError: when the pages can't be read
        """
        raise NotImplementedError

    def _give_up(self, code):
        """Say on the record why its pages aren't read."""
        known = code in self._get_page_problems()
        self.write({"state": FAILED, "problem": code if known else pages.DAMAGED})

    def _get_page_problems(self):
        """Return the words for what can be wrong with a file, by code."""
        return {
            pages.DAMAGED: self.env._("The file is damaged."),
            pages.PASSWORD: self.env._("The file is locked with a password."),
            pages.EMPTY: self.env._("The file has no pages."),
            pages.TOO_LONG: self.env._("Reading its pages takes too long."),
            pages.MEMORY_USED: self.env._("Its pages need too much memory."),
            "fault": self.env._(
                "The program made a mistake; the administrator finds it in the log."
            ),
        }

    def _pause(self, done):
        """Commit what is done; return whether there is time for more."""
        if modules.module.current_test:
            self.env.flush_all()
            return True
        return bool(self.env["ir.cron"]._commit_progress(done))
