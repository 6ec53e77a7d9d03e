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

    def _pcu_check_uploads(self, record):
        """Refuse what isn't the user's own, fresh upload: taking a file deletes it.

        :param record: what the files are for; they may have been uploaded to it, to a
            dialog or to nothing that is saved yet
        :raise AccessError: when a file may not be read
        :raise UserError: when a file is somebody else's or belongs elsewhere
        """
        if self.env.su:
            return
        self.check_access("read")
        # sudo: whose and where each file is, whoever asks
        wrong = self.sudo().filtered(
            lambda file: (
                file.create_uid != self.env.user
                or file.res_field
                or (file.res_id and not file._pcu_is_with(record))
            )
        )
        if wrong:
            raise UserError(
                self.env._(
                    "Only files that you have just added yourself can be taken: "
                    "“%(file)s” belongs elsewhere and stays there. Download it and "
                    "add it from your computer.",
                    file=wrong[0].name,
                )
            )

    def _pcu_is_with(self, record):
        """Tell whether a file was added to a record's own form or to a dialog."""
        return (self.res_model, self.res_id) == (record._name, record.id) or (
            self.res_model in self.env and self.env[self.res_model].is_transient()
        )

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
