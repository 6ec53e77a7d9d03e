"""Solving problems, one or many, after seeing what will happen."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

REFUSALS = ("refused", "spam", "duplicate")
#: Submissions that one press may change.
LIMIT = 100


class PcuExchangeRepair(models.TransientModel):
    """An act on one or more submissions, with a preview of each."""

    _name = "pcu.exchange.repair"
    _description = "Solve"

    act = fields.Selection(
        selection=[
            ("retry", "Try again now"),
            ("park", "Put aside until a day"),
            ("refused", "Refuse, with a reason for the applicant"),
            ("spam", "Mark as spam or test"),
            ("duplicate", "Mark as filed twice"),
        ],
        string="What to do",
        required=True,
        default="retry",
    )
    item_ids = fields.Many2many(comodel_name="pcu.exchange.item", string="Submissions")
    reason = fields.Text()
    parked_until = fields.Date(string="Until")
    preview = fields.Text(compute="_compute_preview", string="What will happen")

    @api.depends("act", "item_ids", "parked_until")
    def _compute_preview(self):
        """Say for each submission what the act does, or why it does nothing."""
        for wizard in self:
            outcome = wizard._get_outcome()
            lines = []
            for item in wizard.item_ids._origin or wizard.item_ids:
                why = item._why_not(wizard.act)
                skipped = why and self.env._("left as it is. %(why)s", why=why)
                lines.append(f"{item.display_name}: {skipped or outcome}")
            wizard.preview = "\n".join(lines)

    def _get_outcome(self):
        """Say what the act does to a submission for which it is possible."""
        _ = self.env._
        return {
            "retry": _("is tried again at once."),
            "park": _("leaves the list of problems until that day."),
            "refused": _("gets no number; the applicant reads the reason."),
            "spam": _("gets no number; the platform is told that it is spam."),
            "duplicate": _("gets no number; the applicant reads that it was twice."),
        }[self.act]

    def action_apply(self):
        """Do it for all for which it is possible."""
        self.ensure_one()
        self.item_ids._check_operate()
        self._check_complete()
        possible = self.item_ids.filtered(lambda item: not item._why_not(self.act))
        for item in possible:
            self._apply_to(item)
        self.env.invalidate_all()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_complete(self):
        """Ask for what the act needs."""
        if len(self.item_ids) > LIMIT:
            raise UserError(
                self.env._("Choose %(limit)s submissions at most.", limit=LIMIT)
            )
        if self.act != "retry" and not (self.reason or "").strip():
            raise UserError(self.env._("Write the reason."))
        if self.act == "park":
            today = local_day()
            if not self.parked_until or self.parked_until <= today:
                raise UserError(self.env._("Choose a day after today."))

    def _apply_to(self, item):
        """Do the act on one submission and let the connector go on with it."""
        reason = (self.reason or "").strip()
        if self.act == "retry":
            item.action_retry()
        elif self.act == "park":
            item._transact("_park", self.env.uid, self.parked_until, reason)
        else:
            item._transact("_refuse", self.env.uid, self.act, reason)
            item.advance()
