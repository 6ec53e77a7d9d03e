"""An absence moves the requests an inspector solves."""

from odoo import api, models


class PcuAbsence(models.Model):
    """The switch also moves requests and what waits for a visa or a signature."""

    _inherit = "pcu.absence"

    @api.model
    def _get_work_models(self):
        """Put requests before their entries, so that both are written down.

        Approvals come first: by them a substitute sees requests elsewhere.
        """
        return ["pcu.approval", "pcu.request", *super()._get_work_models()]
