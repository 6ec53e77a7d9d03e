"""Where an entry came from, and the drafts that wait for a clerk."""

from odoo import api, fields, models
from odoo.addons.pcu_base.models.pcu_document_text import UNREADABLE


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"

    import_id = fields.Many2one(
        comodel_name="pcu.intake.import",
        string="Imported with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry was taken over from an old register, with its number.",
    )
    import_note = fields.Char(
        string="From the old register",
        readonly=True,
        copy=False,
        help="What stood in the old register and has no column of its own here.",
    )
    scan_id = fields.Many2one(
        comodel_name="pcu.intake.scan",
        string="Scanned batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    files_note = fields.Text(
        string="To check in the file", compute="_compute_files_note"
    )

    # ------------------------------------------------------------------ computes

    @api.depends("document_ids.type_note", "document_ids.text_state")
    @api.depends_context("lang")
    def _compute_files_note(self):
        """Warn of files that aren't what they seem or that can't be opened."""
        unreadable = self.env._(
            "The file can't be read: it is damaged, locked with a password or too long."
        )
        for entry in self:
            notes = {
                document.type_note
                or (document.text_state == UNREADABLE and unreadable)
                or ""
                for document in entry.document_ids
            } - {""}
            entry.files_note = f"⚠ {' '.join(sorted(notes))}" if notes else False

    # ------------------------------------------------------------------ CRUD

    @api.model
    def _get_protected_fields(self):
        """Keep the origin: own entries bound an import, and a batch has its entries."""
        return super()._get_protected_fields() | {"import_id", "import_note", "scan_id"}

    # ------------------------------------------------------------------ actions

    @api.model
    def _get_drafts_action(self, domain):
        """Show drafts in the list where they are completed and registered."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_intake.pcu_register_entry_action_drafts"
        )
        return {**action, "domain": domain}

    def action_arrange(self):
        """Open the pages of the entry's PDFs, to be merged, turned and reordered."""
        self.ensure_one()
        wizard = self.env["pcu.intake.arrange"].create({"entry_id": self.id})
        wizard._load_pages()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Arrange pages"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
