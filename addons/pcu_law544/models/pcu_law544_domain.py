"""What public information is asked about, as the yearly report counts it."""

from odoo import fields, models


class PcuLaw544Domain(models.Model):
    """A domain of interest; the administrator keeps the list."""

    _name = "pcu.law544.domain"
    _description = "Domain of interest"
    _order = "sequence, name"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "This domain of interest is in the list already."
    )
