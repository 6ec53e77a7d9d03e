"""Say clearly in which register one may register; the rules refuse the rest."""

from odoo import api, models
from odoo.exceptions import UserError


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    _register_idx = models.Index("(register_id, id)")

    @api.model
    def _default_register_id(self):
        """Offer the general register, or else one in which the user registers."""
        general = super()._default_register_id()
        if self.env.su or general.may_register:
            return general
        return (
            self.env["pcu.register"].search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("may_register", "=", True),
                ],
                limit=1,
            )
            or general
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_register({vals.get("register_id") for vals in vals_list})
        return super().create(vals_list)

    def write(self, vals):
        if "register_id" in vals:
            self._check_may_register({vals["register_id"]})
        return super().write(vals)

    @api.model
    def _check_may_register(self, register_ids):
        if self.env.su or not self.has_access("create"):
            return  # who registers nowhere is refused by the rights themselves
        registers = self.env["pcu.register"].browse(filter(None, register_ids))
        for register in registers.filtered(lambda each: not each.may_register):
            keepers = register.department_id | register.registrar_department_ids
            raise UserError(
                self.env._(
                    "You can't register in “%(register)s”: it is kept by "
                    "%(departments)s. Choose another register.",
                    register=register.display_name,
                    departments=", ".join(keepers.mapped("name"))
                    or self.env._("the registry"),
                )
            )
