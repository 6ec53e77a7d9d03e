"""Sending entries on their way; the legs themselves are ``pcu.routing``."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .pcu_register_entry import ROUTED


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    can_accept = fields.Boolean(compute="_compute_can_accept")

    @api.depends("routing_ids.state", "state")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        user = self.env.user
        departments = user.pcu_visible_department_ids
        for entry in self:
            leg = entry._get_last_leg()
            entry.can_accept = leg.state == "sent" and (
                leg.user_id == user
                or (not leg.user_id and leg.department_id in departments)
            )

    def action_accept_routing(self):
        """Accept the last leg from the entry's own form."""
        for entry in self:
            entry._get_last_leg().action_accept()
        return True

    @api.private
    def action_route(self, department, user=None, text=None):
        """Send entries to a department and, if known, to a person.

        :param department: ``pcu.department``
        :param user: ``res.users`` or None for the department's pool
        :param text: the resolution, as the head writes it on the paper
        """
        self._check_may_route(department)
        user = user or self.env["res.users"]
        # sudo: a head routes without the right to edit the register
        entries_sudo = self.sudo()
        entries_sudo.routing_ids._close()
        self.env["pcu.routing"].sudo().create(
            [
                {
                    "entry_id": entry.id,
                    "from_user_id": self.env.uid,
                    "department_id": department.id,
                    "user_id": user.id,
                    "resolution_text": text or False,
                    "sent_at": fields.Datetime.now(),
                }
                for entry in entries_sudo
            ]
        )
        for has_number, entries in entries_sudo.grouped(
            lambda e: bool(e.number)
        ).items():
            values = {"department_id": department.id, "holder_id": user.id}
            if has_number:
                values["state"] = ROUTED
            entries._programmatic().write(values)
        entries_sudo._copy_routing_to_documents()
        entries_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        if user:
            entries_sudo._remind(user, text or self.env._("Document routed to you"))
        self.env["pcu.journal"]._log(
            self, "entry_routed", department=department.code, user=user.id or None
        )
        return True

    def _get_last_leg(self):
        """Return the newest leg; in the cache a new one stands last, not first."""
        self.ensure_one()
        return self.routing_ids.sorted("id")[-1:]

    def _check_may_route(self, department):
        self.check_access("read")
        if self.filtered(lambda entry: entry.state in ("draft", "annulled")):
            raise UserError(
                self.env._("Only registered documents are routed. Register it first.")
            )
        if any(entry.company_id != department.company_id for entry in self):
            raise UserError(
                self.env._("The department belongs to another institution.")
            )
        if self._is_operator():
            return
        user = self.env.user
        own = user.pcu_visible_department_ids
        if (
            user.has_group("pcu_base.group_head")
            and department in own
            and not self.filtered(lambda entry: entry.department_id not in own)
        ):
            return
        raise UserError(
            self.env._(
                "A head routes documents within the own department; the registry "
                "routes them between departments."
            )
        )

    def _remind(self, user, summary):
        """Put the document on a person's list, without an e-mail for each."""
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=summary
        )
