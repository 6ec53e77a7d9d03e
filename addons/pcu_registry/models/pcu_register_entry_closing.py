"""In which daily closing an entry stands."""

from odoo import fields, models

from .. import closing, numbering


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    closing_id = fields.Many2one(
        comodel_name="pcu.register.closing",
        string="Daily closing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # What is still to be closed: a day's worth of rows, whatever the register's size.
    _unclosed_idx = models.Index(
        "(register_id, registration_date)"
        " WHERE closing_id IS NULL AND number IS NOT NULL"
    )
    _annulled_at_idx = models.Index(
        "(register_id, annulled_at) WHERE annulled_at IS NOT NULL"
    )

    def init(self):
        numbering.install_functions(self.env.cr)
        self.env.cr.execute(closing.FUNCTION)
        self.env.cr.execute(closing.TRIGGERS[self._table])
        return super().init()
