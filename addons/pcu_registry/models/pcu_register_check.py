"""What the continuity checks found, one row a check."""

from odoo import fields, models


class PcuRegisterCheck(models.Model):
    """The result of one continuity check of one register year.

    A row of its own, because the year's row is the counter that every registration
    moves: writing a result into it would fail whenever somebody registers meanwhile.
    """

    _name = "pcu.register.check"
    _description = "Continuity check"
    _order = "id desc"
    _rec_name = "checked_at"

    register_year_id = fields.Many2one(
        comodel_name="pcu.register.year",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    checked_at = fields.Datetime(
        string="Checked on", required=True, readonly=True, default=fields.Datetime.now
    )
    last_number = fields.Integer(readonly=True, aggregator=None)
    broken = fields.Boolean(readonly=True)
    note = fields.Text(string="Result", required=True, readonly=True)
