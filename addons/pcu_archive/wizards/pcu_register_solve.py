"""The dialog that solves entries also asks for the code of the file plan."""

from odoo import api, fields, models


class PcuRegisterSolve(models.TransientModel):
    _inherit = "pcu.register.solve"

    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    classification_id = fields.Many2one(
        comodel_name="pcu.classification",
        string="Code of the file plan",
        domain="[('plan_state', '=', 'in_force'), ('company_id', '=', company_id)]",
        help="Left empty, each document keeps its code or gets the default one of its "
        "department.",
    )

    @api.depends("entry_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.entry_ids.company_id[:1]

    def action_confirm(self):
        if self.classification_id:
            self.entry_ids._set_classification(self.classification_id)
        return super().action_confirm()
