"""How long an approved destruction waits."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_destruction_delay = fields.Integer(
        string="Delay before a destruction (days)",
        default=30,
        help="Between the approval of a destruction and the moment when a second "
        "person may carry it out; until then it can be cancelled.",
    )

    _pcu_destruction_delay_positive = models.Constraint(
        "CHECK (pcu_destruction_delay IS NULL OR pcu_destruction_delay >= 1)",
        "Between approving and carrying out a destruction lies at least one day.",
    )
