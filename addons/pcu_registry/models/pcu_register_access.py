"""Who registers in a register and who reads it."""

from odoo import api, fields, models
from odoo.fields import Domain

ACCESS_FIELDS = {
    "active",
    "company_id",
    "department_id",
    "reader_department_ids",
    "registrar_department_ids",
    "restricted",
}


class PcuRegister(models.Model):
    """Rights of a register.

    Without settings the registry's operators register and read everywhere. A department
    can keep a register (its people with the role *Register keeper* register there), and
    a restricted register is closed to operators of other departments. Record rules ask
    for lists of register ids per user, which are cached and usually empty.
    """

    _inherit = "pcu.register"

    registrar_department_ids = fields.Many2many(
        comodel_name="pcu.department",
        relation="pcu_register_registrar_rel",
        column1="register_id",
        column2="department_id",
        string="Departments that register",
        check_company=True,
        help="Beside the department that keeps the register. Their people need the "
        "role “Register keeper”.",
    )
    reader_department_ids = fields.Many2many(
        comodel_name="pcu.department",
        relation="pcu_register_reader_rel",
        column1="register_id",
        column2="department_id",
        string="Departments that read",
        check_company=True,
        help="Their people read all entries of the register, except confidential ones.",
    )
    restricted = fields.Boolean(
        string="Only its departments",
        help="Operators of the registry who don't belong to these departments neither "
        "see nor register anything here. Auditors still read all.",
    )
    may_register = fields.Boolean(
        compute="_compute_may_register", search="_search_may_register"
    )

    # ------------------------------------------------------------------ computes

    @api.depends_context("uid")
    @api.depends("restricted", "department_id", "registrar_department_ids")
    def _compute_may_register(self):
        allowed = self._search_may_register("in", [True])
        for register in self:
            register.may_register = bool(register.filtered_domain(allowed))

    @api.model
    def _search_may_register(self, operator, _value):
        if operator != "in":
            return NotImplemented
        user = self.env.user
        if self.env.su:
            return Domain.TRUE
        if user.has_group("pcu_base.group_registry_operator"):
            return Domain("id", "not in", user.pcu_closed_register_ids.ids)
        if user.has_group("pcu_registry.group_register_keeper"):
            return Domain("id", "in", user.pcu_kept_register_ids.ids)
        return Domain.FALSE

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        registers = super().create(vals_list)
        self._clear_access_cache()
        return registers

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & ACCESS_FIELDS:
            self._clear_access_cache()
        return result

    @api.model
    def _clear_access_cache(self):
        """Forget who may see which register, in this worker and in the others."""
        self.env.registry.clear_cache()
        self.env["res.users"].invalidate_model(
            [
                "pcu_closed_register_ids",
                "pcu_kept_register_ids",
                "pcu_read_register_ids",
            ]
        )
