"""Give requests to a department or a person."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PcuRequestAssign(models.TransientModel):
    """The dialog in which the head, or the registry, hands requests out."""

    _name = "pcu.request.assign"
    _description = "Assign requests"

    request_ids = fields.Many2many(comodel_name="pcu.request", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    people_ids = fields.Many2many(
        comodel_name="res.users", compute="_compute_people_ids"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Inspector",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', people_ids)]",
    )
    text = fields.Char(string="Instruction")

    @api.depends("request_ids")
    def _compute_company_id(self):
        """Requests are handed out inside one institution."""
        for wizard in self:
            wizard.company_id = wizard.request_ids.company_id[:1]

    @api.depends("request_ids")
    def _compute_department_id(self):
        """Propose the department where the requests lie."""
        for wizard in self:
            departments = wizard.request_ids.department_id
            wizard.department_id = departments if len(departments) == 1 else False

    @api.depends("department_id")
    def _compute_people_ids(self):
        """Offer the people of the department only."""
        for wizard in self:
            wizard.people_ids = wizard.department_id._get_people()

    @api.depends("department_id")
    def _compute_user_id(self):
        """Forget a person who does not work in the department chosen."""
        for wizard in self:
            if wizard.user_id not in wizard.people_ids:
                wizard.user_id = False

    def action_confirm(self):
        """Hand the requests over, each with a routing in the register."""
        self.ensure_one()
        operator = self.env.user.has_group("pcu_base.group_registry_operator")
        for request in self.request_ids:
            if not (operator or request.can_assign):
                raise AccessError(
                    self.env._(
                        "Only the head of the department or the registry hands out "
                        "%(request)s.",
                        request=request.display_name,
                    )
                )
            if not request.is_open:
                raise UserError(
                    self.env._(
                        "%(request)s has ended; there is nothing to hand out.",
                        request=request.display_name,
                    )
                )
            request._hand_over(self.department_id, self.user_id, self.text)
        return {"type": "ir.actions.act_window_close"}
