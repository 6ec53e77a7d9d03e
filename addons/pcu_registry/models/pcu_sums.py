"""A table of sums that the database keeps, as people read it."""

from itertools import chain

from odoo import api, models
from odoo.tools import SQL


class PcuSums(models.AbstractModel):
    """What pivots over sums have in common.

    Triggers write the rows (see ``summing.Sums``), people only read them. Several rows
    may stand for the same cell until they are added up; so rows are never counted, only
    what they say.
    """

    _name = "pcu.sums"
    _description = "Sums kept by the database"

    _sums = None
    """The :class:`~..summing.Sums` that fill the table."""
    _number = None
    """The measure that a number of rows means."""

    def init(self):
        if not self._abstract:
            self._sums.install(self.env.cr)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Let the number of rows mean the number of what was summed."""
        if aggregate_spec == "__count":
            column = SQL.identifier(self._table, self._number)
            return SQL("coalesce(sum(%s), 0)::int", column)
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
        self._sums.fold(self.env.cr)
