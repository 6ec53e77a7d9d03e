"""The dialog that solves entries also asks for the code of the file plan."""

from odoo import models


class PcuRegisterSolve(models.TransientModel):
    _name = "pcu.register.solve"
    _inherit = ["pcu.register.solve", "pcu.classification.choice"]

    def _get_entries_field(self):
        return ("entry_ids",)

    def _get_entries_to_end(self):
        return self.entry_ids

    def action_confirm(self):
        self._set_chosen_code()
        return super().action_confirm()
