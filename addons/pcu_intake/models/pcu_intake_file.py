"""A file in a proposal: shown with what it really is, not yet a document."""

import os

from odoo import api, fields, models
from odoo.addons.pcu_base import file_store, file_types


class PcuIntakeFile(models.Model):
    """An attachment of an e-mail, judged before anybody opens it.

    It becomes a document of the entry when the proposal is registered, with the very
    same bytes.
    """

    _name = "pcu.intake.file"
    _description = "File in a proposal"
    _order = "id"

    message_id = fields.Many2one(
        comodel_name="pcu.intake.message",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(required=True, readonly=True)
    declared_type = fields.Char(readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True, aggregator=None)
    type_label = fields.Char(string="Type", readonly=True)
    suspicious = fields.Boolean(readonly=True)
    different = fields.Boolean(
        readonly=True, help="The content is not what the name or the sender says."
    )
    remark = fields.Char(compute="_compute_remark")
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", readonly=True, ondelete="set null"
    )

    @api.depends("suspicious", "different", "size", "type_label")
    @api.depends_context("lang")
    def _compute_remark(self):
        for file in self:
            if file.suspicious:
                file.remark = self.env._("A program or a script: do not open it.")
            elif not file.size:
                file.remark = self.env._("The file is empty.")
            elif file.different:
                file.remark = self.env._(
                    "The content is %(type)s, not what the file says.",
                    type=file.type_label,
                )
            else:
                file.remark = False

    def action_download(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=1",
            "target": "download",
        }

    def _prepare_document_values(self, values):
        return {**values, "name": self.name, "declared_type": self.declared_type}

    @api.model
    def _keep(self, message, files):
        """Store the files of a message beside it, each judged by its content."""
        self.create([self._prepare_values(message, file) for file in files])

    @api.model
    def _prepare_values(self, message, file):
        name = file_types.storable(file_types.safe_name(file.name))
        verdict = self._judge(name, file)
        attachment = message._attach(
            name, file.content, file_types.preview_type(verdict)
        )
        if verdict.suspicious:
            # Given with the bytes, "unknown" would make Odoo guess the type.
            attachment.mimetype = file_types.UNKNOWN
        return {
            "message_id": message.id,
            "name": name,
            "declared_type": file_types.storable(file.declared_type),
            "size": len(file.content),
            "type_label": file_types.label(verdict.true_type),
            "suspicious": verdict.suspicious,
            "different": verdict.mismatch,
            "attachment_id": attachment.id,
        }

    @api.model
    def _judge(self, name, file):
        path = self.env["pcu.document"]._new_partial()
        try:
            file_store.write_new(path, file.content)
            size = os.path.getsize(path)
            return file_types.judge(path, name, file.declared_type, size)
        finally:
            file_store.discard(path)
