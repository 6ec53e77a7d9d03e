"""The entry's whole way on one picture; the drawing is ``route_picture.py``."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.pcu_base.romania import local_time
from odoo.tools import format_date

from .. import route_picture
from ..route_picture import Step
from .pcu_register_entry import ANNULLED, SOLVED
from .pcu_routing import (
    ACCEPTED,
    DONE,
    ENDED,
    INFO,
    LEAD,
    NOTED,
    PASSED,
    RETURNED,
    SENT,
)

ICONS = {LEAD: "fa-arrow-right", "share": "fa-users", INFO: "fa-info-circle"}
TONES = {
    SENT: "info",
    ACCEPTED: "primary",
    DONE: "success",
    NOTED: "success",
    RETURNED: "warning",
    PASSED: "secondary",
    ENDED: "secondary",
}


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    route_html = fields.Html(
        string="The document's way", compute="_compute_route_html", sanitize=False
    )

    @api.depends(
        "routing_ids.state", "state", "holder_id", "department_id", "annulled_at",
        "registered_at", "create_uid",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_route_html(self):
        for entry in self:
            if not entry.registered_at:
                entry.route_html = False
                continue
            # sudo: who reads the entry sees its whole way, other departments too
            steps = [step for _at, step in sorted(
                entry.sudo()._get_route_steps(), key=lambda pair: pair[0]
            )]  # fmt: skip
            entry.route_html = route_picture.draw(
                steps, self.env._("The document's way")
            )

    def _get_route_steps(self):
        """Return pairs (moment, step); other aspects add what they know.

        Equal moments keep the order in which they are returned.
        """
        self.ensure_one()
        steps = [
            (
                self.registered_at,
                Step(
                    title=self.env._("Registered"),
                    when=self._show_moment(self.registered_at),
                    icon="fa-pencil-square-o",
                    tone="success",
                    details=(self._show_author(),),
                ),
            )
        ]
        last = self._get_last_leg()
        legs = self.routing_ids.sorted("id")
        leading = [leg for leg in legs if leg.kind == LEAD]
        until = dict(zip(leading, [leg.sent_at for leg in leading[1:]], strict=False))
        for leg in legs:
            steps.append((leg.sent_at, self._draw_leg(leg, until.get(leg), last)))
            if leg.state == RETURNED:
                steps.append((leg.returned_at, self._draw_return(leg)))
        return steps + self._get_taken_steps(last) + self._get_end_steps()

    def _get_taken_steps(self, last):
        """Tell who took it from the department's pool without being sent it."""
        if not self._is_taken(last):
            return []
        step = Step(
            title=self.env._("Taken over: %(user)s", user=self.holder_id.name),
            when=self._show_moment(self.held_since),
            icon="fa-map-marker",
            tone="primary",
            details=(self.department_id.name or "",),
            current=True,
        )
        return [(self.held_since, step)]

    def _is_taken(self, last):
        """Tell whether it lies with somebody to whom no leg leads."""
        led_to = last.user_id or last.accepted_by_id
        return self._is_underway() and self.holder_id and self.holder_id != led_to

    def _show_author(self):
        """Say who registered it; what a program did came by a channel."""
        if self.create_uid.id != SUPERUSER_ID:
            return self.create_uid.display_name
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return self.env._(
            "by itself, from %(channel)s", channel=channels.get(self.channel, "–")
        )

    def _draw_leg(self, leg, until, last):
        """Tell one leg: to whom, by whom, what became of it, how long it lay there."""
        kinds = dict(leg._fields["kind"]._description_selection(self.env))
        states = dict(leg._fields["state"]._description_selection(self.env))
        current = (
            leg == last
            and leg.state in (SENT, ACCEPTED)
            and self._is_underway()
            and not self._is_taken(last)
        )
        return Step(
            title=self.env._(
                "%(kind)s: %(recipient)s",
                kind=kinds[leg.kind],
                recipient=" – ".join(
                    filter(None, (leg.department_id.name, leg.user_id.name))
                ),
            ),
            when=self._show_moment(leg.sent_at),
            icon="fa-map-marker" if current else ICONS[leg.kind],
            state=states[leg.state],
            tone=TONES[leg.state],
            details=self._get_leg_details(leg, until, current),
            quote=leg.resolution_text or "",
            signed=self._show_resolution(leg),
            beside=leg.kind != LEAD,
            current=current,
        )

    def _get_leg_details(self, leg, until, current):
        details = []
        if leg.from_user_id:
            details.append(self.env._("sent by %(user)s", user=leg.from_user_id.name))
        if leg.pcu_on_behalf_of_id:
            details.append(
                self.env._("for %(user)s, absent", user=leg.pcu_on_behalf_of_id.name)
            )
        if leg.accepted_at:
            details.append(
                self.env._(
                    "%(user)s, %(moment)s",
                    user=leg.accepted_by_id.name,
                    moment=self._show_moment(leg.accepted_at),
                )
            )
        if leg.due_date:
            details.append(
                self.env._(
                    "answer until %(date)s", date=format_date(self.env, leg.due_date)
                )
            )
        end = (
            leg.returned_at
            or until
            or self.annulled_at
            or (current and fields.Datetime.now())
        )
        if leg.kind == LEAD and end:
            days = (end - leg.sent_at).days
            text = (
                self.env._("with them for %(days)s days", days=days)
                if current
                else self.env._("stayed %(days)s days", days=days)
            )
            details.append(text)
        return (" · ".join(details),)

    def _show_resolution(self, leg):
        """Say who gave the resolution, for whom, and when."""
        absent = leg.resolution_for_id
        return ", ".join(
            filter(
                None,
                (
                    leg.resolution_by_id.name,
                    absent and self.env._("for %(user)s, absent", user=absent.name),
                    leg.resolution_date and format_date(self.env, leg.resolution_date),
                ),
            )
        )

    def _draw_return(self, leg):
        return Step(
            title=self.env._("Returned by %(user)s", user=leg.returned_by_id.name),
            when=self._show_moment(leg.returned_at),
            icon="fa-reply",
            tone="warning",
            quote=leg.return_reason or "",
            beside=leg.kind != LEAD,
        )

    def _get_end_steps(self):
        """Tell how the way ended; what was solved can still be annulled."""
        steps = []
        if self.state in (SOLVED, ANNULLED):
            steps += self._draw_solved()
        if self.state == ANNULLED:
            steps.append((self.annulled_at, self._draw_annulled()))
        return steps

    def _draw_annulled(self):
        return Step(
            title=self.env._("Annulled"),
            when=self._show_moment(self.annulled_at),
            icon="fa-ban",
            tone="danger",
            details=(self.annulled_by_id.name,),
            quote=self.annulment_reason or "",
        )

    def _draw_solved(self):
        """Tell the solving; the journal knows when and by whom, if it was here."""
        solved = self.env["pcu.journal"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("action", "=", "entry_solved"),
            ],
            limit=1,
        )
        if not solved and self.state != SOLVED:
            return []
        at = solved.at or fields.Datetime.now()
        resolutions = dict(self._fields["resolution"]._description_selection(self.env))
        step = Step(
            title=self.env._("Solved"),
            when=(solved.at and self._show_moment(at)) or "",
            icon="fa-check-circle",
            tone="success",
            state=resolutions.get(self.resolution, ""),
            details=(solved.user_id.name or "",),
            quote=self.resolution_note or "",
        )
        return [(at, step)]

    def _is_underway(self):
        return self.state not in (SOLVED, ANNULLED)

    def _show_moment(self, moment):
        return f"{local_time(moment):%d.%m.%Y %H:%M}"

    def _show_day(self, day):
        return format_date(self.env, day, date_format="dd.MM.yyyy")
