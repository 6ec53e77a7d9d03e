"""When an institution's people were last told what waits."""

from odoo import fields, models


class ResCompany(models.Model):
    """Remembers the day of the last daily e-mail."""

    _inherit = "res.company"

    pcu_exchange_told_on = fields.Date(
        string="Told what waits on", readonly=True, copy=False
    )
