"""One document that a procedure asks for."""

from odoo import fields, models

SIGNATURE_LEVELS = [
    ("none", "Not signed"),
    ("advanced", "Advanced signature"),
    ("qualified", "Qualified signature"),
]

DOCUMENT_TYPES = [
    ("attachment", "Attachment"),
    ("signed_attachment", "Electronically signed attachment"),
    ("scan", "Scanned document"),
    ("form", "Form"),
    ("signed_form", "Electronically signed form"),
    ("payment_proof", "Proof of payment"),
    ("photo", "Photograph"),
    ("information", "Information document"),
]


class PcuProcedureSlot(models.Model):
    """A line of the list of documents that a citizen must bring."""

    _name = "pcu.procedure.slot"
    _description = "Document asked for"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True, help="The code under which platforms name this document."
    )
    name = fields.Char(required=True)
    description = fields.Text()
    mandatory = fields.Boolean(default=True)
    signature_level = fields.Selection(
        selection=SIGNATURE_LEVELS, required=True, default="none"
    )
    document_type = fields.Selection(
        selection=DOCUMENT_TYPES, required=True, default="attachment"
    )

    _code_uniq = models.UniqueIndex(
        "(procedure_id, code)", "Two documents of this procedure have the same code."
    )
