"""Quick registration: one screen, the keyboard only, the next paper at once."""

from odoo import api, fields, models
from odoo.tools.sql import escape_psql

from .pcu_register_entry import ANNULLED, DRAFT

REMEMBERED = ("register_id", "direction", "channel", "department_id")
"""What the next entry takes over from the last one of the same clerk."""


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    sender_twin_id = fields.Many2one(
        comodel_name="res.partner",
        string="Known party like the issuer",
        compute="_compute_sender_twin_id",
    )
    sender_twin_note = fields.Char(compute="_compute_sender_twin_id")
    same_document_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Entry of the same document",
        compute="_compute_same_document_id",
    )
    same_document_note = fields.Char(
        string="Earlier entry", compute="_compute_same_document_id"
    )

    _same_document_idx = models.Index(
        "(sender_id, external_date) WHERE external_date IS NOT NULL"
    )

    # ------------------------------------------------------------------ defaults

    @api.model
    def default_get(self, fields):
        """Start the next quick entry with the choices of the last one."""
        values = super().default_get(fields)
        if self.env.context.get("pcu_quick"):
            values |= {
                name: value
                for name, value in self._get_remembered().items()
                if name in fields
            }
        return values

    @api.model
    def _get_remembered(self):
        """Return what the clerk chose last here, without what is gone since."""
        # sudo: the clerk's own last choices
        saved = self.env.user.sudo().pcu_quick_last or {}
        values = dict(saved.get(str(self.env.company.id)) or {})
        for name in ("register_id", "department_id"):
            found = self.env[self._fields[name].comodel_name].search(
                [
                    ("id", "=", values.pop(name, False)),
                    ("company_id", "=", self.env.company.id),
                ]
            )
            if found:
                values[name] = found.id
        register = self.env["pcu.register"].browse(values.get("register_id"))
        if register.resolution_office and values.get("direction") == "incoming":
            # Proposed with each paper anew: the last one's would go unseen.
            values.pop("department_id", None)
        return values

    def _remember_choices(self):
        """Keep the choices for the clerk's next entry; most of the time: nothing."""
        self.ensure_one()
        choices = {name: self[name] for name in REMEMBERED}
        choices["register_id"] = self.register_id.id
        choices["department_id"] = self.department_id.id
        # sudo: users may not write themselves
        user_sudo = self.env.user.sudo()
        saved = user_sudo.pcu_quick_last or {}
        key = str(self.company_id.id)
        if saved.get(key) != choices:
            user_sudo.pcu_quick_last = saved | {key: choices}

    # ------------------------------------------------------------------ computes

    @api.depends("sender_id", "state")
    def _compute_sender_twin_id(self):
        """Look for a known party like a sender who has no entry yet."""
        for entry in self:
            twin = self.env["res.partner"]
            if entry.sender_id and entry.state == DRAFT and entry._has_new_sender():
                twin = entry.sender_id._pcu_find_twin()
            entry.sender_twin_id = twin
            entry.sender_twin_note = ", ".join(
                filter(None, (twin.name, twin and twin._get_sender_note()))
            )

    def _has_new_sender(self):
        sender = self.sender_id._origin
        # sudo: an entry that the clerk may not see makes the sender known, too
        return not self.sudo().search_count(
            [("sender_id", "=", sender.id), ("state", "!=", DRAFT)], limit=1
        )

    @api.depends("sender_id", "external_number", "external_date", "state")
    def _compute_same_document_id(self):
        """Look for an entry with the same number, date and issuer."""
        for entry in self:
            number = (entry.external_number or "").strip()
            complete = number and entry.sender_id and entry.external_date
            entry.same_document_id = (
                entry._find_same_document(number)
                if complete and entry.state == DRAFT
                else False
            )
            entry.same_document_note = entry.same_document_id.display_name

    def _find_same_document(self, number):
        return self.search(
            [
                ("sender_id", "=", self.sender_id._origin.id),
                ("external_date", "=", self.external_date),
                ("external_number", "=ilike", escape_psql(number)),
                ("state", "not in", (DRAFT, ANNULLED)),
                ("id", "!=", self._origin.id),
            ],
            order="id",
            limit=1,
        )

    # ------------------------------------------------------------------ actions

    def action_quick_register(self):
        """Register one entry and send it to the department chosen with it.

        Both in one transaction; the client then reads the number anew. What waits for
        a resolution goes by that one: the department was proposed with it.
        """
        self.ensure_one()
        department = self.department_id
        self._remember_choices()
        self.action_register()
        if department and not self.awaited_id:
            self.action_route(department)
        return True
