"""Laying entries before the mayor or the secretary for their resolution."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..route_picture import Step
from .pcu_register_entry import ANNULLED, REGISTERED, ROUTED, SOLVED
from .pcu_resolution import ASKED, OVERTAKEN, SENT_BACK


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    resolution_ids = fields.One2many(
        comodel_name="pcu.resolution",
        inverse_name="entry_id",
        string="Resolutions",
        groups="pcu_base.group_registry_operator,pcu_base.group_approver,"
        "pcu_base.group_auditor,pcu_registry.group_register_keeper",
    )
    awaited_id = fields.Many2one(
        comodel_name="res.users",
        string="Waits for the resolution of",
        compute="_compute_awaited_id",
        search="_search_awaited_id",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("resolution_ids.state", "resolution_ids.user_id")
    def _compute_awaited_id(self):
        """Say on whose desk it lies; who reads the entry may know."""
        asked_sudo = self.env["pcu.resolution"].sudo().search(
            [("entry_id", "in", self.ids), ("state", "=", ASKED)]
        )  # fmt: skip
        users = {asked.entry_id.id: asked.user_id.id for asked in asked_sudo}
        # All at once: a page sets them one by one in the time of a query.
        self._fields["awaited_id"]._insert_cache(
            self, [users.get(entry._origin.id) for entry in self]
        )

    def _search_awaited_id(self, operator, value):
        """Find by person; what waits at one time is little, so ids are."""
        if operator != "in":
            return NotImplemented
        users = [user_id for user_id in value if user_id]
        found = Domain(
            "id", "in", self._get_awaiting_ids(Domain("user_id", "in", users))
        )
        if len(users) < len(value):
            found |= ~Domain("id", "in", self._get_awaiting_ids(Domain.TRUE))
        return found

    @api.model
    def _get_awaiting_ids(self, domain):
        # sudo: as above
        asked_sudo = self.env["pcu.resolution"].sudo().search(
            Domain("state", "=", ASKED) & domain
        )  # fmt: skip
        return asked_sudo.entry_id.ids

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """Take from the desks what goes its way without their resolution."""
        result = super().write(vals)
        if vals.get("state") in (ROUTED, SOLVED, ANNULLED):
            self._overtake_resolutions()
        return result

    # ------------------------------------------------------------------ actions

    def action_open_resolution(self):
        """Open the sheet on which the user gives the resolution."""
        self.ensure_one()
        asked = self.resolution_ids.filtered(lambda each: each.state == ASKED)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To resolve"),
            "res_model": "pcu.resolution",
            "res_id": asked.id,
            "view_mode": "form",
        }

    @api.private
    def action_ask_resolution(self, user, note=None):
        """Lay entries before the mayor, the secretary or who else gives resolutions.

        :param user: ``res.users``; while absent, the substitute gets them
        :param note: what the registry remarks
        :raise UserError: the document isn't under way, or the person can't be asked
        """
        self.check_access("write")
        for entry in self:
            entry._check_resolvable()
        self._check_may_be_asked(user)
        self._lay_before(user, note)
        self.env["pcu.journal"]._log(self, "resolution_asked", user=user.id)
        return True

    # ------------------------------------------------------------------ business

    def _lay_before(self, user, note=None):
        """Put entries on somebody's desk, and off another's; return the sheets."""
        self._overtake_resolutions()
        # sudo: nobody writes these rows but by acts
        sheets_sudo = self.env["pcu.resolution"].sudo()
        return sheets_sudo.create(
            [
                {
                    "entry_id": entry.id,
                    "user_id": user.id,
                    "asked_by_id": self.env.uid,
                    "note": note or False,
                }
                for entry in self
            ]
        )

    def _overtake_resolutions(self):
        # sudo: as above
        asked_sudo = self.env["pcu.resolution"].sudo().search(
            [("entry_id", "in", self.ids), ("state", "=", ASKED)]
        )  # fmt: skip
        if asked_sudo:
            asked_sudo._end(OVERTAKEN)
            # Before the next one is created: one at a time is asked.
            asked_sudo.flush_recordset()

    def _check_resolvable(self):
        if self.state not in (REGISTERED, ROUTED):
            raise UserError(
                self.env._(
                    "%(entry)s isn't under way: only registered documents that are not "
                    "solved yet wait for a resolution.",
                    entry=self.display_name,
                )
            )

    def _check_may_be_asked(self, user):
        # sudo: who leads the institution and what roles they have is no secret here
        for company_sudo in self.company_id.sudo():
            if user not in company_sudo._pcu_get_resolution_givers():
                raise UserError(
                    self.env._(
                        "%(user)s gives no resolutions here. The administrator names "
                        "the mayor, the secretary general and others in the "
                        "institution's settings.",
                        user=user.name,
                    )
                )
        approver = self.env.ref("pcu_base.group_approver")
        if approver not in user.sudo().all_group_ids:
            raise UserError(
                self.env._(
                    "%(user)s couldn't open what is laid before them. The "
                    "administrator gives them the role “%(role)s”.",
                    user=user.name,
                    role=approver.sudo().name,
                )
            )

    # ------------------------------------------------------------------ the picture

    @api.depends("resolution_ids.state")
    def _compute_route_html(self):
        return super()._compute_route_html()

    def _get_route_steps(self):
        """Tell where it waits for a resolution, and where none was given."""
        told = self.resolution_ids.filtered(
            lambda each: each.state in (ASKED, SENT_BACK)
        )
        return super()._get_route_steps() + [
            step
            for resolution in told
            for step in self._draw_resolution(resolution)
        ]  # fmt: skip

    def _draw_resolution(self, resolution):
        asked = resolution.state == ASKED
        absent = resolution.pcu_on_behalf_of_id
        details = [
            self.env._("laid before by %(user)s", user=resolution.asked_by_id.name)
        ]
        if absent:
            details.append(self.env._("for %(user)s, absent", user=absent.name))
        steps = [
            (
                resolution.asked_at,
                Step(
                    title=self.env._(
                        "For resolution: %(user)s", user=resolution.user_id.name
                    ),
                    when=self._show_moment(resolution.asked_at),
                    icon="fa-pencil",
                    state=self.env._("Waits") if asked else "",
                    tone="info",
                    details=(" · ".join(details),),
                    quote=resolution.note or "",
                    current=asked,
                ),
            )
        ]
        if not asked:
            steps.append(
                (
                    resolution.ended_at,
                    Step(
                        title=self.env._(
                            "Sent back to the registry by %(user)s",
                            user=resolution.user_id.name,
                        ),
                        when=self._show_moment(resolution.ended_at),
                        icon="fa-reply",
                        tone="warning",
                        quote=resolution.text or "",
                    ),
                )
            )
        return steps
