"""How many wrong tries the public status page has seen, and from where."""

import hashlib
import hmac
import ipaddress
import time

from odoo import api, fields, models, modules
from odoo.tools import SQL

from .. import numbering

WINDOW = 600
"""Seconds in which tries are counted together."""
EVERYBODY = "everybody"


class PcuStatusThrottle(models.Model):
    """Tries on the status page within ten minutes, per network address.

    In the database, because each request may reach another worker. The address is
    kept as a keyed digest only, and for a day.
    """

    _name = "pcu.status.throttle"
    _description = "Tries on the status page"
    _log_access = False
    _order = "started_at desc, id desc"

    key = fields.Char(required=True, readonly=True)
    started_at = fields.Integer(required=True, readonly=True, aggregator=None)
    tries = fields.Integer(required=True, readonly=True, aggregator=None)

    _key_uniq = models.Constraint(
        "UNIQUE(key, started_at)", "This window is already counted."
    )
    _started_idx = models.Index("(started_at)")

    @api.model
    def _count(self, address):
        """Count a try before it is answered; return the seconds to wait, or 0.

        Counted first, so that many tries at once are not all let through. An address
        that is over its own limit is not counted further: one that goes on asking
        can't use up what everybody has together.
        """
        limits = self._get_limits()
        for name in (self._network(address), EVERYBODY):
            own = name != EVERYBODY
            if self._add(name, 1) > limits[own]:
                return WINDOW - int(time.time()) % WINDOW
        return 0

    @api.model
    def _forgive(self, address):
        """Take back a try that was right: only wrong ones use up a limit.

        Of everybody's, too: or the holder of one slip could lock all others out.
        """
        for name in (self._network(address), EVERYBODY):
            self._add(name, -1)

    @api.model
    def _get_limits(self):
        """Return the tries in ten minutes: of everybody, and of one address."""
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return [
            int(parameters_sudo.get_param(f"pcu_registry.status_{name}") or default)
            for name, default in (("everybody", 3000), ("address", 10))
        ]

    @api.model
    def _network(self, address):
        """Return who is counted together: an IPv4 address, a /64 of IPv6.

        One home has a whole /64, so counting single addresses would count nothing.
        """
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return "unknown"
        mapped = getattr(parsed, "ipv4_mapped", None) or parsed
        prefix = 32 if mapped.version == 4 else 64
        return str(ipaddress.ip_network((mapped, prefix), strict=False))

    @api.model
    def _add(self, name, tries):
        """Add to a counter at once and for good, whatever the request does later."""
        secret = self.env["pcu.register.entry"]._get_slip_secret()
        key = hmac.digest(secret.encode(), f"address {name}".encode(), hashlib.sha256)
        now = int(time.time())
        statement = SQL(
            "INSERT INTO pcu_status_throttle (key, started_at, tries)"
            " VALUES (%s, %s, %s) ON CONFLICT (key, started_at) DO UPDATE"
            " SET tries = pcu_status_throttle.tries + EXCLUDED.tries RETURNING tries",
            key.hex(),
            now - now % WINDOW,
            tries,
        )
        if modules.module.current_test:
            return self._run(self.env.cr, statement)
        with (
            self.env.registry.cursor() as cr,
            numbering.short_transactions(cr.connection),
        ):
            return self._run(cr, statement)

    @api.model
    def _run(self, cr, statement):
        cr.execute(statement)
        return cr.fetchone()[0]

    @api.autovacuum
    def _gc_throttle(self):
        """Forget what is older than a day."""
        self.search([("started_at", "<", int(time.time()) - 86400)]).unlink()
