"""The attachment of a document is as untouchable as the document."""

from odoo import api, models
from odoo.exceptions import UserError

# What makes the bytes, their name and who may see them.
SEALED_FIELDS = frozenset({
    "name", "raw", "datas", "db_datas", "store_fname", "checksum", "file_size",
    "mimetype", "type", "url", "res_model", "res_id", "res_field", "public",
    "company_id",
})  # fmt: skip


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if vals.keys() & SEALED_FIELDS:
            self._pcu_refuse_documents()
        return super().write(vals)

    def _compute_has_thumbnail(self):
        """Keep the client from making a thumbnail of a document's PDF.

        It would be written to an attachment that nobody may write, and every form
        with a PDF would open with an error.
        """
        result = super()._compute_has_thumbnail()
        self.filtered(lambda a: a.res_model == "pcu.document").has_thumbnail = True
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_pcu_document(self):
        self._pcu_refuse_documents()

    def _pcu_refuse_documents(self):
        """Refuse when one of the files is the original of a document."""
        # sudo: the guard looks at every file, whoever asks.
        if any(a.res_model == "pcu.document" and a.res_id for a in self.sudo()):
            raise UserError(
                self.env._(
                    "The file belongs to a registered document and can be neither "
                    "changed nor deleted. Add the corrected file as a new document."
                )
            )
