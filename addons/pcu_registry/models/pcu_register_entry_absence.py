"""What a person holds goes to the substitute as a leg of the entry's way."""

from odoo import api, fields, models
from odoo.fields import Domain

from .pcu_register_entry import REGISTERED, ROUTED, WAITING
from .pcu_routing import PASSED, SENT


class PcuRegisterEntry(models.Model):
    _name = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited
    _inherit = ["pcu.register.entry", "pcu.work.mixin"]

    _pcu_work_field = "holder_id"

    @api.model
    def _pcu_get_open_work_domain(self):
        return Domain("state", "in", (WAITING, REGISTERED, ROUTED))

    def _pcu_move_work(self, from_user, to_user, on_behalf_of):
        """Hand entries over as a leg of their way, so that the picture tells it.

        What was accepted stays accepted: the substitute needn't accept it again.
        """
        legs = []
        for entry in self:
            last = entry._get_last_leg()
            if last.user_id != from_user and last.accepted_by_id != from_user:
                continue
            legs.append(
                {
                    "entry_id": entry.id,
                    "from_user_id": from_user.id,
                    "department_id": last.department_id.id,
                    "user_id": to_user.id,
                    "resolution_text": last.resolution_text,
                    "resolution_by_id": last.resolution_by_id.id,
                    "resolution_for_id": last.resolution_for_id.id,
                    "resolution_date": last.resolution_date,
                    "due_date": last.due_date,
                    "sent_at": fields.Datetime.now(),
                    "state": last.state,
                    "accepted_at": last.accepted_at,
                    "accepted_by_id": to_user.id if last.accepted_at else False,
                }
            )
            if last.state == SENT:
                last.state = PASSED
        self.env["pcu.routing"]._pcu_handing(on_behalf_of).create(legs)
        return super()._pcu_move_work(from_user, to_user, on_behalf_of)
