"""A fee that may be asked for a request, as the version of its procedure says."""

from odoo import fields, models

from ..models.pcu_procedure_fee import FEE_KINDS


class PcuRequestFeeRule(models.TransientModel):
    """One fee of a version's content, for the time of a dialog.

    A published version is plain data, and the dialog lets somebody choose a record.
    """

    _name = "pcu.request.fee.rule"
    _description = "Fee by rule"

    name = fields.Char(required=True)
    kind = fields.Selection(selection=FEE_KINDS, required=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary()
    unit_name = fields.Char(string="Unit")
    percentage = fields.Float(digits=(6, 3))
    base_name = fields.Char(string="Percentage of")
    minimum = fields.Monetary()
    law = fields.Char()
    payment_note = fields.Char(string="How it is paid")
