"""Routing: the legs of an entry's way through the institution."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .pcu_register_entry import REGISTERED, ROUTED, SOLVED

LEAD, SHARE, INFO = "lead", "share", "info"
KINDS = [
    (LEAD, "Responsible"),
    (SHARE, "Takes part"),
    (INFO, "For information"),
]
SENT, ACCEPTED, RETURNED, PASSED = "sent", "accepted", "returned", "passed"
DONE, NOTED, ENDED = "done", "noted", "ended"
ROUTING_STATES = [
    (SENT, "Sent"),
    (ACCEPTED, "Accepted"),
    (DONE, "Part done"),
    (NOTED, "Taken note of"),
    (RETURNED, "Returned"),
    (PASSED, "Passed on"),
    (ENDED, "Ended by annulment"),
]


class PcuRouting(models.Model):
    """One leg of an entry's way: who sent it to whom, with what resolution.

    The registry or the head sends; the person, or anybody of the department when no
    person is named, accepts, or returns it with a reason. A leg that is overtaken by
    another one is passed on; annulment ends it.

    One leg leads (*responsabil*): it says where the entry lies. Beside it, others take
    part and report their part as done, or get a copy for information (*spre
    știință*) and take note of it.
    """

    _name = "pcu.routing"
    _description = "Routing"
    _inherit = ["pcu.work.mixin"]
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
    kind = fields.Selection(KINDS, default=LEAD, required=True, readonly=True)
    from_user_id = fields.Many2one(
        comodel_name="res.users", string="Sent by", readonly=True
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="To", index="btree_not_null", readonly=True
    )

    # The resolution (rezoluție), as written on the paper
    resolution_text = fields.Char(string="Resolution", readonly=True)
    resolution_by_id = fields.Many2one(
        comodel_name="res.users", string="Resolution given by", readonly=True
    )
    resolution_date = fields.Date(string="Resolution given on", readonly=True)
    due_date = fields.Date(string="Answer until", readonly=True)

    # What became of it
    state = fields.Selection(ROUTING_STATES, default=SENT, required=True, readonly=True)
    sent_at = fields.Datetime(readonly=True)
    accepted_at = fields.Datetime(readonly=True)
    accepted_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    done_at = fields.Datetime(string="Part done on", readonly=True)
    returned_at = fields.Datetime(readonly=True)
    returned_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    return_reason = fields.Char(readonly=True)

    # For the list of what waits for me
    entry_summary = fields.Char(related="entry_id.summary", string="Content")
    entry_state = fields.Selection(related="entry_id.state", string="Entry state")

    # Who got a copy reads the entry: asked for every list of an inspector.
    _copy_user_idx = models.Index("(user_id, entry_id) WHERE kind != 'lead'")
    _copy_department_idx = models.Index(
        "(department_id, entry_id) WHERE kind != 'lead'"
    )

    # ------------------------------------------------------------------ actions

    def action_accept(self):
        """Take the document over, or take note of a copy.

        In a department's pool, whoever accepts holds it.
        """
        self._check_addressee()
        now = fields.Datetime.now()
        # sudo: accepting is the addressee's act, without rights on the register
        for routing in self.sudo():
            noted = routing.kind == INFO
            routing.write(
                {
                    "state": NOTED if noted else ACCEPTED,
                    "accepted_at": now,
                    "accepted_by_id": self.env.uid,
                }
            )
            if routing.kind == LEAD and not routing.entry_id.holder_id:
                routing.entry_id._programmatic().write({"holder_id": self.env.uid})
            elif noted:
                routing.entry_id._forget_reminders(self.env.user)
        return True

    def action_done(self):
        """Report one's part as done to who leads."""
        self._check_addressee(state=ACCEPTED)
        if self.filtered(lambda leg: leg.kind != SHARE):
            raise UserError(
                self.env._(
                    "Only who takes part reports a part as done; who is responsible "
                    "marks the document as solved."
                )
            )
        # sudo: as above
        for routing in self.sudo():
            routing.write({"state": DONE, "done_at": fields.Datetime.now()})
            entry = routing.entry_id
            entry._forget_reminders(self.env.user)
            if entry.holder_id.active and entry.holder_id != self.env.user:
                entry._remind(
                    entry.holder_id,
                    self.env._(
                        "%(department)s has done its part",
                        department=routing.department_id.name,
                    ),
                )
        return True

    @api.private
    def action_return(self, reason):
        """Send the document back with a reason; it stands unrouted again.

        What was accepted can still be returned while it lies with who accepted it:
        that something isn't within the competence often shows on reading.
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you return the document."))
        if self.filtered(lambda leg: leg.kind == INFO):
            raise UserError(
                self.env._("A copy for information isn't returned; take note of it.")
            )
        for routing in self:
            routing._check_addressee(
                state=ACCEPTED if routing._is_returnable_late() else SENT
            )
        # sudo: as above
        for routing in self.sudo():
            routing.write(
                {
                    "state": RETURNED,
                    "returned_at": fields.Datetime.now(),
                    "returned_by_id": self.env.uid,
                    "return_reason": reason,
                }
            )
            routing._give_back(reason)
        return True

    # ------------------------------------------------------------------ business

    @api.model
    def _pcu_get_open_work_domain(self):
        """Return parts and copies to be answered; a lead moves with its entry."""
        part = Domain("kind", "=", SHARE) & Domain("state", "in", (SENT, ACCEPTED))
        copy = Domain("kind", "=", INFO) & Domain("state", "=", SENT)
        return part | copy

    def _is_returnable_late(self):
        """Tell whether this leg was accepted and the entry still lies there."""
        self.ensure_one()
        # sudo: the entry may be out of the user's sight by now
        entry = self.sudo().entry_id
        return self.state == ACCEPTED and (
            self.kind == SHARE
            or (entry.state == ROUTED and entry._get_last_leg().id == self.id)
        )

    def _give_back(self, reason):
        """Put the entry where it stood before this leg and tell who sent it."""
        self.ensure_one()
        entry = self.entry_id
        if self.kind == LEAD:
            self._put_back()
        entry._forget_reminders(self.user_id or self.env.user)
        entry._remind_sender(
            self.from_user_id, self.env._("Returned: %(reason)s", reason=reason)
        )
        self.env["pcu.journal"]._log(entry, "entry_returned", reason=reason)

    def _put_back(self):
        entry = self.entry_id
        before = entry.routing_ids.filtered(
            lambda leg: leg.id < self.id and leg.kind == LEAD and leg.state == ACCEPTED
        ).sorted("id")[-1:]
        values = {
            "department_id": before.department_id.id,
            "holder_id": before.user_id.id or before.accepted_by_id.id,
        }
        if entry.number and entry.state != SOLVED:
            values["state"] = ROUTED if before else REGISTERED
        entry._programmatic().write(values)
        entry._copy_routing_to_documents()

    def _is_addressed_to(self, user):
        self.ensure_one()
        if self.user_id:
            return self.user_id == user
        if self.kind == LEAD and self.state == ACCEPTED:
            # Taken from the pool: it lies with one person now.
            return self.accepted_by_id == user
        return self.department_id in user.pcu_visible_department_ids

    def _close(self, *, solved=False):
        """End legs that nobody has answered.

        Who solves or sends on what was addressed to them has accepted it without
        a click; otherwise the leg was overtaken. A copy for information is still to
        be read after the document is solved.
        """
        user = self.env.user
        for leg in self.filtered(lambda leg: leg.state == SENT):
            if leg.kind == INFO and solved:
                continue
            if leg.kind == LEAD and (solved or leg._is_addressed_to(user)):
                leg.write(
                    {
                        "state": ACCEPTED,
                        "accepted_at": fields.Datetime.now(),
                        "accepted_by_id": user.id,
                    }
                )
            else:
                leg.state = PASSED

    def _end(self):
        """End legs that nobody has answered, their entry being annulled."""
        self.filtered(lambda leg: leg.state == SENT).write({"state": ENDED})

    def _check_addressee(self, state=SENT):
        self.check_access("read")
        user = self.env.user
        for routing in self:
            # sudo: as above, and the refusal names it
            label = routing.sudo().entry_id.display_name
            if routing.state != state:
                raise UserError(
                    self.env._(
                        "%(entry)s has already been accepted or returned.",
                        entry=label,
                    )
                    if state == SENT
                    else self.env._("Accept %(entry)s first.", entry=label)
                )
            if not routing._is_addressed_to(user) and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(entry)s was sent to %(addressee)s; only they can accept or "
                        "return it.",
                        entry=label,
                        addressee=routing.user_id.name or routing.department_id.name,
                    )
                )
