"""How often the heads of an institution get their report."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_analysis_rhythm = fields.Selection(
        selection=[
            ("none", "Never"),
            ("weekly", "Every week, on its first working day"),
            ("monthly", "Every month, on its first working day"),
        ],
        string="Report to heads by e-mail",
        required=True,
        default="weekly",
        help="Heads get their departments' figures, the head of the institution and "
        "the secretary those of all.",
    )
