"""Why public information may be refused (Law 544/2001 art. 12)."""

from odoo import fields, models


class PcuLaw544Ground(models.Model):
    """A ground of refusal with its article and its words."""

    _name = "pcu.law544.ground"
    _description = "Ground of refusal"
    _order = "sequence, name"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=[
            ("exempt", "Exempted by law"),
            ("nonexistent", "The information doesn't exist"),
            ("other", "Another reason"),
        ],
        required=True,
        default="exempt",
    )
    law = fields.Char(required=True, help="The act and the article.")
    text = fields.Text(help="What the law says; the applicant reads it.")
    to_verify = fields.Boolean(
        string="To be verified",
        help="From general knowledge of the field: check it against the act before "
        "the institution relies on it.",
    )

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "This ground of refusal is in the list already."
    )
