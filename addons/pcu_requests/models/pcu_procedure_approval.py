"""A procedure says who approves its answers."""

from odoo import fields, models


class PcuProcedure(models.Model):
    """The approval circuit."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.procedure"  # by topic: no file over 500 lines

    approval_step_ids = fields.One2many(
        comodel_name="pcu.approval.step",
        inverse_name="procedure_id",
        string="Approval circuit",
        copy=True,
        help="Without steps, the department decides by itself.",
    )
