"""What the rows of the exchange share: short transactions, waiting after a fault."""

import logging
import random
import time
from datetime import timedelta

import psycopg2
from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.tools import SQL
from psycopg2 import errors

from .. import problems, retry_ladder

_logger = logging.getLogger(__name__)

#: What PostgreSQL says when somebody else was quicker: start again on a new snapshot.
CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.UniqueViolation,
)
MAX_TRIES = 6
#: How a transaction ends that the database could not finish: it is away, or it gave way
#: to others too often.
DATABASE_FAULTS = (psycopg2.OperationalError, psycopg2.InterfaceError)


class PcuExchangeMixin(models.AbstractModel):
    """Short transactions of our own, whoever calls.

    A cron, a queue job and a button all come here with a transaction of their own. None
    of our work happens in it: every step reads and writes in its own short transaction,
    and no transaction is open while the network is used. So a queue job never has to
    commit, and a step that is done stays done whatever happens to the caller.
    """

    _name = "pcu.exchange.mixin"
    _description = "Exchange: short transactions"

    def _run_sql(self, query):
        """Run a statement that may meet a conflict: no error in the log for it.

        :return: the first row, if the statement gives rows
        """
        self.flush_recordset()
        self.env.cr.execute(query, log_exceptions=False)
        row = self.env.cr.fetchone() if self.env.cr.description else None
        self.invalidate_recordset()
        return row

    def _lock_row(self):
        """Wait for this row before it is written: a conflict starts the step again."""
        self.ensure_one()
        self._run_sql(
            SQL(
                "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
            )
        )

    def _take_turn(self):
        """Have everybody whose work hangs on this row see what this transaction does.

        Behind a mere lock the next one goes on with what it had read before it waited;
        a row that was written makes it start again on a new snapshot.
        """
        self.ensure_one()
        self._run_sql(
            SQL(
                "UPDATE %s SET id = id WHERE id = %s",
                SQL.identifier(self._table),
                self.id,
            )
        )

    def _transact(self, step, *args):
        """Run a method of these records in a committed transaction of its own.

        The method may be run again when another transaction was quicker, so it must do
        nothing but read and write the database.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    return getattr(in_romanian(self.with_env(env)), step)(*args)
            except CONFLICTS:
                if attempt == MAX_TRIES:
                    raise
                pause = random.uniform(0.01, 0.05 * 2**attempt)  # noqa: S311
                _logger.debug("%s: conflict, try %s", step, attempt)
                time.sleep(pause)
        return None


class PcuExchangeRetryMixin(models.AbstractModel):
    """A row that may fail, wait, and be tried again."""

    _name = "pcu.exchange.retry.mixin"
    _inherit = ["pcu.exchange.mixin"]
    _description = "Exchange: tries and problems"

    attempts = fields.Integer(readonly=True, aggregator=None)
    first_failure_at = fields.Datetime(readonly=True)
    next_try_at = fields.Datetime(readonly=True)
    problem_code = fields.Char(readonly=True)
    problem_detail = fields.Char(readonly=True)
    problem = fields.Char(
        compute="_compute_problem",
        help="What happened and what to do, in plain words.",
    )

    @api.depends("problem_code", "problem_detail")
    @api.depends_context("lang")
    def _compute_problem(self):
        """Put the stored code into words."""
        for row in self:
            row.problem = problems.describe(
                self.env, row.problem_code, row.problem_detail
            )

    def _note_fault(self, fault):
        """Write down a fault and when to try again; return the verdict.

        :param fault: a ``Fault``
        """
        self.ensure_one()
        now = fields.Datetime.now()
        first = self.first_failure_at or now
        attempts = self.attempts + 1
        verdict = retry_ladder.judge(
            fault.kind, attempts, (now - first).total_seconds(), fault.retry_after
        )
        vals = {"problem_code": fault.code, "problem_detail": fault.detail[:1000]}
        if verdict.counts:
            vals |= {"attempts": attempts, "first_failure_at": first}
        if verdict.state == "wait":
            vals["next_try_at"] = now + timedelta(seconds=verdict.seconds)
            self.env["pcu.platform"]._wake_cron(vals["next_try_at"])
        self.write(vals)
        return verdict

    def _get_stuck(self, state):
        """Wait for a person."""
        self.state = state

    def _clear_fault_values(self):
        """Forget earlier faults after a success or a person's word."""
        return {
            "attempts": 0,
            "first_failure_at": False,
            "problem_code": False,
            "problem_detail": False,
            "next_try_at": fields.Datetime.now(),
        }
