"""Routing: the legs of an entry's way through the institution."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .pcu_register_entry import REGISTERED, ROUTED, SOLVED

SENT, ACCEPTED, RETURNED, PASSED = "sent", "accepted", "returned", "passed"
ROUTING_STATES = [
    (SENT, "Sent"),
    (ACCEPTED, "Accepted"),
    (RETURNED, "Returned"),
    (PASSED, "Passed on"),
]


class PcuRouting(models.Model):
    """One leg of an entry's way: who sent it to whom, with what resolution.

    The registry or the head sends; the person, or anybody of the department when no
    person is named, accepts, or returns it with a reason. A leg that is overtaken by
    another one, or by annulment, is passed on.
    """

    _name = "pcu.routing"
    _description = "Routing"
    _order = "id desc"
    _rec_name = "entry_id"

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, index=True, string="Institution"
    )
    from_user_id = fields.Many2one(
        comodel_name="res.users", string="Sent by", readonly=True
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="To", index="btree_not_null", readonly=True
    )
    resolution_text = fields.Char(string="Resolution", readonly=True)
    state = fields.Selection(ROUTING_STATES, default=SENT, required=True, readonly=True)
    sent_at = fields.Datetime(readonly=True)
    accepted_at = fields.Datetime(readonly=True)
    accepted_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    returned_at = fields.Datetime(readonly=True)
    return_reason = fields.Char(readonly=True)

    # For the list of what waits for me
    entry_summary = fields.Char(related="entry_id.summary", string="Content")
    entry_state = fields.Selection(related="entry_id.state", string="Entry state")

    # ------------------------------------------------------------------ actions

    def action_accept(self):
        """Take the document over; in a department's pool, whoever accepts holds it."""
        self._check_addressee()
        # sudo: accepting is the addressee's act, without rights on the register
        for routing in self.sudo():
            routing.write(
                {
                    "state": ACCEPTED,
                    "accepted_at": fields.Datetime.now(),
                    "accepted_by_id": self.env.uid,
                }
            )
            if not routing.entry_id.holder_id:
                routing.entry_id._programmatic().write({"holder_id": self.env.uid})
        return True

    @api.private
    def action_return(self, reason):
        """Send the document back with a reason; it stands unrouted again."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you return the document."))
        self._check_addressee()
        # sudo: as above
        for routing in self.sudo():
            routing.write(
                {
                    "state": RETURNED,
                    "returned_at": fields.Datetime.now(),
                    "return_reason": reason,
                }
            )
            routing._give_back(reason)
        return True

    # ------------------------------------------------------------------ business

    def _give_back(self, reason):
        """Put the entry where it stood before this leg."""
        self.ensure_one()
        entry = self.entry_id
        before = entry.routing_ids.filtered(
            lambda leg: leg.id < self.id and leg.state == ACCEPTED
        ).sorted("id")[-1:]
        values = {
            "department_id": before.department_id.id,
            "holder_id": before.user_id.id or before.accepted_by_id.id,
        }
        if entry.number and entry.state != SOLVED:
            values["state"] = ROUTED if before else REGISTERED
        entry._programmatic().write(values)
        entry._copy_routing_to_documents()
        entry.activity_unlink(["mail.mail_activity_data_todo"], user_id=self.user_id.id)
        if self.from_user_id.active:
            entry._remind(
                self.from_user_id,
                self.env._("Returned: %(reason)s", reason=reason),
            )
        self.env["pcu.journal"]._log(entry, "entry_returned", reason=reason)

    def _is_addressed_to(self, user):
        self.ensure_one()
        return self.user_id == user or (
            not self.user_id and self.department_id in user.pcu_visible_department_ids
        )

    def _close(self, *, solved=False):
        """End legs that nobody has answered.

        Who solves or sends on what was addressed to them has accepted it without
        a click; otherwise the leg was overtaken.
        """
        user = self.env.user
        for leg in self.filtered(lambda leg: leg.state == SENT):
            if solved or leg._is_addressed_to(user):
                leg.write(
                    {
                        "state": ACCEPTED,
                        "accepted_at": fields.Datetime.now(),
                        "accepted_by_id": user.id,
                    }
                )
            else:
                leg.state = PASSED

    def _check_addressee(self):
        self.check_access("read")
        user = self.env.user
        for routing in self:
            if routing.state != SENT:
                raise UserError(
                    self.env._(
                        "%(entry)s has already been accepted or returned.",
                        entry=routing.entry_id.display_name,
                    )
                )
            if not routing._is_addressed_to(user) and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(entry)s was sent to %(addressee)s; only they can accept or "
                        "return it.",
                        entry=routing.entry_id.display_name,
                        addressee=routing.user_id.name or routing.department_id.name,
                    )
                )
