"""The lease: one worker at a row, and nobody who lost it writes any more."""

import time

from odoo import api, fields, models
from odoo.tools import SQL

from .. import worker_identity
from .pcu_exchange_mixin import DATABASE_FAULTS, LeaseLost

#: Seconds that a worker may be silent before another one takes over.
LEASE = 180
#: Seconds between two questions whether the database is back.
DATABASE_PAUSE = 1.0


class PcuExchangeLease(models.AbstractModel):
    """A row that one worker at a time works on, with a fencing token."""

    _name = "pcu.exchange.lease"
    _inherit = ["pcu.exchange.mixin"]
    _description = "Exchange: leases"

    lease_token = fields.Integer(readonly=True, copy=False, aggregator=None)
    lease_owner = fields.Char(readonly=True, copy=False)
    lease_until = fields.Datetime(readonly=True, copy=False)

    def _is_held(self):
        """Tell whether a worker is at it right now."""
        self.ensure_one()
        return bool(self.lease_until and self.lease_until > fields.Datetime.now())

    def _fence(self, token):
        """Lock the row if the lease is still ours; first statement of every step.

        :raise LeaseLost: when another worker took over
        """
        row = self._run_sql(
            SQL(
                "SELECT id FROM %s WHERE id = %s AND lease_token = %s"
                " FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
                token,
            )
        )
        if not row:
            raise LeaseLost

    def _extend_lease(self, token):
        """Lock the row if the lease is still ours, and say that the work is alive.

        :raise LeaseLost: when another worker took over
        """
        row = self._run_sql(
            SQL(
                """
                UPDATE %s
                   SET lease_until = (clock_timestamp() AT TIME ZONE 'UTC')
                                     + %s * interval '1 second'
                 WHERE id = %s AND lease_token = %s
             RETURNING id
                """,
                SQL.identifier(self._table),
                LEASE,
                self.id,
                token,
            )
        )
        if not row:
            raise LeaseLost

    def _give_back(self, method, *args):
        """Run the transaction that gives the lease back, once the database lets us.

        Whoever lived through a restart of the database still holds what it held, and
        nobody else could tell. It is still the one who may: the transaction asks for
        the token. After the time of a lease there is nothing to give back.
        """
        stop = time.monotonic() + LEASE
        while True:
            try:
                return self._transact(method, *args)
            except DATABASE_FAULTS:
                if time.monotonic() >= stop:
                    raise
                time.sleep(DATABASE_PAUSE)

    @api.model
    def _free_dead_leases(self):
        """Let lapse what a killed process of this host was holding.

        Not erased: a lapsed lease tells that work was begun and not ended.
        """
        table = SQL.identifier(self._table)
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT lease_owner FROM %s"
                " WHERE lease_until > (clock_timestamp() AT TIME ZONE 'UTC')",
                table,
            )
        )
        dead = [name for (name,) in rows if worker_identity.is_dead(name)]
        if dead:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET lease_owner = NULL,"
                    " lease_until = clock_timestamp() AT TIME ZONE 'UTC'"
                    " WHERE lease_owner = ANY(%s)",
                    table,
                    dead,
                )
            )
