"""The e-mail address of a register."""

from odoo import models


class PcuRegister(models.Model):
    _name = "pcu.register"
    _inherit = ["pcu.register", "mail.alias.mixin.optional"]

    def _alias_get_creation_values(self):
        """Let the address make proposals for this register."""
        return {
            **super()._alias_get_creation_values(),
            "alias_model_id": self.env["ir.model"]._get_id("pcu.intake.message"),
            "alias_defaults": repr({"register_id": self.id}) if self.id else "{}",
        }
