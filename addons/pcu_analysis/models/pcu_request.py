"""What a request says to the statistics: when it went, and whether in time."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_requests import request_states as rs
from odoo.fields import Domain
from odoo.tools import SQL

#: The day on which somebody answered or filed it away, in Romania; without any time
#: (old data) the day it came.
OUT_ON_SQL = """coalesce((coalesce(decided_at, ended_at) AT TIME ZONE 'UTC'
    AT TIME ZONE 'Europe/Bucharest')::date, registration_date)"""


def open_states() -> str:
    """Return the open states as a list of SQL; they are constants of ours."""
    return ", ".join(f"'{state}'" for state in rs.OPEN_STATES)


class PcuRequest(models.Model):
    """Figures."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # of the floor below

    out_on = fields.Date(
        string="Solved on", compute="_compute_out", search="_search_out_on"
    )
    out_late = fields.Boolean(
        string="Solved late", compute="_compute_out", search="_search_out_late"
    )

    _pace_idx = models.Index("(user_id, decided_at) WHERE decided_at IS NOT NULL")

    @api.depends("state", "decided_at", "ended_at", "due_date", "registration_date")
    def _compute_out(self):
        """Tell the day on which it went, and whether that was after the term."""
        for request in self:
            moment = request.decided_at or request.ended_at
            day = local_day(moment) if moment else request.registration_date
            out = request.state not in rs.OPEN_STATES
            request.out_on = out and day
            request.out_late = bool(
                out and day and request.due_date and day > request.due_date
            )

    def _search_out_on(self, operator, value):
        """Search by the day on which requests went."""
        compare = {
            ">=": SQL(">="), ">": SQL(">"), "<=": SQL("<="), "<": SQL("<"),
        }.get(operator)  # fmt: skip
        if compare is None:
            return NotImplemented
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s %s %s", self._get_out_on(alias), compare, value
            )
        ) & ~Domain("state", "in", list(rs.OPEN_STATES))

    def _search_out_late(self, operator, value):
        """Search what went after its term."""
        if operator != "in":
            return NotImplemented
        late = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s > %s", self._get_out_on(alias), SQL.identifier(alias, "due_date")
            )
        ) & ~Domain("state", "in", list(rs.OPEN_STATES))
        return late if True in value else ~late

    @api.model
    def _get_out_on(self, alias):
        """Return the day on which a row went, as SQL; see ``OUT_ON_SQL``."""
        return SQL(
            "coalesce((coalesce(%s, %s) AT TIME ZONE 'UTC'"
            " AT TIME ZONE 'Europe/Bucharest')::date, %s)",
            *(
                SQL.identifier(alias, name)
                for name in ("decided_at", "ended_at", "registration_date")
            ),
        )

    @api.model
    def _open_figure(self, domain, name=None):
        """Return the action that shows the requests behind a figure."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_request_action"
        )
        action |= {"domain": list(domain), "context": {}, "path": False}
        return action | ({"name": name} if name else {})
