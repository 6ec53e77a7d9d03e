"""Solving problems, one or many, after seeing what will happen."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import counted, in_romanian, local_day
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import refusal_reasons as reasons
from ..models.pcu_exchange_item_returned import REPAIR_DAYS

#: Submissions that one press may change.
LIMIT = 100
#: Acts that need no reason.
SILENT = ("retry", "procedure", "as_is")


class PcuExchangeRepair(models.TransientModel):
    """An act on one or more submissions, with a preview of each."""

    _name = "pcu.exchange.repair"
    _description = "Solve"

    act = fields.Selection(
        selection=[
            ("retry", "Try again now"),
            ("procedure", "Choose the procedure"),
            ("park", "Put aside until a day"),
            ("returned", "Send back to be repaired"),
            ("as_is", "Wait for the repair no longer, take it as it is"),
            ("refused", "Refuse for good, with a reason for the applicant"),
            ("spam", "Mark as spam or test"),
            ("duplicate", "Mark as filed twice"),
        ],
        string="What to do",
        required=True,
        default="retry",
    )
    item_ids = fields.Many2many(comodel_name="pcu.exchange.item", string="Submissions")
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", domain="[('company_id', '=', company_id)]"
    )
    remember = fields.Boolean(
        string="Also for what comes later under this name",
        default=True,
        help="What is filed under the same name of the platform afterwards gets this "
        "procedure by itself.",
    )
    refusal_code = fields.Selection(
        selection=reasons.CHOICES, string="Why", default=reasons.NOT_COMPETENT
    )
    repair_code = fields.Selection(
        selection=reasons.REPAIRABLE, string="What is wrong", default=reasons.UNREADABLE
    )
    reason = fields.Text(compute="_compute_reason", store=True, readonly=False)
    parked_until = fields.Date(string="Until")
    preview = fields.Text(compute="_compute_preview", string="What will happen")

    @api.depends("item_ids")
    def _compute_company_id(self):
        """Procedures belong to one institution."""
        for wizard in self:
            wizard.company_id = wizard.item_ids.company_id[:1]

    @api.depends("act", "refusal_code", "repair_code")
    def _compute_reason(self):
        """Offer words that the applicant understands; the clerk may change them."""
        for wizard in self:
            words = reasons.text_for_applicant
            if wizard.act == "returned":
                words = reasons.text_for_repair
            # The applicant reads Romanian, whatever language the clerk works in.
            wizard.reason = words(in_romanian(wizard).env, wizard._get_code())

    def _get_code(self):
        """Return the code that names the reason to programs."""
        codes = {"refused": self.refusal_code, "returned": self.repair_code}
        return codes.get(self.act, self.act)

    @api.depends("act", "item_ids", "parked_until", "procedure_id")
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
            "procedure": _(
                "gets the procedure “%(procedure)s”, with its term and its department.",
                procedure=self.procedure_id.name or "–",
            ),
            "park": _(
                "leaves the list of problems and comes back on %(day)s.",
                day=format_date(self.env, self.parked_until) or "–",
            ),
            "returned": _(
                "gets no number now; the applicant reads what to repair, and the "
                "repaired one comes into this same line. Without a repair it comes "
                "back to you on %(day)s.",
                day=format_date(self.env, local_day() + timedelta(days=REPAIR_DAYS)),
            ),
            "as_is": _("goes on with what was filed and gets its number."),
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
                self.env._(
                    "Choose %(limit)s submissions at most.",
                    limit=counted(LIMIT, self.env.lang),
                )
            )
        if self.act == "procedure":
            self._check_procedure()
        elif self.act not in SILENT and not (self.reason or "").strip():
            raise UserError(self.env._("Write the reason."))
        if not self._get_code():
            raise UserError(self.env._("Choose the reason from the list."))
        if self.act == "park":
            today = local_day()
            if not self.parked_until or self.parked_until <= today:
                raise UserError(self.env._("Choose a day after today."))

    def _check_procedure(self):
        """Ask for a procedure that all of them can have."""
        if not self.procedure_id:
            raise UserError(self.env._("Choose the procedure."))
        if self.item_ids.company_id != self.procedure_id.company_id:
            raise UserError(
                self.env._("Choose submissions of the institution of this procedure.")
            )

    def _apply_to(self, item):
        """Do the act on one submission and let the connector go on with it."""
        reason = (self.reason or "").strip()
        if self.act == "retry":
            item.action_retry()
        elif self.act == "park":
            item._transact("_park", self.env.uid, self.parked_until, reason)
        elif self.act == "procedure":
            self._give_procedure(item)
        else:
            self._answer(item, reason)
            item.advance()

    def _answer(self, item, reason):
        """Say that it gets no number, not yet or never, or that it does after all."""
        if self.act == "as_is":
            item._transact("_take_as_is", self.env.uid)
        else:
            method = "_return" if self.act == "returned" else "_refuse"
            item._transact(method, self.env.uid, self._get_code(), reason)

    def _give_procedure(self, item):
        """Name the procedure, of the request or of what becomes one."""
        if self.remember:
            self.env["pcu.platform.procedure"]._remember(item, self.procedure_id)
        if item.request_id:
            item.request_id._classify(self.procedure_id)
        else:
            item._transact("_choose_procedure", self.env.uid, self.procedure_id.id)
            item.advance()
