"""What the web client is told at the start of a session."""

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell operators and administrators that the connector is silent."""
        result = super().session_info()
        user = self.env.user
        if user.has_group("pcu_base.group_admin") or user.has_group(
            "pcu_base.group_registry_operator"
        ):
            # sudo: a sign of life is no secret to who works with the connector
            result["pcu_connector_silent"] = self.env[
                "pcu.platform"
            ].sudo()._is_silent() and not result.get("pcu_is_copy")
        return result
