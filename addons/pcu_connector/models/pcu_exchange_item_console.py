"""What a clerk can do about a submission that needs a person.

Each act checks again, in its own transaction, that it is possible now: the connector
may have solved it meanwhile. The wizard ``pcu.exchange.repair`` shows before what will
happen.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import exchange_states as es

#: Days in which an answer is due when no term is known yet (OG 27/2002, art. 8).
GENERAL_TERM = 30


class PcuExchangeItem(models.Model):
    """The clerk's console."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        index=True,
        help="The legal term of the request; before registration, 30 days from filing.",
    )
    needs_person = fields.Boolean(
        compute="_compute_needs_person",
        search="_search_needs_person",
        help="Stuck, sent back to be repaired, or without a procedure.",
    )
    parked_until = fields.Date(string="Put aside until", readonly=True)
    parked_reason = fields.Char(string="Put aside because", readonly=True)

    # Of years of submissions few wait: each kind is found by an index of its own.
    _stuck_idx = models.Index("(deadline) WHERE state IN ('held', 'dead', 'returned')")

    @api.depends("request_id.due_date", "submitted_at", "first_seen_at")
    def _compute_deadline(self):
        """Say by when the citizen must have an answer."""
        for item in self:
            filed = item.submitted_at or item.first_seen_at or fields.Datetime.now()
            general = local_day(filed) + timedelta(days=GENERAL_TERM)
            item.deadline = item.request_id.due_date or general

    def _compute_needs_person(self):
        """Ask the database, as the console's list does."""
        waiting = self.search([("id", "in", self.ids), ("needs_person", "=", True)])
        for item in self:
            item.needs_person = item in waiting

    def _search_needs_person(self, operator, value):
        """Find what a person has to look at, whatever the number of submissions."""
        if operator != "in":
            return NotImplemented
        for model, names in (
            ("item", ["state", "request_id"]), ("effect", ["state", "item_id"]),
            ("event", ["state", "item_id"]),
        ):  # fmt: skip
            self.env[f"pcu.exchange.{model}"].flush_model(names)
        self.env["pcu.request"].flush_model(["unclassified", "state"])
        # Their list first: in one question the planner reads every submission there is.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM pcu_exchange_item
                 WHERE state IN ('held', 'dead', 'returned')
                 UNION
                SELECT item_id FROM pcu_exchange_effect WHERE state IN ('held', 'dead')
                 UNION
                SELECT item_id FROM pcu_exchange_event WHERE state = 'held'
                 UNION
                SELECT i.id FROM pcu_request r
                  JOIN pcu_exchange_item i ON i.request_id = r.id
                 WHERE r.unclassified AND r.state IN %s
                """,
                rs.OPEN_STATES,
            )
        )
        waiting = Domain("id", "in", [item_id for (item_id,) in rows])
        return waiting if True in value else ~waiting

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_repair(self):
        """Open the wizard that shows what each act will do."""
        self._check_operate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Solve"),
            "res_model": "pcu.exchange.repair",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_item_ids": self.ids,
                "default_act": self.env.context.get("pcu_act", "retry"),
            },
        }

    def action_attach_by_hand(self):
        """Open the form by which a missing file comes in by hand."""
        self.ensure_one()
        self._check_operate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bring in by hand"),
            "res_model": "pcu.exchange.manual",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_platform_id": self.platform_id.id,
                "default_mode": "typed",
                "default_number": self.remote_number,
                "default_applicant_name": self.applicant_name,
            },
        }

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def _why_not(self, act):
        """Return why an act is not possible now, or False.

        :param str act: a key of the wizard's ``act``
        """
        self.ensure_one()
        if act == "procedure":
            return self._why_not_procedure()
        if act == "as_is":
            return self._why_not_as_is()
        if act in ("retry", "park"):
            return not (self.problem_summary or self.state in es.INTAKE) and self.env._(
                "Nothing waits here."
            )
        if self.request_id:
            return self.env._(
                "It is registered under %(number)s: end the request instead.",
                number=self.entry_reference or "–",
            )
        if self.state not in es.BEFORE_REGISTER:
            return self.env._("It has ended already.")
        if self._is_held():
            return self.env._("The connector is working on it right now.")
        return act == "returned" and self._why_not_returned()

    def _check_possible(self, act):
        """Refuse an act that is not possible now.

        :raise UserError: with the reason
        """
        self._lock_row()
        if why := self._why_not(act):
            raise UserError(  # pylint: disable=translation-required
                f"{self.display_name}: {why}"
            )

    def _refuse(self, uid, code, text):
        """End a submission before registration, and owe the citizen the reason.

        :param str code: one of :mod:`..refusal_reasons`
        """
        self._check_possible(code)
        self._end_return()
        self.write(self._clear_fault_values() | {"state": es.REFUSED})
        self.env["pcu.exchange.effect"]._owe_refusal(self, True, code, text)
        self._journal("exchange_refused", uid, reason=text, code=code)

    def _park(self, uid, until, reason):
        """Put a problem aside until a day; the connector's own work goes on."""
        self._lock_row()
        self.write({"parked_until": until, "parked_reason": reason})
        self._journal("exchange_parked", uid, reason=reason, until=str(until))
