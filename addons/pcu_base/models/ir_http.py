"""What the web client is told at the start of a session."""

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell everybody who works in a copy that it is one."""
        result = super().session_info()
        if self.env.user._is_internal():
            result["pcu_is_copy"] = self.env["pcu.database"]._is_copy()
        return result
