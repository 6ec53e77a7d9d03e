"""The applicant is told when and where the audience takes place."""

from odoo import fields, models


class PcuNotice(models.Model):
    """Notices about audiences."""

    _inherit = "pcu.notice"

    kind = fields.Selection(
        selection_add=[("audience", "Audience booked")],
        ondelete={"audience": "cascade"},
    )

    def _get_template_xmlid(self):
        """Add the message of a booking."""
        if self.kind == "audience":
            return "pcu_audiences.mail_template_audience"
        return super()._get_template_xmlid()
