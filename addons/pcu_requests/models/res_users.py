"""Somebody who leaves the house leaves no approval behind unseen."""

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Tell the departments whose answers waited for a closed account."""
        leaving = self.browse()
        if "active" in vals and not vals["active"]:
            leaving = self.filtered("active")
        result = super().write(vals)
        if leaving:
            self.env["pcu.approval"]._on_account_closed(leaving)
        return result
