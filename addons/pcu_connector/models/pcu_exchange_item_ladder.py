"""Telling people what waits for a person: clerk, head, administrator.

Each hour of a working day whoever is concerned by what has climbed a rung gets one
e-mail about all of it; the first of the day also names all else that waits. Nothing to
tell, no e-mail.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_time
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.fields import Domain

from .. import exchange_states as es
from .. import waiting_ladder as ladder


class PcuExchangeItem(models.Model):
    """The deadline ladder over everything that waits."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    told_rung = fields.Integer(readonly=True, aggregator=None)

    _told_idx = models.Index("(company_id) WHERE told_rung > 0")

    @api.model
    def _cron_tell(self):
        """Tell each institution's people what waits; safe to repeat."""
        platforms = self.env["pcu.platform"].search([("active", "=", True)])
        in_turn(self.env, platforms.company_id, in_romanian(self)._tell_company)

    @api.model
    def _tell_company(self, company):
        """Tell who must hear of it, and write down that they were told."""
        now = fields.Datetime.now()
        local = local_time(now).replace(tzinfo=None)
        calendar = self.env["pcu.legal.day"]._calendar(company)
        if not ladder.is_open(local, calendar):
            return
        waiting = self._get_waiting(company, now, local.date())
        rungs = {item: item._get_rung(local, calendar) for item in waiting}
        daily = company.pcu_exchange_told_on != local.date()
        self.env["pcu.exchange.telling"]._tell(company, rungs, daily)
        self._note_told(company, rungs)
        if daily:
            company.pcu_exchange_told_on = local.date()

    @api.model
    def _get_waiting(self, company, now, today):
        """Return what waits for a person, the nearest legal term first."""
        late = now - ladder.PATIENCE
        platforms = self.env["pcu.platform"].search([("company_id", "=", company.id)])
        # A copy of the database tells nobody about what is not its own.
        domain = Domain("platform_id", "in", platforms.filtered(
            lambda p: not p.safe_mode
        ).ids)  # fmt: skip
        domain &= Domain("needs_person", "=", True) | Domain(
            "state", "in", list(es.INTAKE)
        ) & Domain("first_seen_at", "<", late)
        domain &= Domain("parked_until", "=", False) | Domain(
            "parked_until", "<=", today
        )
        return self.search(domain, order="deadline, id")

    def _get_waiting_since(self):
        """Return since when a person is needed."""
        if not self.request_id:
            return self.submitted_at or self.first_seen_at
        problems = self.effect_ids.filtered(lambda e: e.state in es.STUCK)
        faults = problems.mapped("first_failure_at") + problems.mapped("write_date")
        faults += self.event_ids.filtered(lambda e: e.state == es.HELD).mapped(
            "write_date"
        )
        return min([moment for moment in faults if moment], default=self.registered_at)

    def _get_rung(self, local, calendar):
        """Return how high up it has climbed."""
        since = self._get_waiting_since() or self.first_seen_at
        began = local_time(since).replace(tzinfo=None)
        return ladder.rung(began, local, self.deadline, calendar)

    def _get_state_text(self):
        """Return the state as the reader's screen calls it."""
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.model
    def _note_told(self, company, rungs):
        """Remember who was told; what no longer waits begins anew if it comes back."""
        for item, rung in rungs.items():
            if rung > item.told_rung:
                item.told_rung = rung
                item._journal("exchange_told", rung=rung)
        solved = self.search(
            [("company_id", "=", company.id), ("told_rung", ">", 0),
             ("id", "not in", [item.id for item in rungs])]
        )  # fmt: skip
        solved.told_rung = 0
