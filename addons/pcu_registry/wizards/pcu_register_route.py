"""Ask where the chosen entries go."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from ..models.pcu_routing import INFO, KINDS, LEAD, SHARE


class PcuRegisterRoute(models.TransientModel):
    """Route the chosen entries: who is responsible, who takes part, who is told."""

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
    other_ids = fields.One2many(
        comodel_name="pcu.register.route.other",
        inverse_name="wizard_id",
        string="Others",
        help="Who takes part, and who gets a copy for information.",
    )
    # The resolution
    text = fields.Char(
        string="Resolution", help="What is to be done, as written on the document."
    )
    giver_ids = fields.Many2many(
        comodel_name="res.users", compute="_compute_company_id"
    )
    resolution_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Given by",
        domain="[('id', 'in', giver_ids)]",
        help="The mayor, the secretary general or the head who wrote the resolution.",
    )
    resolution_date = fields.Date(string="Given on")
    awaited_id = fields.Many2one(
        comodel_name="res.users",
        string="Waits for the resolution of",
        compute="_compute_awaited_id",
        help="Whose resolution the register asks for before anything is routed.",
    )
    due_date = fields.Date(string="Answer until")

    @api.depends("entry_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.entry_ids[:1].company_id or self.env.company
            wizard.giver_ids = wizard.entry_ids._get_resolution_givers()

    @api.depends("entry_ids")
    def _compute_awaited_id(self):
        for wizard in self:
            held = wizard.entry_ids._filter_held_for_resolution()
            wizard.awaited_id = held.awaited_id[:1]

    @api.onchange("department_id")
    def _onchange_department_id(self):
        if self.user_id not in self.department_id.member_ids:
            self.user_id = False

    @api.onchange("resolution_by_id")
    def _onchange_resolution_by_id(self):
        if self.resolution_by_id and not self.resolution_date:
            self.resolution_date = local_day()

    def action_confirm(self):
        if self.resolution_by_id and not (self.text or "").strip():
            raise UserError(
                self.env._("Write the resolution, or leave out who gave it.")
            )
        self.entry_ids.action_route(
            self.department_id,
            self.user_id,
            self.text,
            shares=self._get_others(SHARE),
            copies=self._get_others(INFO),
            resolution_by_id=self.resolution_by_id.id,
            resolution_date=self.resolution_date,
            due_date=self.due_date,
        )
        return {"type": "ir.actions.act_window_close"}

    def _get_others(self, kind):
        return [
            (other.department_id, other.user_id)
            for other in self.other_ids
            if other.kind == kind
        ]


class PcuRegisterRouteOther(models.TransientModel):
    """One more recipient: takes part, or gets a copy for information."""

    _name = "pcu.register.route.other"
    _description = "Further recipient of a routing"

    wizard_id = fields.Many2one(
        comodel_name="pcu.register.route", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [pair for pair in KINDS if pair[0] != LEAD], required=True, default=INFO
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('pcu_department_ids', 'in', department_id)]",
    )
