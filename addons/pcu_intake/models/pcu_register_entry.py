"""Where an imported entry came from."""

from odoo import fields, models


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
