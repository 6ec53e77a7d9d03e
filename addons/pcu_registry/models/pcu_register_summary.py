"""How many entries there are, by month, department, and state."""

from odoo import fields, models

from ..summing import Sums
from .pcu_register_entry import CONFIDENTIALITY, DIRECTIONS, STATES

#: A draft and a row that waits for its number aren't counted: they are few, and each
#: would add and take away a count before it has its own.
SUMS = Sums(
    table="pcu_register_summary",
    source="pcu_register_entry",
    keys=(
        "company_id", "register_id", "department_id", "month", "direction", "state",
        "confidentiality",
    ),
    measures=("entry_count", "page_count", "annex_count"),
    cells="""
        SELECT company_id, register_id, department_id,
               date_trunc('month', registration_date)::date AS month, direction, state,
               confidentiality, 1 AS entry_count,
               coalesce(page_count, 0) AS page_count,
               coalesce(annex_count, 0) AS annex_count
          FROM ROWS WHERE number IS NOT NULL""",
    filled="confidentiality IS NOT NULL",
)  # fmt: skip


class PcuRegisterSummary(models.Model):
    """A number of registered entries that agree in everything counted here."""

    _name = "pcu.register.summary"
    _inherit = ["pcu.sums"]
    _description = "Register statistics"
    _order = "month desc, id desc"
    _log_access = False
    _sums = SUMS
    _number = "entry_count"

    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", readonly=True
    )
    register_id = fields.Many2one(comodel_name="pcu.register", readonly=True)
    department_id = fields.Many2one(comodel_name="pcu.department", readonly=True)
    month = fields.Date(string="Month of registration", readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    confidentiality = fields.Selection(CONFIDENTIALITY, readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True, aggregator="sum")
    page_count = fields.Integer(string="Sheets", readonly=True, aggregator="sum")
    annex_count = fields.Integer(string="Annexes", readonly=True, aggregator="sum")

    _month_idx = models.Index("(month)")
