"""What the archive's records have in common: they move by their actions only."""

from odoo import api, fields, models
from odoo.exceptions import UserError

PROGRAM = object()
"""Context mark of the archive's own code; an object can't come through RPC."""


class PcuArchiveGuarded(models.AbstractModel):
    """A record of an institution whose state comes from its buttons.

    A class says in ``_protected_fields`` what nobody writes, in ``_explain_guard`` how
    the record moves instead, and in ``_check_change`` what else stays in which state.
    The archive's own code goes through ``_as_program()``.
    """

    _name = "pcu.archive.guarded"
    _description = "Record that moves by its actions"
    _check_company_auto = True

    _protected_fields = frozenset({"state"})

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_program():
            first = self._fields["state"].selection[0][0]
            for vals in vals_list:
                given = {name for name in self._protected_fields if vals.get(name)}
                if given - {"state"} or vals.get("state", first) != first:
                    self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_program():
            if vals.keys() & self._protected_fields:
                self._refuse_by_hand()
            self._check_change(vals)
        return super().write(vals)

    def _check_change(self, vals):
        """Refuse what can't be changed by hand in the state that the record is in."""

    def _refuse_by_hand(self):
        raise UserError(self._explain_guard())

    def _explain_guard(self):
        """Say by which actions the record moves."""
        raise NotImplementedError

    def _check_state(self, state):
        """Refuse a step that is meant for another state."""
        self.ensure_one()
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(record)s” is “%(state)s”, and this step is for “%(needed)s”.",
                    record=self.display_name,
                    state=labels[self.state],
                    needed=labels[state],
                )
            )

    def _is_program(self):
        return self.env.context.get("pcu_archive") is PROGRAM

    def _as_program(self):
        """Return self with the right to move states; for the archive's own code."""
        return self.with_context(pcu_archive=PROGRAM)
