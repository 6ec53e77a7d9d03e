"""Phrases of resolutions, so that they are chosen instead of typed."""

from odoo import fields, models


class PcuResolutionPhrase(models.Model):
    """A sentence that resolutions often hold; the administrator keeps them."""

    _name = "pcu.resolution.phrase"
    _description = "Phrase of a resolution"
    _order = "sequence, id"

    name = fields.Char(string="Phrase", required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        index="btree_not_null",
        help="Empty: for all institutions.",
    )
    active = fields.Boolean(default=True)
