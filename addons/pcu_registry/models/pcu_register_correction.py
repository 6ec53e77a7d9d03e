"""What stood in a column before it was corrected."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day

from .. import numbering


class PcuRegisterCorrection(models.Model):
    """One corrected column of one entry: old value, new value, who, when and why.

    As on paper, where the old text is struck out once and stays readable. Rows are only
    added, by ``action_correct`` of the entry; the database refuses the rest.
    """

    _name = "pcu.register.correction"
    _description = "Correction of an entry"
    _order = "id"
    _rec_name = "field_label"

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="entry_id.company_id")
    field_name = fields.Char(string="Code of the column", required=True, readonly=True)
    field_label = fields.Char(string="Column", compute="_compute_field_label")
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Corrected by",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    corrected_at = fields.Datetime(
        string="Corrected on", required=True, readonly=True, default=fields.Datetime.now
    )

    def init(self):
        numbering.install_functions(self.env.cr)
        numbering.install_triggers(self.env.cr, self._table)

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        entries = self.env["pcu.register.entry"]
        for record in self:
            record.field_label = (
                entries._get_field_label(record.field_name)
                if record.field_name in entries._fields
                else record.field_name
            )

    def _to_text(self):
        """Return the corrections in words, for prints: one line each."""
        return [
            self.env._(
                "%(column)s: “%(old)s” corrected to “%(new)s” on %(day)s by "
                "%(user)s: %(reason)s",
                column=record.field_label,
                old=record.old_value or "–",
                new=record.new_value or "–",
                day=f"{local_day(record.corrected_at):%d.%m.%Y}",
                # sudo: the name of who corrected is part of the register
                user=record.user_id.sudo().name,
                reason=record.reason,
            )
            for record in self
        ]
