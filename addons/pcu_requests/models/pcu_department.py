"""Who can be given a request."""

from odoo import models


class PcuDepartment(models.Model):
    """A department whose people solve requests."""

    _inherit = "pcu.department"

    def _get_people(self):
        """Return members, head and substitutes: whoever may hold its requests."""
        return self.member_ids | self.head_id | self.substitute_ids
