"""Who solves requests starts the day at the desk."""

from odoo import api, models


class IrHttp(models.AbstractModel):
    """The first screen after the login."""

    _inherit = "ir.http"

    def session_info(self):
        """Tell the client the first screen."""
        info = super().session_info()
        info["home_action_id"] = self._get_home_action_id(info.get("home_action_id"))
        return info

    @api.model
    def _get_home_action_id(self, chosen):
        """Send who solves or approves to the desk, unless they chose another page."""
        user = self.env.user
        at_desk = user.has_group("pcu_base.group_inspector") or user.has_group(
            "pcu_base.group_approver"
        )
        if chosen or not at_desk:
            return chosen
        # sudo: only the id of the action
        desk = self.env.ref("pcu_requests.pcu_request_action_desk", False)
        return desk.sudo().id if desk else chosen
