"""An absence moves the entries a person holds, and the parts the person takes."""

from odoo import api, models


class PcuAbsence(models.Model):
    _inherit = "pcu.absence"

    @api.model
    def _get_work_models(self):
        return ["pcu.register.entry", "pcu.routing", *super()._get_work_models()]
