"""What a copy costs."""

from odoo import fields, models


class ResCompany(models.Model):
    """The institution's fee for copies."""

    _inherit = "res.company"

    pcu_copy_price = fields.Float(
        string="Price of a copied page (lei)",
        digits=(8, 2),
        help="What who asks for copies pays for a page (Law 544/2001 art. 9).",
    )
    pcu_copy_decision = fields.Char(
        string="Document that set the price",
        help="The decision of the local council; the yearly report names it.",
    )
