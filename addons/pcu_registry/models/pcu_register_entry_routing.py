"""Sending entries on their way; the legs themselves are ``pcu.routing``."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from .pcu_register_entry import ANNULLED, DRAFT, ROUTED
from .pcu_routing import ACCEPTED, INFO, LEAD, SENT, SHARE

TODO = "mail.mail_activity_data_todo"


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    can_accept = fields.Boolean(compute="_compute_my_legs")
    can_note = fields.Boolean(compute="_compute_my_legs")
    can_finish = fields.Boolean(compute="_compute_my_legs")
    can_return = fields.Boolean(compute="_compute_my_legs")
    can_route = fields.Boolean(compute="_compute_can_route")

    # ------------------------------------------------------------------ computes

    @api.depends("routing_ids.state", "routing_ids.user_id", "state")
    @api.depends_context("uid")
    def _compute_my_legs(self):
        """Say what the user can answer here: one button for each."""
        for entry in self:
            mine = entry._get_my_legs()
            work = mine.filtered(lambda leg: leg.kind != INFO)
            entry.can_accept = SENT in work.mapped("state")
            entry.can_note = bool(mine - work)
            entry.can_finish = any(
                leg.kind == SHARE and leg.state == ACCEPTED for leg in work
            )
            entry.can_return = bool(work)

    @api.depends("register_id", "department_id")
    @api.depends_context("uid")
    def _compute_can_route(self):
        """Say whether the user may send it on, anywhere or within the department."""
        user = self.env.user
        head = user.has_group("pcu_base.group_head")
        for entry in self:
            own = entry.department_id in user.pcu_visible_department_ids
            entry.can_route = entry._is_registry() or (head and own)

    # ------------------------------------------------------------------ actions

    def action_accept_routing(self):
        """Accept from the entry's own form what was sent to the user."""
        for entry in self:
            entry._get_my_legs(SENT).action_accept()
        return True

    def action_finish_routing(self):
        """Report the user's part as done from the entry's own form."""
        for entry in self:
            entry._get_my_legs(ACCEPTED).filtered(
                lambda leg: leg.kind == SHARE
            ).action_done()
        return True

    @api.private
    def action_route(
        self, department, user=None, text=None, shares=(), copies=(), **resolution
    ):
        """Send entries to a department and, if known, to a person.

        :param department: ``pcu.department`` that is responsible
        :param user: ``res.users`` or None for the department's pool
        :param text: the resolution, as the head writes it on the paper
        :param shares: pairs (department, user or None) that take part
        :param copies: pairs that get a copy for information
        :param resolution: ``resolution_by_id``, ``resolution_for_id``,
            ``resolution_date``, ``due_date`` of the legs
        """
        user = user or self.env["res.users"]
        recipients = self._gather_recipients(department, user, shares, copies)
        for _kind, target, _person in recipients:
            self._check_may_route(target)
        self._check_resolution(resolution)
        self._check_not_passing_by(resolution.get("resolution_by_id"))
        # sudo: a head routes without the right to edit the register
        entries_sudo = self.sudo()
        entries_sudo.routing_ids.filtered(lambda leg: leg.kind == LEAD)._close()
        entries_sudo._forget_reminders()
        self.env["pcu.routing"].sudo().create(
            [
                {
                    **resolution,
                    "entry_id": entry.id,
                    "kind": kind,
                    "from_user_id": self.env.uid,
                    "department_id": target.id,
                    "user_id": person.id,
                    "resolution_text": text or False,
                    "sent_at": fields.Datetime.now(),
                }
                for entry in entries_sudo
                for kind, target, person in recipients
            ]
        )
        entries_sudo._lie_with(department, user)
        for kind, _target, person in recipients:
            if person:
                entries_sudo._remind_of_leg(kind, person, text, resolution)
        self.env["pcu.journal"]._log(
            self, "entry_routed", department=department.code, user=user.id or None
        )
        return True

    # ------------------------------------------------------------------ business

    def _lie_with(self, department, user):
        """Say where entries lie now; documents and state follow."""
        for has_number, entries in self.grouped(lambda e: bool(e.number)).items():
            values = {"department_id": department.id, "holder_id": user.id}
            if has_number:
                values["state"] = ROUTED
            entries._programmatic().write(values)
        self._copy_routing_to_documents()

    def _get_last_leg(self):
        """Return the newest leading leg; in the cache a new one stands last."""
        self.ensure_one()
        return self.routing_ids.filtered(lambda leg: leg.kind == LEAD).sorted("id")[-1:]

    def _get_my_legs(self, state=None):
        """Return the legs that the user can answer, of one state or of any."""
        self.ensure_one()
        user = self.env.user
        last = self._get_last_leg()
        return self.routing_ids.filtered(
            lambda leg: (
                (leg.state == state if state else leg.state in (SENT, ACCEPTED))
                and (leg == last or leg.kind != LEAD)
                and leg._is_addressed_to(user)
                and (leg.state == SENT or leg._is_returnable_late())
            )
        )

    def _gather_recipients(self, department, user, shares, copies):
        """Return (kind, department, person) of everybody, each of them once."""
        recipients = [(LEAD, department, user)]
        taken = {(department, user)}
        for kind, pairs in ((SHARE, shares), (INFO, copies)):
            for target, person in pairs:
                person = person or self.env["res.users"]
                if (target, person) in taken:
                    raise UserError(
                        self.env._(
                            "%(recipient)s is there twice. Who is responsible or takes "
                            "part needs no copy for information.",
                            recipient=person.name or target.name,
                        )
                    )
                taken.add((target, person))
                recipients.append((kind, target, person))
        return recipients

    def _check_resolution(self, resolution):
        today = local_day()
        # A substitute signs for who gives it.
        giver = resolution.get("resolution_for_id") or resolution.get(
            "resolution_by_id"
        )
        if giver and giver not in self._get_resolution_givers().ids:
            raise UserError(
                self.env._(
                    "Resolutions are given by the mayor, the secretary general, those "
                    "named for it in the institution's settings, and by a head for the "
                    "own department."
                )
            )
        given = fields.Date.to_date(resolution.get("resolution_date"))
        if given and given > today:
            raise UserError(self.env._("A resolution can't be dated in the future."))
        due = fields.Date.to_date(resolution.get("due_date"))
        if due and due < today:
            raise UserError(
                self.env._("The date until which an answer is asked has passed.")
            )

    def _get_resolution_givers(self):
        """Return who may give a resolution on these entries."""
        # sudo: who leads the institution is no secret
        givers = self.company_id.sudo()._pcu_get_resolution_givers()
        if self.env.user.has_group("pcu_base.group_head"):
            givers |= self.env.user
        return givers

    def _check_may_route(self, department):
        self.check_access("read")
        if self.filtered(lambda entry: entry.state in (DRAFT, ANNULLED)):
            raise UserError(
                self.env._("Only registered documents are routed. Register it first.")
            )
        if any(entry.company_id != department.company_id for entry in self):
            raise UserError(
                self.env._("The department belongs to another institution.")
            )
        own = department in self.env.user.pcu_visible_department_ids
        if self._is_registry() or (own and all(self.mapped("can_route"))):
            return
        raise UserError(
            self.env._(
                "A head routes documents within the own department; the registry "
                "routes them between departments."
            )
        )

    def _remind_of_leg(self, kind, user, text, resolution):
        summaries = {
            LEAD: text or self.env._("Document routed to you"),
            SHARE: self.env._("Takes part: %(text)s", text=text or ""),
            INFO: self.env._("For information: %(text)s", text=text or ""),
        }
        self._remind(user, summaries[kind].rstrip(" :"), resolution.get("due_date"))

    def _remind(self, user, summary, due_date=None):
        """Put the document on a person's list, without an e-mail for each."""
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            TODO, user_id=user.id, summary=summary, date_deadline=due_date or None
        )

    def _remind_sender(self, sender, summary):
        """Remind who sent the document that it came back.

        What a program sent, or somebody who has left, comes back to all who could send
        it on; the reminders of all go when one of them does.
        """
        self.ensure_one()
        for user in sender if sender.active else self._get_registry_people():
            self._remind(user, summary)

    def _get_registry_people(self):
        """Return the users who register in this register and may write the entry."""
        registrars = self.env.ref("pcu_base.group_registry_operator")
        registrars |= self.env.ref("pcu_registry.group_register_keeper")
        # sudo: who works in the registry is no secret
        people = registrars.sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return people.filtered(lambda user: self.with_user(user).has_access("write"))

    def _forget_reminders(self, user=None):
        """Take reminders of a person, or of who was responsible, off the lists.

        Who takes part or has a copy keeps the reminder when the document moves on.
        """
        legs = self.routing_ids.filtered(
            lambda leg: leg.kind != LEAD and leg.state in (SENT, ACCEPTED)
        )
        kept = {(leg.entry_id.id, leg.user_id.id) for leg in legs}
        todo = self.env.ref(TODO)
        self.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == todo
                and activity.automated
                and (
                    activity.user_id == user
                    if user
                    else (activity.res_id, activity.user_id.id) not in kept
                )
            )
        ).unlink()
