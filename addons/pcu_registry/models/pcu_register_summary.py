"""How many entries there are, by month, department, and state."""

from odoo import api, fields, models
from odoo.tools import SQL

from .. import summing
from .pcu_register_entry import DIRECTIONS, STATES


class PcuRegisterSummary(models.Model):
    """A number of registered entries that agree in everything counted here.

    Triggers on the entries write it (see ``summing``), people only read it. Several
    rows may stand for the same cell until they are added up; so rows are never counted,
    only what they say.
    """

    _name = "pcu.register.summary"
    _description = "Register statistics"
    _order = "month desc, id desc"
    _log_access = False

    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", readonly=True
    )
    register_id = fields.Many2one(comodel_name="pcu.register", readonly=True)
    department_id = fields.Many2one(comodel_name="pcu.department", readonly=True)
    month = fields.Date(string="Month of registration", readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True, aggregator="sum")

    _month_idx = models.Index("(month)")

    def init(self):
        summing.install(self.env.cr)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Let the number of rows mean the number of entries."""
        if aggregate_spec == "__count":
            return SQL(
                "coalesce(sum(%s), 0)::int", SQL.identifier(self._table, "entry_count")
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _cron_fold(self):
        summing.fold(self.env.cr)
