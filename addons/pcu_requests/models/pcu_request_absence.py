"""Requests of an absent inspector lie with the substitute."""

from odoo import api, models
from odoo.fields import Domain

from .. import request_states as rs


class PcuRequest(models.Model):
    """A request whose inspector is absent lies with the substitute."""

    # pylint: disable-next=consider-merging-classes-inherited
    _name = "pcu.request"
    _inherit = ["pcu.request", "pcu.work.mixin"]

    @api.model
    def _pcu_get_open_work_domain(self):
        """Take what somebody still owes to the citizen."""
        return Domain("state", "in", list(rs.OPEN_STATES))

    def _pcu_filter_movable(self, user):
        """Leave what lies in a department where the substitute doesn't work."""
        return self.filtered(
            lambda r: not r.department_id or user in r.department_id._get_people()
        )
