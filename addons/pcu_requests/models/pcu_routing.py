"""A leg that is returned puts its request on the pile of returned ones."""

from odoo import models


class PcuRouting(models.Model):
    """The way of an entry, and of the request behind it."""

    _inherit = "pcu.routing"

    def _give_back(self, reason):
        """Tell the request's desk that it came back."""
        result = super()._give_back(reason)
        if self.kind == "lead":
            self.entry_id.request_ids._mark_returned(reason)
        return result
