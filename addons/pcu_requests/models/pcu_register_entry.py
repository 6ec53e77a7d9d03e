"""The register entry tells its request what happened to it in the register."""

from odoo import fields, models
from odoo.tools import format_date


class PcuRegisterEntry(models.Model):
    """An entry of the register that a request stands behind."""

    _inherit = "pcu.register.entry"

    request_ids = fields.One2many(
        comodel_name="pcu.request", inverse_name="entry_id", string="Requests"
    )

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
