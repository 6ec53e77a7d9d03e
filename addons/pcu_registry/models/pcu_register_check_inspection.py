"""Which check of all registers a continuity check belongs to."""

from odoo import fields, models


class PcuRegisterCheck(models.Model):
    _inherit = "pcu.register.check"  # pylint: disable=consider-merging-classes-inherited

    inspection_id = fields.Many2one(
        comodel_name="pcu.register.inspection",
        string="Check of all registers",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
