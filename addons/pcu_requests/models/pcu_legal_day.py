"""A changed calendar moves the terms of open requests."""

from odoo import api, models
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.fields import Domain

from .. import request_states as rs


class PcuLegalDay(models.Model):
    """Marks the open requests whose term runs over a day that changed."""

    _inherit = "pcu.legal.day"

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days._mark_terms()
        return days

    def write(self, vals):
        if not {"date", "kind", "company_id"} & vals.keys():
            return super().write(vals)
        self._mark_terms()  # where it was
        result = super().write(vals)
        self._mark_terms()  # where it is
        return result

    def unlink(self):
        self._mark_terms()
        return super().unlink()

    def _mark_terms(self):
        """Mark what must be counted anew and wake the recount up.

        A day can only move a term that runs over it: from registration up to the due
        date, on which a term that would have ended on this day has come to lie.
        """
        # sudo: the administrator keeps the calendar and sees no requests
        requests = self.env["pcu.request"].sudo()
        touched = Domain.OR(day._get_touched() for day in self)
        stale = requests.search(touched & Domain("state", "in", list(rs.OPEN_STATES)))
        if stale:
            stale.write({"term_stale": True})
            cron = self.env.ref(
                "pcu_requests.ir_cron_recount_terms", raise_if_not_found=False
            )
            if cron:
                cron.sudo()._trigger()

    def _get_touched(self):
        """Return the domain of the requests whose term runs over this day."""
        self.ensure_one()
        over = Domain("registration_date", "<=", self.date) & Domain(
            "due_date", ">=", self.date
        )
        if self.company_id:
            over &= Domain("company_id", "=", self.company_id.id)
        return over

    @api.model
    def _cron_recount_terms(self):
        """Count the marked terms anew and note which moved."""
        stale = [("term_stale", "=", True)]
        requests = self.env["pcu.request"].sudo().search(stale, order="id")

        def recount(request):
            before = (request.due_date, request.internal_due_date)
            request._compute_due_dates()
            self.env["pcu.term.move"]._log(request, before)
            request.term_stale = False

        in_turn(self.env, requests, recount)
