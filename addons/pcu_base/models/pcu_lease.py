"""The lease: one worker at a row, and nobody who lost it writes any more."""

from odoo import api, fields, models
from odoo.tools import SQL

from .. import worker_identity


class LeaseLost(Exception):  # noqa: N818 -- says what happened, not an error
    """Another worker holds the row now; what we know of it no longer counts."""


class PcuLease(models.AbstractModel):
    """A row that one worker at a time works on, with a fencing token.

    Whoever takes a row writes its own name (``worker_identity``) and a moment until
    which it may be silent, and raises the token. Nothing is given to the next one
    before that moment, unless the worker is known to be dead.
    """

    _name = "pcu.lease"
    _description = "Leases of rows"

    lease_token = fields.Integer(readonly=True, copy=False, aggregator=None)
    lease_owner = fields.Char(readonly=True, copy=False)
    lease_until = fields.Datetime(readonly=True, copy=False)

    # Of all the rows there ever were a handful is held.
    _lease_idx = models.Index("(lease_owner) WHERE lease_until IS NOT NULL")

    def _is_held(self):
        """Tell whether a worker is at it right now."""
        self.ensure_one()
        return bool(self.lease_until and self.lease_until > fields.Datetime.now())

    def _fence(self, token):
        """Lock the row if the lease is still ours; first statement of every step.

        :raise LeaseLost: when another worker took over
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = %s AND lease_token = %s"
                " FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
                token,
            ),
            log_exceptions=False,
        )
        held = self.env.cr.fetchone()
        self.invalidate_recordset()
        if not held:
            raise LeaseLost

    @api.model
    def _free_dead_leases(self):
        """Let lapse what a killed process of this host was holding.

        Not erased: a lapsed lease tells that work was begun and not ended.
        """
        table = SQL.identifier(self._table)
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT lease_owner FROM %s WHERE lease_until IS NOT NULL",
                table,
            )
        )
        dead = [name for (name,) in rows if worker_identity.is_dead(name)]
        if dead:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET lease_owner = NULL,"
                    " lease_until = least(lease_until, %s)"
                    " WHERE lease_until IS NOT NULL AND lease_owner = ANY(%s)",
                    table,
                    fields.Datetime.now(),
                    dead,
                ),
                log_exceptions=False,
            )
            self.invalidate_model(["lease_owner", "lease_until"])
