"""An absence moves a person's entries, parts and resolutions."""

from odoo import api, models


class PcuAbsence(models.Model):
    _inherit = "pcu.absence"

    @api.model
    def _get_work_models(self):
        ours = [
            "pcu.register.entry",
            "pcu.routing",
            "pcu.resolution",
            "pcu.handover",
        ]
        return ours + super()._get_work_models()
