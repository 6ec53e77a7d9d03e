"""Name the procedure of a request that came without one."""

from odoo import fields, models


class PcuRequestClassify(models.TransientModel):
    """The dialog of the unclassified queue."""

    _name = "pcu.request.classify"
    _description = "Choose the procedure"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id")
    procedure_label = fields.Char(related="request_id.procedure_label")
    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    department_id = fields.Many2one(related="procedure_id.department_id")

    def action_confirm(self):
        """Set the procedure; checklist, term and department follow."""
        self.ensure_one()
        self.request_id._classify(self.procedure_id)
        return {"type": "ir.actions.act_window_close"}
