"""Decide a request: outcome, answer, final documents."""

from odoo import fields, models


class PcuRequestDecide(models.TransientModel):
    """The dialog of the decision."""

    _name = "pcu.request.decide"
    _description = "Decide a request"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    outcome = fields.Selection(
        selection=lambda self: self._selection_outcome(),
        required=True,
        default="favourable",
    )
    text = fields.Text(string="Answer")
    file_ids = fields.Many2many(comodel_name="ir.attachment", string="Final documents")
    missing_text = fields.Char(related="request_id.missing_text")
    appeal_note = fields.Text(related="request_id.appeal_note")

    def _selection_outcome(self):
        """Offer the outcomes of the request itself."""
        field = self.env["pcu.request"]._fields["outcome"]
        return field._description_selection(self.env)

    def action_confirm(self):
        """Decide; the uploaded files become issued documents."""
        self.ensure_one()
        request = self.request_id
        request._check_can_solve()
        self.file_ids._pcu_check_uploads(self)
        documents = self.env["pcu.document"]._create_from_attachments(
            self.file_ids,
            {
                "kind": "issued",
                "company_id": request.company_id.id,
                "department_id": request.department_id.id,
            },
        )
        request._decide(self.outcome, self.text, documents)
        self.file_ids.unlink()
        return {"type": "ir.actions.act_window_close"}
