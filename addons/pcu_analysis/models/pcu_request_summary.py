"""How many requests came, went, lie open: by month, department, person, procedure."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_registry.summing import Sums
from odoo.addons.pcu_requests import request_states as rs
from odoo.fields import Domain
from odoo.tools import SQL

from .pcu_request import OUT_ON_SQL, open_states

KEYS = (
    "company_id", "department_id", "user_id", "procedure_id", "channel", "month",
    "due_date", "received_on", "waiting",
)  # fmt: skip
MEASURES = ("in_count", "open_count", "out_count", "late_out_count", "days_sum")

#: A request makes a cell of coming, in the month it was registered, and one of lying
#: open, in the same month, or of having gone, in the month it went.
SUMS = Sums(
    table="pcu_request_summary",
    source="pcu_request",
    keys=KEYS,
    measures=MEASURES,
    cells="""
        SELECT company_id, department_id, user_id, procedure_id, channel,
               date_trunc('month', registration_date)::date AS month,
               NULL::date AS due_date, NULL::date AS received_on, false AS waiting,
               1 AS in_count, 0 AS open_count, 0 AS out_count, 0 AS late_out_count,
               0 AS days_sum
          FROM ROWS WHERE registration_date IS NOT NULL
        UNION ALL
        SELECT company_id, department_id, user_id, procedure_id, channel,
               date_trunc('month', registration_date)::date,
               CASE WHEN term_stopped IS NOT TRUE THEN due_date END, registration_date,
               state = 'clarification', 0, 1, 0, 0, 0
          FROM ROWS WHERE registration_date IS NOT NULL AND state IN (OPEN)
        UNION ALL
        SELECT company_id, department_id, user_id, procedure_id, channel,
               date_trunc('month', out_on)::date, NULL, NULL, false, 0, 0, 1,
               coalesce(out_on > due_date, false)::int, out_on - registration_date
          FROM (SELECT *, OUT_ON AS out_on FROM ROWS) gone
         WHERE registration_date IS NOT NULL AND state NOT IN (OPEN)""".replace(
        "OUT_ON", OUT_ON_SQL
    ).replace("OPEN", open_states()),
)


class PcuRequestSummary(models.Model):
    """Sums over requests that agree in everything counted here.

    It names no applicant and no number: whoever may see the sums of a department learns
    nothing of its confidential requests but how many there are, and the lists behind
    the figures obey the rights on requests.
    """

    _name = "pcu.request.summary"
    _inherit = ["pcu.sums"]
    _description = "Statistics of requests"
    _order = "month desc, id desc"
    _log_access = False
    _sums = SUMS
    _number = "in_count"

    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", readonly=True
    )
    department_id = fields.Many2one(comodel_name="pcu.department", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Inspector", readonly=True
    )
    procedure_id = fields.Many2one(comodel_name="pcu.procedure", readonly=True)
    channel = fields.Selection(selection="_selection_channel", readonly=True)
    month = fields.Date(readonly=True, help="In which it came, or went.")
    due_date = fields.Date(string="Legal term", readonly=True)
    received_on = fields.Date(string="Registered on", readonly=True)
    waiting = fields.Boolean(string="Waiting for the applicant", readonly=True)
    in_count = fields.Integer(string="Received", readonly=True, aggregator="sum")
    out_count = fields.Integer(string="Solved", readonly=True, aggregator="sum")
    late_out_count = fields.Integer(
        string="Solved late", readonly=True, aggregator="sum"
    )
    open_count = fields.Integer(string="Open", readonly=True, aggregator="sum")
    # Two measures that only exist when they are asked for: see _read_group_select. The
    # columns are there because a pivot sums columns, and stay empty.
    late_count = fields.Integer(string="Overdue", readonly=True, aggregator="sum")
    average_days = fields.Float(
        string="Average days", readonly=True, aggregator="sum", digits=(8, 1)
    )
    days_sum = fields.Integer(readonly=True, aggregator="sum")

    _department_idx = models.Index("(department_id, month)")
    _month_idx = models.Index("(company_id, month)")
    _open_idx = models.Index("(department_id) WHERE open_count <> 0")

    @api.model
    def _selection_channel(self):
        return self.env["pcu.request"]._selection_channel()

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Sum requests, not rows; what is late depends on the day it is asked."""
        column = {
            name: SQL.identifier(self._table, name)
            for name in ("open_count", "out_count", "due_date", "days_sum")
        }
        if aggregate_spec == "late_count:sum":
            return SQL(
                "coalesce(sum(%s) FILTER (WHERE %s < %s), 0)::int",
                column["open_count"],
                column["due_date"],
                local_day(),
            )
        if aggregate_spec == "average_days:sum":
            return SQL(
                "round(sum(%s)::numeric / nullif(sum(%s), 0), 1)::float",
                column["days_sum"],
                column["out_count"],
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def action_open_requests(self, domain, measure):
        """Open the requests behind a cell of the pivot or a bar of the graph.

        :param domain: of the cell, in the fields of this model
        :param measure: which figure was clicked
        """
        return self.env["pcu.request"]._open_figure(
            self._translate_domain(Domain(domain), measure)
        )

    @api.model
    def _translate_domain(self, domain, measure):
        """Say a domain of the sums in the words of the requests."""
        when = {
            "out_count": "out_on",
            "late_out_count": "out_on",
            "average_days": "out_on",
        }
        names = {
            "month": when.get(measure, "registration_date"),
            "received_on": "registration_date",
        }

        def translated(condition):
            name, _dot, part = condition.field_expr.partition(".")
            if name == "waiting":
                value = condition.value
                wanted = value if isinstance(value, bool) else True in value
                operator = "=" if wanted else "!="
                return Domain("state", operator, rs.CLARIFICATION)
            name = names.get(name, name)
            path = f"{name}.{part}" if part else name
            return Domain(path, condition.operator, condition.value)

        found = domain.map_conditions(translated)
        found &= Domain("registration_date", "!=", False)
        is_open = Domain("state", "in", list(rs.OPEN_STATES))
        if measure in when:
            found &= ~is_open
        if measure == "late_out_count":
            found &= Domain("out_late", "=", True)
        if measure == "open_count":
            found &= is_open
        if measure == "late_count":
            found &= Domain("is_overdue", "=", True)
        return found

    @api.model
    def _cron_fold(self):
        """Fold both tables of sums."""
        self.env["pcu.request.duration"]._cron_fold()
        return super()._cron_fold()
