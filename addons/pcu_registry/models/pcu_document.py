"""Documents that lie with a register entry."""

from odoo import fields, models


class PcuDocument(models.Model):
    _inherit = "pcu.document"

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Register entry",
        index="btree_not_null",
        ondelete="restrict",
    )

    def action_stamp(self):
        """Make a stamped copy of a registered PDF beside the original."""
        self.ensure_one()
        self.entry_id._stamp_pdf(self)
        return True
