"""The applicant hears that the answer is on its way."""

from odoo import models


class PcuDispatch(models.Model):
    _inherit = "pcu.dispatch"

    def _send(self, day, note=None):
        """Owe the message with the R or AWB number (M8) for answers to requests."""
        result = super()._send(day, note)
        requests_sudo = self.env["pcu.request"].sudo()  # the registry sends for all
        for dispatch in self:
            request = requests_sudo.search(
                [("reply_entry_id", "=", dispatch.entry_id.id)], limit=1
            )
            if request.delivery_way == "post":
                notice = self.env["pcu.notice"]._owe(request, "posted")
                notice.dispatch_id = dispatch
        return result
