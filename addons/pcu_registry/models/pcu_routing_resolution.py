"""What a department returns goes back to who gave the resolution on it."""

from odoo import fields, models

from .pcu_register_entry import REGISTERED
from .pcu_resolution import GIVEN
from .pcu_routing import LEAD


class PcuRouting(models.Model):
    _inherit = "pcu.routing"  # pylint: disable=consider-merging-classes-inherited

    resolution_for_id = fields.Many2one(
        comodel_name="res.users",
        string="On behalf of the absent",
        readonly=True,
        help="Whose resolution it is, when the substitute gave it.",
    )

    def _give_back(self, reason):
        """Lay it before the same office again, if nobody else has it now."""
        result = super()._give_back(reason)
        entry = self.entry_id
        by_button = entry.resolution_ids.filtered(
            lambda each: each.state == GIVEN and each.user_id == self.from_user_id
        )
        if self.kind == LEAD and by_button and entry.state == REGISTERED:
            entry._lay_before(
                self.resolution_for_id or self.resolution_by_id,
                self.env._(
                    "Returned by %(department)s: %(reason)s",
                    department=self.department_id.name,
                    reason=reason,
                ),
            )
        return result
