"""Record what came of letters: delivered with proof, or come back with a reason."""

from base64 import b64decode

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from ..models.pcu_dispatch import DELIVERED, RETURN_REASONS, RETURNED


class PcuDispatchProof(models.TransientModel):
    """Ask for the end of one or several letters on their way."""

    _name = "pcu.dispatch.proof"
    _description = "Proof of delivery"

    dispatch_ids = fields.Many2many(
        comodel_name="pcu.dispatch",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    outcome = fields.Selection(
        [(DELIVERED, "Delivered"), (RETURNED, "Came back")],
        required=True,
        default=DELIVERED,
    )
    day = fields.Date(string="On", required=True, default=lambda _self: local_day())
    return_reason = fields.Selection(RETURN_REASONS)
    note = fields.Char(string="Remark", help="E.g. who signed for it.")
    scan = fields.Binary(
        attachment=False, help="The confirmation (AR) or the envelope."
    )
    scan_name = fields.Char()
    is_single = fields.Boolean(compute="_compute_is_single")

    @api.depends("dispatch_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.dispatch_ids) == 1

    def action_confirm(self):
        if self.scan and not self.is_single:
            raise UserError(
                self.env._("A scan proves one letter; record it for one at a time.")
            )
        if self.outcome == DELIVERED:
            self.dispatch_ids.action_deliver(self.day, self.note, self._keep_scan())
        else:
            self.dispatch_ids.action_come_back(
                self.day, self.return_reason, self.note, self._keep_scan()
            )
        return {"type": "ir.actions.act_window_close"}

    def _keep_scan(self):
        """Keep the scan with the entry, byte for byte."""
        documents = self.env["pcu.document"]
        if not self.scan:
            return documents
        self.dispatch_ids._check_may_end(self.day)
        return documents._create_from_bytes(
            [
                {
                    **self.dispatch_ids.entry_id._prepare_document_values(),
                    "kind": "received",
                    "name": self.scan_name or self.env._("Proof of delivery"),
                    "content": b64decode(self.with_context(bin_size=False).scan),
                }
            ]
        )
