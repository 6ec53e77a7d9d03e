"""The dialog of the decision also says how the answer is delivered."""

from odoo import api, fields, models

from ..models.pcu_request_dispatch import WAYS


class PcuRequestDecide(models.TransientModel):
    """The way of the answer, and what still stands against the decision."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request.decide"

    delivery_way = fields.Selection(
        selection=WAYS,
        string="Answer delivered",
        compute="_compute_delivery_way",
        store=True,
        readonly=False,
    )
    unpaid_text = fields.Char(compute="_compute_unpaid")
    fee_not_asked = fields.Boolean(compute="_compute_unpaid")

    @api.depends("request_id")
    def _compute_delivery_way(self):
        """Propose the way the request came."""
        for wizard in self:
            request = wizard.request_id
            wizard.delivery_way = request and request._get_delivery_way()

    @api.depends("request_id")
    def _compute_unpaid(self):
        """Say before the decision what money stands against it."""
        for wizard in self:
            request = wizard.request_id
            owed = request._get_open_fees()
            wizard.unpaid_text = ", ".join(owed.mapped("name"))
            wizard.fee_not_asked = not request.fee_ids and bool(
                request and request._get_rule_lines("fees")
            )

    def action_confirm(self):
        """Decide and send the answer on its way."""
        self.ensure_one()
        self.request_id._check_delivery(self.delivery_way)
        result = super().action_confirm()
        self.request_id._dispatch_answer(self.delivery_way)
        return result
