"""An absence moves the entries a person holds, and the parts the person takes."""

from odoo import api, models


class PcuAbsence(models.Model):
    _inherit = "pcu.absence"

    @api.model
    def _get_work_models(self):
        ours = ["pcu.register.entry", "pcu.routing", "pcu.handover"]
        return ours + super()._get_work_models()
