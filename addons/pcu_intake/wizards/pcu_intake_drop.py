"""Drop files: each becomes a draft entry, or is cut at its separator sheets."""

from odoo import fields, models
from odoo.addons.pcu_base import file_types
from odoo.addons.pcu_registry.models.pcu_register_entry import CHANNELS
from odoo.exceptions import UserError

PDF = "application/pdf"


class PcuIntakeDrop(models.TransientModel):
    """Several files at once, and what they have in common."""

    _name = "pcu.intake.drop"
    _description = "Drop scans and files"

    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        default=lambda self: self.env["pcu.register.entry"]._default_register_id(),
    )
    channel = fields.Selection(CHANNELS, default="post")
    separated = fields.Boolean(
        string="Cut at the separator sheets",
        help="Each PDF is a batch of several documents with a separator sheet on top "
        "of each.",
    )
    file_ids = fields.Many2many(comodel_name="ir.attachment", string="Files")

    def action_take(self):
        """Make a draft of each file; batches are cut in the background."""
        self.ensure_one()
        if not self.file_ids:
            raise UserError(self.env._("Choose at least one file."))
        self.file_ids._pcu_check_uploads(self)
        batches = self.file_ids.filtered(
            lambda file: self.separated and file_types.type_by_name(file.name) == PDF
        )
        scans = self.env["pcu.intake.scan"]
        for file in batches:
            scans |= scans._begin(file, self._prepare_values())
        drafts = self._make_drafts(self.file_ids - batches)
        # The documents have the bytes; the uploads are the caller's own.
        batches.unlink()
        if not drafts:
            return self.env["ir.actions.act_window"]._for_xml_id(
                "pcu_intake.pcu_intake_scan_action"
            )
        return drafts._get_drafts_action([("id", "in", drafts.ids)])

    def _make_drafts(self, files):
        drafts = self.env["pcu.register.entry"]
        for file in files:
            stem = file.name.rpartition(".")[0] or file.name
            draft = drafts.create({**self._prepare_values(), "summary": stem})
            draft._add_files(file)
            drafts |= draft
        return drafts

    def _prepare_values(self):
        return {
            "register_id": self.register_id.id,
            "company_id": self.register_id.company_id.id,
            "channel": self.channel,
        }
