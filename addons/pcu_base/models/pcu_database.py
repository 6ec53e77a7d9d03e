"""Which database is the real one? A copy must not speak for the town hall.

``pg_dump`` and ``createdb --template`` take everything along: credentials, queues, the
database's own identifier. What they can't take along is the place: the cluster and
the object id of the database in it. Where both are others than those noted here, the
database is a copy until an administrator says that it is the real one.
"""

import logging

from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: The system parameter with the place that was confirmed.
PLACE = "pcu_base.database_place"


class PcuDatabase(models.AbstractModel):
    """The place of this database, and whether it is the one that was confirmed."""

    _name = "pcu.database"
    _description = "Place of the database"

    def _register_hook(self):
        """Note the place once: where the suite is installed is the real one."""
        super()._register_hook()
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(PLACE):
            parameters.set_param(PLACE, self._get_place())

    @api.model
    @tools.ormcache()
    def _get_place(self):
        """Return what no copy has: the cluster's identifier and the database's id."""
        cluster, database = self.env.execute_query(
            SQL(
                "SELECT c.system_identifier, d.oid"
                " FROM pg_control_system() c, pg_database d"
                " WHERE d.datname = current_database()"
            )
        )[0]
        return f"{cluster}/{database}"

    @api.model
    def _is_copy(self):
        """Tell whether this database lies elsewhere than the confirmed one."""
        # sudo: everybody's work depends on it; system parameters are the system's
        noted = self.env["ir.config_parameter"].sudo().get_param(PLACE)
        return bool(noted) and noted != self._get_place()

    @api.model
    def _holds_back(self, what):
        """Tell whether something must stay in the house, and note it in the log."""
        copy = self._is_copy()
        if copy:
            _logger.warning("This database is a copy: %s is held back", what)
        return copy

    @api.model
    def _refuse_copy(self):
        """Refuse what would leave the house from a copy.

        :raise UserError: this database is a copy
        """
        if self._is_copy():
            raise UserError(
                self.env._(
                    "This database is a copy of the real one, so nothing leaves it: no "
                    "e-mail, no call to a platform. If it is the real one from now on, "
                    "the system administrator confirms it on the institution's form "
                    "(Settings, Users & Companies, Companies)."
                )
            )

    @api.model
    def _confirm(self):
        """Make this database the real one; what waited goes out from now on.

        :raise AccessError: for anybody but the system administrator
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only the system administrator can confirm a database.")
            )
        self.env["ir.config_parameter"].set_param(PLACE, self._get_place())
        self.env["pcu.journal"]._log(
            self.env.company, "database_confirmed", place=self._get_place()
        )
