"""What a procedure costs: the rule by which a fee is set, as data."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

FEE_KINDS = [
    ("fixed", "Fixed amount"),
    ("unit", "Amount per unit"),
    ("percentage", "Percentage of a value"),
    ("typed", "Set by the inspector"),
]


class PcuProcedureFee(models.Model):
    """One fee of a procedure.

    *Fixed*: the amount itself. *Per unit*: the amount for each unit of what is measured
    (a square metre, a page). *Percentage*: so many percent of a value (of the works).
    *Typed*: nobody can compute it, the inspector types it from the local council's
    decision. A minimum counts for the computed kinds.
    """

    _name = "pcu.procedure.fee"
    _description = "Fee of a procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(selection=FEE_KINDS, required=True, default="fixed")
    currency_id = fields.Many2one(related="procedure_id.company_id.currency_id")
    amount = fields.Monetary(help="The fee, or its amount for one unit.")
    unit_name = fields.Char(string="Unit", help="What is counted, e.g. m², page.")
    percentage = fields.Float(digits=(6, 3))
    base_name = fields.Char(
        string="Percentage of", help="The value the percentage is taken of."
    )
    minimum = fields.Monetary(help="The least that is due, for computed fees.")
    law = fields.Char(help="The act, article or local decision that sets the fee.")
    payment_note = fields.Char(
        string="How it is paid", help="Account, cash desk, ghiseul.ro."
    )

    _amounts_not_negative = models.Constraint(
        "CHECK(coalesce(amount, 0) >= 0 AND coalesce(minimum, 0) >= 0"
        " AND coalesce(percentage, 0) BETWEEN 0 AND 100)",
        "A fee can't be negative and a percentage goes from 0 to 100.",
    )

    @api.constrains("kind", "unit_name", "percentage", "base_name")
    def _check_kind(self):
        """A rule names what it is computed from."""
        for fee in self:
            if fee.kind == "unit" and not fee.unit_name:
                raise ValidationError(
                    self.env._(
                        "Fee “%(name)s” is counted per unit: write which unit.",
                        name=fee.name,
                    )
                )
            if fee.kind == "percentage" and not (fee.percentage and fee.base_name):
                raise ValidationError(
                    self.env._(
                        "Fee “%(name)s” is a percentage: write how many percent of "
                        "which value.",
                        name=fee.name,
                    )
                )
