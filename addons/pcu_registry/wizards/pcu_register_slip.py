"""Ask for the format of slips or labels."""

from odoo import fields, models

from ..models.res_company_slip import SLIP_FORMATS


class PcuRegisterSlip(models.TransientModel):
    """Print slips or labels of the chosen entries, on the paper that is at hand."""

    _name = "pcu.register.slip"
    _description = "Print slips or labels"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    paper = fields.Selection(
        SLIP_FORMATS,
        string="Slip format",
        required=True,
        default=lambda self: self.env.company.pcu_slip_format,
    )

    def action_confirm(self):
        return self.entry_ids._print_slips(self.paper) | {"close": True}
