"""M9: the answer takes more than ten days; and the answer to a complaint."""

from odoo import fields, models

TEMPLATES = {
    "more_time": "pcu_law544.mail_template_more_time",
    "complaint": "pcu_law544.mail_template_complaint",
}


class PcuNotice(models.Model):
    """Notices about public information."""

    _inherit = "pcu.notice"

    kind = fields.Selection(
        selection_add=[
            ("more_time", "Answer within 30 days"),
            ("complaint", "Complaint answered"),
        ],
        ondelete=dict.fromkeys(TEMPLATES, "cascade"),
    )
    complaint_id = fields.Many2one(
        comodel_name="pcu.law544.complaint", index="btree_not_null"
    )

    def _get_template_xmlid(self):
        """Add the messages of Law 544."""
        return TEMPLATES.get(self.kind) or super()._get_template_xmlid()
