"""Groups and totals of entries, taken from the counts that the database keeps.

A list grouped by department, or the exact number behind „1000+”, would read the whole
register. Where the question and the record rules look at nothing but what is counted,
the counts give the same answer; everything else is read from the entries as always.
"""

from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Domain

COUNTED = {
    "company_id",
    "register_id",
    "department_id",
    "direction",
    "state",
    "confidentiality",
}
GROUPED = COUNTED | {
    f"registration_date:{span}" for span in ("month", "quarter", "year")
}
AGGREGATES = {"__count", "page_count:sum", "annex_count:sum"}
FOUND = [("__count", ">", 0)]


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    # pylint: disable-next=too-many-positional-arguments
    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        domain = Domain(domain).optimize_full(self)
        counted = self._counted_domain(domain, groupby, aggregates)
        if counted is None or having:
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order
            )
        # sudo: what may be read is in the domain
        tally_sudo = self.env["pcu.register.tally"].sudo()
        rows = tally_sudo._read_group(
            counted, groupby, aggregates, FOUND, offset, limit, order
        )
        groups = len(groupby)
        return [
            (*map(self._under_own_rights, row[:groups]), *row[groups:]) for row in rows
        ]

    @api.model
    def search_count(self, domain, limit=None):
        """Take an exact number from the counts; up to a limit an index is as fast.

        No index knows a rule that says „of this department or held by me”; there the
        counts of the department may say enough.
        """
        if not limit:
            return self._read_group(domain, aggregates=["__count"])[0][0]
        if self._counts_reach(domain, limit):
            return limit
        return super().search_count(domain, limit)

    # ------------------------------------------------------------------ business

    @api.model
    def _counted_domain(self, domain, groupby, aggregates):
        """Join the question and the record rules, if the counts can answer them.

        :return: a domain over the counts, or None
        """
        if not (GROUPED.issuperset(groupby) and AGGREGATES.issuperset(aggregates)):
            return None
        if not self.env.su:
            self.browse().check_access("read")
            rules = self.env["ir.rule"]._compute_domain(self._name, "read")
            domain &= rules.optimize_full(self.sudo())
        return domain if all(map(self._is_counted, domain)) else None

    @api.model
    def _counts_reach(self, domain, limit):
        """Tell whether so many are found by that part of the rules that is counted."""
        if self.env.su:
            return False
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        rules = rules.optimize_full(self.sudo().with_context(active_test=False))
        part = rules.map_conditions(
            lambda condition: (
                condition if all(map(self._is_counted, condition)) else Domain.FALSE
            )
        )
        if part == rules or "!" in list(rules):
            return False
        counted = Domain(domain).optimize_full(self) & part
        if counted.is_false() or not all(map(self._is_counted, counted)):
            return False
        # sudo: what may be read is in the domain
        tally_sudo = self.env["pcu.register.tally"].sudo()
        return tally_sudo._read_group(counted, aggregates=["__count"])[0][0] >= limit

    @api.model
    def _is_counted(self, item):
        """Tell whether a part of a domain says the same about counts."""
        if not isinstance(item, tuple):
            return isinstance(item, str)  # an operator; anything else is SQL of its own
        name, operator, value = item
        if name in COUNTED:
            return operator in ("in", "not in") and isinstance(value, list)
        return name == "registration_date" and self._is_whole_month(operator, value)

    @api.model
    def _is_whole_month(self, operator, value):
        """Tell whether a bound of a period falls between two months."""
        if not isinstance(value, date):
            return False
        if operator in (">", "<="):
            value += timedelta(days=1)
        return operator in (">", "<=", ">=", "<") and value.day == 1

    def _under_own_rights(self, value):
        """Take the rights off a record that stands for a group."""
        return (
            value.with_env(self.env) if isinstance(value, models.BaseModel) else value
        )
