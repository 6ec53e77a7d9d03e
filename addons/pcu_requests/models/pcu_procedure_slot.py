"""One document that a procedure asks for."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

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
    _inherit = ["pcu.procedure.template"]
    _description = "Document asked for"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, index=True, ondelete="cascade"
    )
    active = fields.Boolean(default=True)
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

    _code_uniq = models.UniqueIndex(
        "(procedure_id, code) WHERE active IS TRUE",
        "Two documents of this procedure have the same code.",
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

    def write(self, vals):
        """Platforms and checklists know a published document by its code."""
        if "code" in vals:
            for slot in self._filter_published():
                if slot.code != vals["code"]:
                    raise UserError(
                        self.env._(
                            "“%(document)s” was published under the code %(code)s, by "
                            "which platforms name it. Add a new document instead and "
                            "remove this one.",
                            document=slot.name,
                            code=slot.code,
                        )
                    )
        return super().write(vals)

    def unlink(self):
        """Put aside what a version asks for; its requests still have it on the list."""
        published = self._filter_published()
        published.active = False
        return super(PcuProcedureSlot, self - published).unlink()

    def _filter_published(self):
        """Return the documents that some published version asks for."""
        return self.filtered(
            lambda slot: any(
                slot.code == line["code"]
                for version in slot.procedure_id.version_ids
                for line in version.content["documents"]
            )
        )
