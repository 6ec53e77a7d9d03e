"""What the applicant gets at the end of a procedure."""

from odoo import fields, models

OUTPUT_TYPES = [
    ("document", "Document"),
    ("final_scan", "Scanned final document"),
    ("paper_and_signed", "Paper and electronically signed document"),
    ("notification", "Notification"),
]


class PcuProcedureOutput(models.Model):
    """A document that the institution issues under a procedure."""

    _name = "pcu.procedure.output"
    _inherit = ["pcu.procedure.template"]
    _description = "Document issued"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    output_type = fields.Selection(
        selection=OUTPUT_TYPES, required=True, default="document"
    )
    description = fields.Text()
