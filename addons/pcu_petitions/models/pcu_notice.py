"""What a petitioner is told: sent on (M5), one answer for several petitions."""

from odoo import api, fields, models


class PcuNotice(models.Model):
    """Notices about petitions."""

    _inherit = "pcu.notice"

    kind = fields.Selection(
        selection_add=[("redirected", "Sent on")],
        ondelete={"redirected": "cascade"},
    )

    def _get_template_xmlid(self):
        """Add the message M5."""
        if self.kind == "redirected":
            return "pcu_petitions.mail_template_redirected"
        return super()._get_template_xmlid()

    @api.model
    def _owe(self, request, kind, clarification=None):
        """Owe nothing to nobody: an anonymous petition has no address to find out."""
        if request.is_anonymous and not request.email:
            return self.browse()
        return super()._owe(request, kind, clarification)

    def _compute_also_answered(self):
        """Name all petitions that one answer settles (OG 27/2002 art. 10)."""
        for notice in self:
            connected = notice.request_id.sudo().joined_request_ids
            notice.also_answered = (
                ", ".join(connected.sorted("id").mapped("entry_reference")) or False
            )
