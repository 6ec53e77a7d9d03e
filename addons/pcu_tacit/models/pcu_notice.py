"""The applicant is told that silence became approval."""

from odoo import fields, models


class PcuNotice(models.Model):
    """Notices about tacit approval."""

    _inherit = "pcu.notice"

    kind = fields.Selection(
        selection_add=[("tacit", "Tacitly approved")], ondelete={"tacit": "cascade"}
    )

    def _get_template_xmlid(self):
        """Add the message of a tacit approval."""
        if self.kind == "tacit":
            return "pcu_tacit.mail_template_tacit"
        return super()._get_template_xmlid()
