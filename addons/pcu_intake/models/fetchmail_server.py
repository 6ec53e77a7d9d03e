"""A mailbox that belongs to one register."""

from odoo import api, fields, models


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    pcu_register_id = fields.Many2one(
        comodel_name="pcu.register",
        string="Register",
        index="btree_not_null",
        help="Each message of this mailbox becomes a proposal for this register.",
    )

    @api.onchange("pcu_register_id")
    def _onchange_pcu_register_id(self):
        if self.pcu_register_id:
            self.object_id = self.env["ir.model"]._get("pcu.intake.message")
