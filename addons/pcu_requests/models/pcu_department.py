"""A department that procedures name is not closed."""

from odoo import models
from odoo.fields import Domain


class PcuDepartment(models.Model):
    """Closing: tomorrow's requests need a desk, too."""

    _inherit = "pcu.department"

    def _get_closing_domains(self):
        """Add the procedures whose requests would still come here."""
        domains = super()._get_closing_domains()
        return domains | {"pcu.procedure": Domain("department_id", "=", self.id)}
