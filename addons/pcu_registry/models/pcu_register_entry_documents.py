"""The documents that lie with an entry."""

from odoo import api, fields, models

from .pcu_register_entry import ANNULLED


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    document_ids = fields.One2many(
        comodel_name="pcu.document", inverse_name="entry_id", string="Documents"
    )
    document_count = fields.Integer(compute="_compute_document_count")
    new_file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Add files",
        compute="_compute_new_file_ids",
        inverse="_inverse_new_file_ids",
        help="Files put here become documents of the entry when it is saved.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("document_ids")
    def _compute_document_count(self):
        for entry in self:
            entry.document_count = len(entry.document_ids)

    def _compute_new_file_ids(self):
        self.new_file_ids = False

    def _inverse_new_file_ids(self):
        """Turn uploaded files into documents with their original bytes."""
        for entry in self:
            if files := entry.new_file_ids:
                entry._add_files(files)

    # ------------------------------------------------------------------ actions

    def action_open_documents(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents of %(entry)s", entry=self.display_name),
            "res_model": "pcu.document",
            "view_mode": "list,form",
            "domain": [("entry_id", "=", self.id)],
        }

    @api.readonly
    def get_pane_documents(self):
        """List the papers that are shown beside a form about the entry."""
        self.ensure_one()
        return self.document_ids._prepare_pane(self.message_main_attachment_id)

    # ------------------------------------------------------------------ business

    def _add_files(self, attachments):
        """Keep uploaded files as documents; the upload itself goes away.

        :raise UserError: when a file isn't an upload of the user's own
        """
        self.ensure_one()
        attachments._pcu_check_uploads(self)
        documents = self.env["pcu.document"]._create_from_attachments(
            attachments, self._prepare_document_values()
        )
        # sudo: the temporary upload belongs to whoever sent it
        attachments.sudo().unlink()
        self._set_main_document(documents)
        return documents

    def _takes_documents(self):
        """Return whether papers can still come to this entry."""
        self.ensure_one()
        return self.state != ANNULLED

    def _prepare_document_values(self):
        self.ensure_one()
        return {
            "kind": "issued" if self.direction == "outgoing" else "received",
            "res_model": self._name,
            "res_id": self.id,
            "entry_id": self.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "confidential": self.confidentiality == "confidential",
        }

    def _set_main_document(self, documents):
        """Show the first document beside the form."""
        self.sudo()._message_set_main_attachment_id(documents.attachment_id)

    def _get_mail_thread_data_attachments(self):
        """Show the documents' files beside the form, like the chatter's own."""
        return (
            self.document_ids.attachment_id
            | super()._get_mail_thread_data_attachments()
        )

    def _attach_documents(self, documents):
        """Put existing documents with this entry (used by the floors above)."""
        self.ensure_one()
        # sudo: a document is immutable for users; its place isn't
        documents.sudo().write(
            {
                "entry_id": self.id,
                "department_id": self.department_id.id,
                "confidential": self.confidentiality == "confidential",
            }
        )
        self._set_main_document(documents)

    def _copy_routing_to_documents(self):
        """Let the documents follow the entry: department and confidentiality."""
        for entry in self.sudo():
            if documents := entry.document_ids:
                documents.write(
                    {
                        "department_id": entry.department_id.id,
                        "confidential": entry.confidentiality == "confidential",
                    }
                )
