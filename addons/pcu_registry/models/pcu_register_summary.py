"""How many entries there are, by month, department, and state."""

from itertools import chain

from odoo import api, fields, models
from odoo.tools import SQL

from .. import summing
from .pcu_register_entry import CONFIDENTIALITY, DIRECTIONS, STATES


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
    confidentiality = fields.Selection(CONFIDENTIALITY, readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True, aggregator="sum")
    page_count = fields.Integer(string="Sheets", readonly=True, aggregator="sum")
    annex_count = fields.Integer(string="Annexes", readonly=True, aggregator="sum")

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

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Format each value once, as a pivot names it in thousands of cells."""
        if not groupby:
            return super()._web_read_group_format(groupby, aggregates, groups)
        columns = [
            self._format_each_once(spec, values)
            for spec, values in zip(groupby, zip(*groups, strict=True), strict=False)
        ]
        result = []
        for row, cell in zip(groups, zip(*columns, strict=True), strict=False):
            shown, domains = zip(*cell, strict=True)
            group = dict(zip(groupby, shown, strict=True))
            group["__extra_domain"] = ["&"] * (len(domains) - 1) + list(chain(*domains))
            group.update(zip(aggregates, row[len(groupby) :], strict=True))
            result.append(group)
        return result

    def _format_each_once(self, spec, values):
        """Return for each value what is shown and the domain that it stands for."""
        formatter = self._web_read_group_groupby_formatter(spec, values)
        shown = {value: formatter(value) for value in set(values)}
        return [shown[value] for value in values]

    @api.model
    def _cron_fold(self):
        summing.fold(self.env.cr)
