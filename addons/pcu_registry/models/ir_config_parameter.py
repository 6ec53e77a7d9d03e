"""The secret behind the check codes exists from the first day."""

import secrets

from odoo import models

from .pcu_register_entry_slip import SECRET_PARAMETER


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    def init(self, force=False):
        """Make the secret once; it stays, or slips already given would fail."""
        result = super().init(force=force)
        # Not every column of the users is there yet while modules are installed.
        parameters_sudo = self.sudo().with_context(prefetch_fields=False)
        if not parameters_sudo.get_param(SECRET_PARAMETER):
            parameters_sudo.set_param(SECRET_PARAMETER, secrets.token_hex(32))
        return result
