"""What the lease of a row of the exchange does besides: it lasts, and is given back."""

import time

from odoo import models
from odoo.addons.pcu_base.models.pcu_lease import LeaseLost
from odoo.tools import SQL

from .pcu_exchange_mixin import DATABASE_FAULTS

#: Seconds that a worker may be silent before another one takes over.
LEASE = 180
#: Seconds between two questions whether the database is back.
DATABASE_PAUSE = 1.0


class PcuExchangeLease(models.AbstractModel):
    """A row that one worker at a time works on, in short transactions."""

    _name = "pcu.exchange.lease"
    _inherit = ["pcu.exchange.mixin", "pcu.lease"]
    _description = "Exchange: leases"

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
