"""Take the proof of a payment, refuse it, or let the fee off."""

import base64

from odoo import fields, models


class PcuRequestFeeSettle(models.TransientModel):
    """One dialog for the three acts that need a word or a file."""

    _name = "pcu.request.fee.settle"
    _description = "Settle a fee"

    fee_id = fields.Many2one(
        comodel_name="pcu.request.fee", required=True, ondelete="cascade"
    )
    act = fields.Selection(
        selection=[
            ("record", "Record the proof"),
            ("refuse", "Refuse the proof"),
            ("exempt", "Let the fee off"),
        ],
        required=True,
        default="record",
    )
    reference = fields.Char(
        string="Payment reference", help="Receipt, payment order or Ghișeul number."
    )
    proof = fields.Binary(string="Proof of payment", attachment=False)
    proof_name = fields.Char()
    reason = fields.Char()

    def action_confirm(self):
        """Do the act that was opened."""
        self.ensure_one()
        if self.act == "refuse":
            self.fee_id._refuse_proof(self.reason)
        elif self.act == "exempt":
            self.fee_id._exempt(self.reason)
        else:
            self.fee_id._record_payment(self.reference, self._make_document())
        return {"type": "ir.actions.act_window_close"}

    def _make_document(self):
        """Make a document of the file, if there is one."""
        documents = self.env["pcu.document"]
        if not self.proof:
            return documents
        request = self.fee_id.request_id
        request._check_can_register_payment()
        return documents._create_from_bytes(
            [
                {
                    "name": self.proof_name or self.env._("proof of payment"),
                    "content": base64.b64decode(self.proof),
                    "kind": "received",
                    "company_id": request.company_id.id,
                    "department_id": request.department_id.id,
                }
            ]
        )
