"""Incoming documents that go to the mayor or the secretary before anybody else."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .pcu_register_resolution import OFFICES


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    resolution_office = fields.Selection(
        selection=OFFICES,
        string="Goes first for the resolution of",
        compute="_compute_resolution_office",
        help="Whose resolution the document goes to when it is registered.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("direction", "register_id.resolution_office")
    def _compute_resolution_office(self):
        for entry in self:
            entry.resolution_office = (
                entry.direction == "incoming" and entry.register_id.resolution_office
            )

    # ------------------------------------------------------------------ actions

    @api.private
    def action_solve(self, *args, **kwargs):
        self._check_not_passing_by()
        return super().action_solve(*args, **kwargs)

    # ------------------------------------------------------------------ business

    def _log_registered(self):
        """Lay before the mayor what the register sends there first."""
        result = super()._log_registered()
        self._lay_first()
        return result

    def _lay_first(self):
        """Lay newly registered documents before whom their register names.

        When the office is vacant, they stay with the registry, under “Not laid before
        anybody”: no number is refused for it.
        """
        going = self.filtered(lambda entry: entry._goes_first())
        for register, entries in going.grouped("register_id").items():
            user = register.resolution_first_id
            if not user:
                continue
            for sheet in entries._lay_before(user):
                sheet.department_id = sheet.entry_id.department_id
            entries._leave_departments()
            self.env["pcu.journal"]._log(
                entries, "resolution_asked", user=user.id, by_register=True
            )

    def _goes_first(self):
        """Say whether the document goes for a resolution by itself.

        What a program registers for a department goes there: the procedure has said
        so. What is confidential it leaves to the clerk who files it.
        """
        decided = self.origin_key and (
            self.department_id or self.confidentiality == "confidential"
        )
        return bool(self.resolution_office) and not decided

    def _leave_departments(self):
        """Take the proposed department off: it sees the document when it gets it."""
        proposed = self.filtered("department_id")
        if proposed:
            # sudo: part of registering
            proposed.sudo()._programmatic().write({"department_id": False})
            proposed._copy_routing_to_documents()

    def _filter_held_for_resolution(self):
        """Return what goes its way only by the resolution that it waits for."""
        return self.filtered("resolution_office").filtered("awaited_id")

    def _check_not_passing_by(self, giver_id=None):
        """Let nobody look past the resolution that the register asks for.

        :param giver_id: who gave it on paper, if somebody did
        :raise UserError: one of the documents waits for it
        """
        if self.env.su:
            return  # the resolution itself, and programs
        for entry in self._filter_held_for_resolution():
            # sudo: who leads the institution is no secret
            if giver_id in entry.company_id.sudo()._pcu_get_resolution_givers().ids:
                continue
            raise UserError(
                self.env._(
                    "%(entry)s waits for the resolution of %(user)s, as all that comes "
                    "in register %(register)s does. If it was given on paper, press "
                    "“Route” and write it there with who gave it.",
                    entry=entry.display_name,
                    user=entry.awaited_id.name,
                    register=entry.register_id.code,
                )
            )
