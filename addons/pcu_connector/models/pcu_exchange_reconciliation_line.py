"""One difference between the platform and us."""

from odoo import api, fields, models

from .. import differences
from .. import exchange_states as es

REPAIRED, UNDER_WAY, OPEN = "repaired", "under_way", "open"


class PcuExchangeReconciliationLine(models.Model):
    """A submission, what did not fit, and what came of the repair."""

    _name = "pcu.exchange.reconciliation.line"
    _description = "Difference found"
    _order = "reconciliation_id desc, state, id"

    reconciliation_id = fields.Many2one(
        comodel_name="pcu.exchange.reconciliation",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True)
    item_id = fields.Many2one(
        comodel_name="pcu.exchange.item",
        string="Submission",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    remote_id = fields.Char(string="Identifier there", readonly=True)
    remote_number = fields.Char(string="PISEG number", readonly=True)
    entry_reference = fields.Char(related="item_id.entry_reference")
    kind = fields.Char(required=True, readonly=True)
    detail = fields.Char(readonly=True)
    text = fields.Char(string="Difference and repair", compute="_compute_text")
    state = fields.Selection(
        selection=[
            (OPEN, "Needs a person"),
            (UNDER_WAY, "Being repaired"),
            (REPAIRED, "Repaired"),
        ],
        string="Outcome",
        required=True,
        default=UNDER_WAY,
        readonly=True,
    )

    @api.depends("kind", "detail")
    @api.depends_context("lang")
    def _compute_text(self):
        """Put the difference into words."""
        for line in self:
            line.text = differences.describe(self.env, line.kind, line.detail)

    def action_open_item(self):
        """Open the submission with its repair buttons."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.exchange.item",
            "view_mode": "form",
            "res_id": self.item_id.id,
        }

    def _settle(self):
        """Say what the repair came to, looking at the submission as it is now."""
        for line in self.filtered(lambda line: line.state == UNDER_WAY):
            item = line.item_id
            if item.is_stuck:
                line.state = OPEN
            elif not item or item._is_settled():
                line.state = REPAIRED

    @api.model
    def _prepare(self, kind, item=None, row=None, detail=None, state=UNDER_WAY):
        """Return the values of a line about a row here, there, or on both sides."""
        return {
            "kind": kind,
            "item_id": item.id if item else False,
            "remote_id": row.id if row else item.remote_id,
            "remote_number": (row and row.number) or (item and item.remote_number),
            "detail": detail and str(detail)[:500],
            "state": OPEN if item and item.state in es.STUCK else state,
        }
