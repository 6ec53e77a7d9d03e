"""Set a fee by the procedure's rule, or by hand, and tell the applicant."""

from odoo import api, fields, models
from odoo.tools import formatLang

from .. import fees


class PcuRequestFeeAsk(models.TransientModel):
    """The dialog of the fee."""

    _name = "pcu.request.fee.ask"
    _description = "Ask for a fee"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="request_id.company_id.currency_id")
    rule_ids = fields.Many2many(
        comodel_name="pcu.request.fee.rule",
        string="Fees by rule",
        help="The fees of the version under which the request was filed.",
    )
    rule_id = fields.Many2one(
        comodel_name="pcu.request.fee.rule",
        compute="_compute_rule_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', rule_ids)]",
        ondelete="cascade",
    )
    kind = fields.Selection(related="rule_id.kind")
    unit_name = fields.Char(related="rule_id.unit_name")
    base_name = fields.Char(related="rule_id.base_name")
    quantity = fields.Float(digits=(16, 2))
    name = fields.Char(
        string="Fee",
        compute="_compute_words",
        store=True,
        readonly=False,
        required=True,
    )
    law = fields.Char(
        string="Set by", compute="_compute_words", store=True, readonly=False
    )
    payment_note = fields.Char(
        string="How it is paid", compute="_compute_words", store=True, readonly=False
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, required=True
    )
    mandatory = fields.Boolean(
        default=True, help="The request can't be decided before it is paid."
    )

    @api.depends("request_id", "rule_ids")
    def _compute_rule_id(self):
        """Propose the first fee of the procedure that was not asked yet."""
        for wizard in self:
            asked = set(wizard.request_id.fee_ids.mapped("name"))
            rules = wizard.rule_ids.filtered(lambda r, a=asked: r.name not in a)
            wizard.rule_id = rules[:1]._origin

    @api.depends("rule_id")
    def _compute_words(self):
        """Take the words of the rule."""
        for wizard in self:
            rule = wizard.rule_id
            wizard.name = rule.name or wizard.name
            wizard.law = rule.law or wizard.law
            wizard.payment_note = rule.payment_note or wizard.payment_note

    @api.depends("rule_id", "quantity")
    def _compute_amount(self):
        """Count by the rule; what only a person can say stays as typed."""
        for wizard in self.filtered(lambda w: w.rule_id.kind not in (False, "typed")):
            rule = wizard.rule_id
            wizard.amount = fees.amount_due(
                rule.kind,
                amount=rule.amount,
                quantity=wizard.quantity,
                percentage=rule.percentage,
                minimum=rule.minimum,
            )

    def _describe_count(self):
        """Say how the amount came about, for who checks it and for the applicant."""
        rule, quantity = self.rule_id, formatLang(self.env, self.quantity)
        if rule.kind == "unit":
            price = formatLang(self.env, rule.amount, digits=2)
            return self.env._(
                "%(quantity)s %(unit)s × %(price)s lei",
                quantity=quantity,
                unit=rule.unit_name,
                price=price,
            )
        if rule.kind == "percentage":
            return self.env._(
                "%(percentage)s %% of %(base)s (%(value)s lei)",
                percentage=f"{rule.percentage:g}".replace(".", ","),
                base=rule.base_name,
                value=quantity,
            )
        return False

    def action_confirm(self):
        """Ask; the applicant gets the message with both numbers."""
        self.ensure_one()
        self.request_id._ask_fee(
            self.name,
            self.amount,
            how_counted=self._describe_count(),
            law=self.law,
            payment_note=self.payment_note,
            mandatory=self.mandatory,
        )
        return {"type": "ir.actions.act_window_close"}
