"""Requests that came from a platform owe it answers.

The hooks of ``pcu.request`` run in the transaction of their cause: what we owe is
committed with it or not at all.
"""

from odoo import fields, models

from .. import exchange_states as es
from .pcu_exchange_effect import CLOSING, PROGRESS


class PcuRequest(models.Model):
    """A request knows the submission it was."""

    _inherit = "pcu.request"

    exchange_item_ids = fields.One2many(
        comodel_name="pcu.exchange.item",
        inverse_name="request_id",
        string="Submission on the platform",
    )
    exchange_state = fields.Char(
        compute="_compute_exchange_state", string="On the platform"
    )

    def _compute_exchange_state(self):
        """Say whether the platform knows what we know."""
        items_sudo = self.env["pcu.exchange.item"].sudo()
        # Whoever reads the request may know whether the citizen was told.
        items = items_sudo.search_fetch(
            [("request_id", "in", self.ids)], ["request_id"]
        ).grouped("request_id")
        for request in self:
            item = items.get(request.sudo(), items_sudo)
            request.exchange_state = request._get_exchange_state(item)

    def _get_exchange_state(self, item):
        """Put the state of what we owe into words."""
        if not item:
            return False
        states = set(item.effect_ids.mapped("state"))
        if states & set(es.STUCK):
            return self.env._("The platform was not told: the registry must look")
        if states & set(es.EFFECT_OPEN):
            return self.env._("The platform is being told")
        return self.env._("The platform knows everything")

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------

    def _get_exchange_item(self):
        """Return the submission this request was, found by its key."""
        self.ensure_one()
        # Who solves a request owes answers without seeing the connector.
        items_sudo = self.env["pcu.exchange.item"].sudo()
        if not self.origin_key:
            return items_sudo
        # The submission that is being worked on is known already.
        at_work = items_sudo.browse(self.env.context.get("pcu_from_platform") or [])
        if at_work.origin_key == self.origin_key:
            return at_work
        return items_sudo.search([("origin_key", "=", self.origin_key)], limit=1)

    def _on_filed(self):
        """Owe receipt and number in the transaction that registers."""
        result = super()._on_filed()
        item = self._get_exchange_item()
        if item:
            item.env["pcu.exchange.effect"]._owe_intake(item)
        return result

    def _on_registered(self):
        """Have the answers sent now that the number exists."""
        result = super()._on_registered()
        item = self._get_exchange_item()
        if item.request_id and not item._is_held():
            item._delay_advance()
        return result

    def _on_state_changed(self, old, new):
        """Owe progress and ends that the platform does not know itself."""
        result = super()._on_state_changed(old, new)
        item = self._get_exchange_item()
        if item:
            self._owe_state_change(item, old, new)
        return result

    def _owe_state_change(self, item, old, new):
        """Decide what a change of state means for the platform."""
        effects = item.env["pcu.exchange.effect"]
        if self.env.context.get("pcu_from_platform"):
            if new == "withdrawn":
                effects._give_up_questions(item)
            return
        if new in PROGRESS:
            effects._owe_state(item, PROGRESS[new], None)
        elif new == "withdrawn":
            effects._give_up_questions(item)
            effects._owe_state(item, "withdrawn", self.closing_reason)
        elif new in CLOSING and old != "decided":
            effects._owe_decision(item, "closed", self.closing_reason)

    def _on_clarification_requested(self, clarification):
        """Owe the question to the citizen."""
        result = super()._on_clarification_requested(clarification)
        item = self._get_exchange_item()
        if item:
            item.env["pcu.exchange.effect"]._owe_clarification(item, clarification)
        return result

    def _on_decided(self):
        """Owe the decision with its documents."""
        result = super()._on_decided()
        item = self._get_exchange_item()
        if item:
            item.env["pcu.exchange.effect"]._owe_decision(
                item, self.outcome, self.decision_text, self.final_document_ids
            )
        return result
