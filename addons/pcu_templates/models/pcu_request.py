"""A request has drafts; approval freezes them, the decision issues them."""

from odoo import api, fields, models
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import UserError

from .pcu_draft import DRAFT, DROPPED, FROZEN


class PcuRequest(models.Model):
    """Drafts of the answer."""

    _inherit = "pcu.request"

    draft_ids = fields.One2many(
        comodel_name="pcu.draft", inverse_name="request_id", string="Drafts"
    )
    draft_count = fields.Integer(compute="_compute_draft_count")

    @api.depends("draft_ids.state")
    def _compute_draft_count(self):
        """Count the drafts that may become an answer."""
        for request in self:
            request.draft_count = len(request._get_live_drafts())

    def _get_live_drafts(self):
        """Return the drafts that go with the next decision."""
        return self.draft_ids.filtered(lambda d: d.state in (DRAFT, FROZEN))

    def action_make_draft(self):
        """Open the dialog that chooses a template."""
        self.ensure_one()
        self._check_can_solve()
        if self.state not in (rs.REGISTERED, rs.IN_PROGRESS, rs.CLARIFICATION):
            raise UserError(
                self.env._("A draft is written while the request is being worked on.")
            )
        if not self.env["pcu.template"]._find_for(self):
            raise UserError(
                self.env._(
                    "There is no template for “%(what)s”. Ask the administrator to add "
                    "one under Configuration, Templates, or write the answer in the "
                    "dialog of the decision.",
                    what=self.title,
                )
            )
        return self._open_wizard("pcu_templates.pcu_draft_make_action")

    # ------------------------------------------------------------------
    # Hooks of the floor below
    # ------------------------------------------------------------------

    def _has_prepared_answer(self):
        """A draft is an answer."""
        return super()._has_prepared_answer() or bool(self._get_live_drafts())

    def _issue_prepared_answer(self):
        """Make the final papers of the drafts."""
        return super()._issue_prepared_answer() | self._get_live_drafts()._issue()

    def _on_sent_for_approval(self):
        """Nobody changes what others read and approve."""
        result = super()._on_sent_for_approval()
        drafts = self.draft_ids.filtered(lambda d: d.state == DRAFT)
        drafts._set_state(FROZEN, "draft_frozen")
        return result

    def _on_approval_ended(self, state):
        """What was returned or taken back can be written on again."""
        result = super()._on_approval_ended(state)
        if state != "approved":
            drafts = self.draft_ids.filtered(lambda d: d.state == FROZEN)
            drafts._set_state(DRAFT, "draft_opened")
        return result

    def _on_state_changed(self, old, new):
        """A request that ends without a decision leaves no open draft."""
        result = super()._on_state_changed(old, new)
        if new in (rs.CLOSED, rs.WITHDRAWN, rs.REFUSED):
            self._get_live_drafts()._set_state(DROPPED, "draft_dropped")
        return result
