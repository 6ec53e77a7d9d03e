"""Who holds an entry now and for how long; and who has a copy of it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .pcu_register_entry import REGISTERED, ROUTED
from .pcu_routing import LEAD, RETURNED

OPEN_STATES = (REGISTERED, ROUTED)


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    held_since = fields.Datetime(
        default=fields.Datetime.now, readonly=True, copy=False,
        help="Since when the document has been with the present person or department.",
    )  # fmt: skip
    held_days = fields.Integer(
        string="Days here",
        compute="_compute_held_days",
        search="_search_held_days",
        aggregator=None,
        help="Whole days since the document came to the present person or department.",
    )
    copied_to_me = fields.Boolean(
        compute="_compute_copied_to_me", search="_search_copied_to_me"
    )

    _held_idx = models.Index("(held_since) WHERE state IN ('registered', 'routed')")

    # ------------------------------------------------------------------ computes

    @api.depends("held_since", "state")
    def _compute_held_days(self):
        """Count as long as the document waits for somebody."""
        now = fields.Datetime.now()
        days = [
            (now - entry.held_since).days
            if entry.held_since and entry.state in OPEN_STATES
            else 0
            for entry in self
        ]
        # All at once: a page sets them one by one in the time of a query.
        self._fields["held_days"]._insert_cache(self, days)

    def _search_held_days(self, operator, value):
        """Turn days into the moment since when, which has an index."""
        if operator not in ("<", "<=", ">", ">=") or isinstance(value, bool):
            return NotImplemented
        now = fields.Datetime.now()
        # d whole days have passed for a moment in (now - d - 1, now - d]
        bounds = {
            ">=": ("<=", value),
            ">": ("<=", value + 1),
            "<": (">", value),
            "<=": (">", value + 1),
        }
        flipped, days = bounds[operator]
        return Domain("state", "in", OPEN_STATES) & Domain(
            "held_since", flipped, now - timedelta(days=days)
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by days through the stored moment: longest is oldest."""
        if field_name != "held_days":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        turned = SQL("ASC") if direction.code == "DESC" else SQL("DESC")
        return super()._order_field_to_sql(
            alias, "held_since", turned, SQL("NULLS LAST"), query
        )

    @api.depends("routing_ids.kind", "routing_ids.user_id", "routing_ids.department_id")
    @api.depends_context("uid")
    def _compute_copied_to_me(self):
        mine = set(self._search_copied_ids(Domain("entry_id", "in", self.ids)))
        for entry in self:
            entry.copied_to_me = entry._origin.id in mine

    def _search_copied_to_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        copied = Domain("id", "in", self._search_copied_ids())
        return copied if True in value else ~copied

    @api.model
    def _search_copied_ids(self, domain=Domain.TRUE):
        """Return the ids of entries of which the user has a copy or takes part.

        The rule asks this for every list of an inspector. Ids, not a sub-query: beside
        an OR over departments the planner can use the primary key for a list of ids,
        while a sub-query would make it walk the whole register (decision 0010).
        """
        user = self.env.user
        mine = Domain("user_id", "=", user.id) | (
            Domain("user_id", "=", False)
            & Domain("department_id", "in", user.pcu_visible_department_ids.ids)
        )
        # sudo: the rule on legs asks for the entry, which asks for the legs
        legs = self.env["pcu.routing"].sudo()
        groups = legs._read_group(
            Domain("kind", "!=", LEAD)
            & Domain("state", "!=", RETURNED)
            & mine
            & domain,
            [],
            ["entry_id:array_agg"],
        )
        return [entry_id for entry_id in groups[0][0] or () if entry_id]

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """Note the moment at which an entry comes to somebody else."""
        if vals.get("registered_at"):
            vals = {**vals, "held_since": vals["registered_at"]}
        moves = vals.keys() & {"department_id", "holder_id"}
        moved = self.filtered(
            lambda entry: any(
                (entry[name].id or False) != (vals[name] or False) for name in moves
            )
        )
        result = super().write(vals)
        if moved:
            super(PcuRegisterEntry, moved._programmatic()).write(
                {"held_since": fields.Datetime.now()}
            )
        return result
