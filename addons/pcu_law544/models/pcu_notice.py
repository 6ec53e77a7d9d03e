"""M9: the answer takes more than ten days."""

from odoo import fields, models


class PcuNotice(models.Model):
    """Notices about public information."""

    _inherit = "pcu.notice"

    kind = fields.Selection(
        selection_add=[("more_time", "Answer within 30 days")],
        ondelete={"more_time": "cascade"},
    )

    def _get_template_xmlid(self):
        """Add the message M9."""
        if self.kind == "more_time":
            return "pcu_law544.mail_template_more_time"
        return super()._get_template_xmlid()
