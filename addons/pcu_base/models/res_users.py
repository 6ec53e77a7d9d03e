"""Departments of a user, and which departments' work the user may see."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache


class ResUsers(models.Model):
    _inherit = "res.users"

    pcu_department_ids = fields.Many2many(
        comodel_name="pcu.department",
        relation="pcu_department_member_rel",
        column1="user_id",
        column2="department_id",
        string="Departments",
    )
    pcu_headed_department_ids = fields.Many2many(
        comodel_name="pcu.department",
        compute="_compute_pcu_visible_department_ids",
        string="Headed departments",
        help="Departments where the user is head or substitute.",
    )
    pcu_visible_department_ids = fields.Many2many(
        comodel_name="pcu.department",
        compute="_compute_pcu_visible_department_ids",
        string="Visible departments",
        help="Own departments, headed departments and all those below them.",
    )

    @api.depends("pcu_department_ids")
    def _compute_pcu_visible_department_ids(self):
        departments = self.env["pcu.department"]
        for user in self:
            headed, visible = self._pcu_department_ids_of(user._origin.id or 0)
            user.pcu_headed_department_ids = departments.browse(headed)
            user.pcu_visible_department_ids = departments.browse(visible)

    def _compute_display_name(self):
        """Fetch what a name needs: lists name many, and a user has many columns."""
        self.fetch(["partner_id"])
        # sudo: the name is in the party, which Odoo reads so, too
        self.sudo().partner_id.fetch(["name"])
        return super()._compute_display_name()

    def write(self, vals):
        result = super().write(vals)
        if "pcu_department_ids" in vals:
            self.env["pcu.department"]._clear_visibility_cache()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if any("pcu_department_ids" in vals for vals in vals_list):
            self.env["pcu.department"]._clear_visibility_cache()
        return users

    @ormcache("user_id")
    def _pcu_department_ids_of(self, user_id):
        """Give the ids of the headed and of the visible departments of a user.

        Record rules ask this for every request, hence the cache; a department
        or a membership that changes clears it.
        """
        # sudo: which departments someone sees can't depend on who asks.
        departments = self.env["pcu.department"].sudo()
        departments = departments.with_context(active_test=False)
        headed = departments.search(
            Domain("head_id", "=", user_id) | Domain("substitute_ids", "in", user_id)
        )
        visible = departments.search(
            Domain("id", "child_of", headed.ids) | Domain("member_ids", "in", user_id)
        )
        return headed._ids, visible._ids
