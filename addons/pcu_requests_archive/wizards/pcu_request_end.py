"""The dialogs that end a request also ask for the code of the file plan."""

from odoo import api, models


class PcuRequestEnd(models.AbstractModel):
    """What the two dialogs have in common: the request, and through it the entry."""

    _name = "pcu.request.end"
    _description = "End of a request under a code of the file plan"
    _inherit = ["pcu.classification.choice"]

    def _get_entries_field(self):
        return ("request_id",)

    def _get_entries_to_end(self):
        # sudo: who solves the request need not handle its row of the register
        return self.request_id.sudo().entry_id

    @api.model
    def default_get(self, fields):
        """Show the code under which the request would go if nobody chose another."""
        values = super().default_get(fields)
        request = self.env["pcu.request"].browse(values.get("request_id"))
        if "classification_id" in fields and request.sudo().entry_id:
            code = request.sudo().entry_id._propose_classification()
            values["classification_id"] = code.id
        return values

    def action_confirm(self):
        self.request_id._check_can_solve()
        self._set_chosen_code()
        return super().action_confirm()


class PcuRequestDecide(models.TransientModel):
    _name = "pcu.request.decide"
    # The question comes before the dialog's own answer.
    _inherit = ["pcu.request.end", "pcu.request.decide"]


class PcuRequestClose(models.TransientModel):
    _name = "pcu.request.close"
    _inherit = ["pcu.request.end", "pcu.request.close"]
