"""What petitions are about, for the half-yearly analysis."""

from odoo import fields, models


class PcuPetitionTopic(models.Model):
    """A theme under which petitions are counted; the administrator keeps the list."""

    _name = "pcu.petition.topic"
    _description = "Theme of petitions"
    _order = "sequence, name"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        index="btree_not_null",
        help="Left empty, every institution uses the theme.",
    )

    _name_uniq = models.UniqueIndex(
        "(name, coalesce(company_id, 0))", "This theme is in the list already."
    )
