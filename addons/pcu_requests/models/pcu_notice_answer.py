"""Notices about money and about how the answer arrives."""

from odoo import fields, models


class PcuNotice(models.Model):
    """Fee due (M2), refused at intake (M6), ready for pick-up and sent by post (M8)."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.notice"

    kind = fields.Selection(
        selection_add=[
            ("fee", "Fee due"),
            ("refused", "Refused at intake"),
            ("ready", "Ready for pick-up"),
            ("posted", "Sent by post"),
        ],
        ondelete=dict.fromkeys(("fee", "refused", "ready", "posted"), "cascade"),
    )
    fee_id = fields.Many2one(comodel_name="pcu.request.fee", index="btree_not_null")
    dispatch_id = fields.Many2one(
        comodel_name="pcu.dispatch", index="btree_not_null", ondelete="set null"
    )

    def _get_mail_attachments(self):
        """Attach the answer only for who asked to get it by e-mail (romania.md 7)."""
        request = self.request_id
        if self.kind == "solved" and request.delivery_way == "email":
            return request.final_document_ids.attachment_id
        return super()._get_mail_attachments()
