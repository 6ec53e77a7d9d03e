"""Documents that lie with a register entry."""

from odoo import api, fields, models
from odoo.fields import Domain


class PcuDocument(models.Model):
    _inherit = "pcu.document"

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Register entry",
        index="btree_not_null",
        ondelete="restrict",
    )
    is_cover = fields.Boolean(
        string="Cover sheet",
        readonly=True,
        help="A sheet with the registration stamp, for a document that isn't stamped "
        "itself because it is signed or very long.",
    )
    copied_to_me = fields.Boolean(
        compute="_compute_copied_to_me", search="_search_copied_to_me"
    )

    @api.depends("entry_id")
    @api.depends_context("uid")
    def _compute_copied_to_me(self):
        for document in self:
            document.copied_to_me = document.entry_id.copied_to_me

    def _search_copied_to_me(self, operator, value):
        """Let who has a copy of an entry read its documents."""
        if operator != "in":
            return NotImplemented
        entries = self.env["pcu.register.entry"]._search_copied_ids()
        copied = Domain("entry_id", "in", entries)
        return copied if True in value else ~copied

    def action_stamp(self):
        """Make a stamped copy of a registered PDF beside the original."""
        self.ensure_one()
        self.entry_id._stamp_pdf(self)
        return True
