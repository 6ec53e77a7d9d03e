"""How many days requests took: the whole distribution, for median and 90 % mark."""

from odoo import fields, models
from odoo.addons.pcu_registry.summing import Sums

from .pcu_request import OUT_ON_SQL, open_states

SUMS = Sums(
    table="pcu_request_duration",
    source="pcu_request",
    keys=(
        "company_id", "department_id", "user_id", "procedure_id", "channel", "month",
        "days",
    ),
    measures=("request_count",),
    cells="""
        SELECT company_id, department_id, user_id, procedure_id, channel,
               date_trunc('month', out_on)::date AS month,
               out_on - registration_date AS days, 1 AS request_count
          FROM (SELECT *, OUT_ON AS out_on FROM ROWS) gone
         WHERE registration_date IS NOT NULL AND state NOT IN (OPEN)""".replace(
        "OUT_ON", OUT_ON_SQL
    ).replace("OPEN", open_states()),
)  # fmt: skip


class PcuRequestDuration(models.Model):
    """How many requests that went in a month had taken so many days.

    A table of its own, because a pivot over everything but the days stays small only
    without them.
    """

    _name = "pcu.request.duration"
    _inherit = ["pcu.sums"]
    _description = "Handling times of requests"
    _log_access = False
    _sums = SUMS
    _number = "request_count"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    department_id = fields.Many2one(comodel_name="pcu.department", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    procedure_id = fields.Many2one(comodel_name="pcu.procedure", readonly=True)
    channel = fields.Char(readonly=True)
    month = fields.Date(readonly=True)
    days = fields.Integer(readonly=True, aggregator=None)
    request_count = fields.Integer(readonly=True, aggregator="sum")

    _department_idx = models.Index("(department_id, month)")
    _month_idx = models.Index("(company_id, month)")
