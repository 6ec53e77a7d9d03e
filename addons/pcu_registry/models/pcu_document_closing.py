"""In which daily closing a document's digest stands."""

from odoo import fields, models

from .. import closing, numbering


class PcuDocument(models.Model):
    _inherit = "pcu.document"  # pylint: disable=consider-merging-classes-inherited

    closing_id = fields.Many2one(
        comodel_name="pcu.register.closing",
        string="Daily closing",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _unclosed_idx = models.Index(
        "(entry_id) WHERE closing_id IS NULL AND entry_id IS NOT NULL"
    )

    def init(self):
        numbering.install_functions(self.env.cr)
        self.env.cr.execute(closing.TRIGGERS[self._table])
        return super().init()
