"""One page to be arranged."""

from odoo import fields, models


class PcuIntakeArrangePage(models.TransientModel):
    """A page of an original: its place in the new PDF, its turn, kept or not."""

    _name = "pcu.intake.arrange.page"
    _description = "Page to arrange"
    _order = "sequence, id"

    arrange_id = fields.Many2one(
        comodel_name="pcu.intake.arrange", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    document_id = fields.Many2one(
        comodel_name="pcu.document", required=True, readonly=True, ondelete="cascade"
    )
    page = fields.Integer(readonly=True)
    picture = fields.Binary(readonly=True, attachment=False)
    turn = fields.Selection(
        [("0", "As it is"), ("90", "Right"), ("180", "Upside down"), ("270", "Left")],
        default="0",
        required=True,
    )
    keep = fields.Boolean(default=True)
