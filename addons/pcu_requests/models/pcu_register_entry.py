"""The register entry tells its request what happened to it in the register."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PcuRegisterEntry(models.Model):
    """An entry of the register that a request stands behind."""

    _inherit = "pcu.register.entry"

    request_ids = fields.One2many(
        comodel_name="pcu.request", inverse_name="entry_id", string="Requests"
    )

    has_open_request = fields.Boolean(compute="_compute_has_open_request")

    @api.depends("request_ids.state")
    def _compute_has_open_request(self):
        """Say whether a request of the entry waits for its end, whoever may see it."""
        # sudo: who may not see the request can't end its entry past it either
        open_sudo = (
            self.env["pcu.request"]
            .sudo()
            .search([("entry_id", "in", self.ids), ("is_open", "=", True)])
        )
        entry_ids = set(open_sudo.entry_id.ids)
        for entry in self:
            entry.has_open_request = entry._origin.id in entry_ids

    def write(self, vals):
        """Keep the request at the desk where its entry has been routed."""
        result = super().write(vals)
        if {"department_id", "holder_id"} & vals.keys():
            # The registry routes entries without knowing requests; following is
            # bookkeeping, so it does not depend on the operator's rights.
            self.sudo().request_ids._follow_entry()
        if "confidentiality" in vals:
            secret = vals["confidentiality"] == "confidential"
            requests_sudo = self.sudo().request_ids
            requests_sudo.filtered(
                lambda r: bool(r.confidential) != secret
            ).confidential = secret
        return result

    def _pcu_filter_movable(self, user):
        """Leave a paper with its request, where the substitute can't solve it."""
        return (
            super()
            ._pcu_filter_movable(user)
            .filtered(
                lambda e: e.request_ids == e.request_ids._pcu_filter_movable(user)
            )
        )

    @api.private
    def action_solve(self, *args, **kwargs):
        """Leave the end of a request to the request: its decision ends the entry."""
        if not self.env.su:
            self._check_no_open_request()
        return super().action_solve(*args, **kwargs)

    def _check_no_open_request(self):
        for entry in self.filtered("has_open_request"):
            raise UserError(
                self.env._(
                    "%(entry)s is a request that is still open. Press “Open the "
                    "request” and decide or close it there: the register is filled in "
                    "from there, and the applicant gets the answer.",
                    entry=entry.display_name,
                )
            )

    def action_open_request(self):
        """Open the request that this entry registers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.request",
            "view_mode": "form",
            "res_id": self.request_ids[:1].id,
        }

    def _get_slip_term(self):
        """Print on the citizen's slip until when the law asks for an answer."""
        # sudo: the counter prints for departments whose requests it doesn't see
        due = self.sudo().request_ids[:1].due_date
        return format_date(self.env, due) if due else super()._get_slip_term()

    def _after_numbered(self):
        """Move the requests of freshly numbered entries on to their desks."""
        result = super()._after_numbered()
        # Numbering runs for whoever registered last; the requests it touches may
        # belong to departments that this user does not see.
        self.sudo().request_ids._advance_registered()
        return result
