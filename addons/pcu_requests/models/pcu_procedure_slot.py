"""One document that a procedure asks for."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

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

    obtained_from = fields.Char(
        help="The public institution that issued the document. The applicant is not "
        "asked for what an institution holds (Legea 267/2021): with the applicant's "
        "consent we ask there.",
    )
    template = fields.Binary(attachment=True, help="The form to be filled in.")
    template_name = fields.Char()

    _code_uniq = models.UniqueIndex(
        "(procedure_id, code)", "Two documents of this procedure have the same code."
    )

    @api.constrains("mandatory", "obtained_from")
    def _check_once_only(self):
        """Don't make the applicant bring what another institution can give us."""
        for slot in self:
            if slot.mandatory and slot.obtained_from:
                raise ValidationError(
                    self.env._(
                        "“%(document)s” can be obtained from %(institution)s, so the "
                        "applicant can't be obliged to bring it (Legea 267/2021). "
                        "Untick “Mandatory” or empty “Obtained from”.",
                        document=slot.name,
                        institution=slot.obtained_from,
                    )
                )
