"""Ask where the chosen entries go."""

from odoo import api, fields, models


class PcuRegisterRoute(models.TransientModel):
    """Route the chosen entries to a department and a person."""

    _name = "pcu.register.route"
    _description = "Route register entries"

    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('pcu_department_ids', 'in', department_id)]",
        help="Leave empty to put the document in the department's pool.",
    )
    text = fields.Char(
        string="Resolution", help="What is to be done, as written on the document."
    )

    @api.depends("entry_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.entry_ids[:1].company_id or self.env.company

    @api.onchange("department_id")
    def _onchange_department_id(self):
        if self.user_id not in self.department_id.member_ids:
            self.user_id = False

    def action_confirm(self):
        self.entry_ids.action_route(self.department_id, self.user_id, self.text)
        return {"type": "ir.actions.act_window_close"}
