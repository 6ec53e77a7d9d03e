"""Ask another person when an approver left or may not approve."""

from odoo import api, fields, models

from .. import approval_roles as ar


class PcuApprovalReplace(models.TransientModel):
    """The dialog that repairs a circuit which waits for nobody."""

    _name = "pcu.approval.replace"
    _description = "Choose another approver"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    open_ids = fields.Many2many(
        comodel_name="pcu.approval", compute="_compute_open_ids"
    )
    approval_id = fields.Many2one(
        comodel_name="pcu.approval",
        compute="_compute_approval_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('id', 'in', open_ids)]",
    )
    people_ids = fields.Many2many(comodel_name="res.users", compute="_compute_people")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="New approver",
        required=True,
        domain="[('id', 'in', people_ids)]",
    )

    @api.depends("request_id")
    def _compute_open_ids(self):
        """Offer what is open."""
        for wizard in self:
            wizard.open_ids = wizard.request_id.approval_ids.filtered(
                lambda a: a.state in ar.OPEN_STATES
            )

    @api.depends("open_ids")
    def _compute_approval_id(self):
        """Propose the one with a problem."""
        for wizard in self:
            stuck = wizard.open_ids.filtered(lambda a: a.sudo()._get_problem())
            wizard.approval_id = (stuck or wizard.open_ids)[:1]

    @api.depends("request_id")
    def _compute_people(self):
        """Offer who may read the request and has an account in the institution."""
        approvers = self.env.ref("pcu_base.group_approver").sudo()
        for wizard in self:
            request = wizard.request_id
            people = approvers.all_user_ids | request.department_id._get_people()
            wizard.people_ids = people.filtered(
                lambda u, c=request.company_id: c in u.sudo().company_ids
            )

    def action_confirm(self):
        """Ask the other person."""
        self.ensure_one()
        self.approval_id._replace(self.user_id)
        return {"type": "ir.actions.act_window_close"}
