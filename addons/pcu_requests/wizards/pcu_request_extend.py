"""Make the term of a request longer, as the law allows."""

from odoo import api, fields, models
from odoo.addons.pcu_base import term_course
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.tools import format_date


class PcuRequestExtend(models.TransientModel):
    """The dialog in which the head extends a term before it ends.

    OG 27/2002 art. 9: the head of the institution decides it, and the petitioner is
    told before the first term is over; the e-mail leaves with the decision.
    """

    _name = "pcu.request.extend"
    _description = "Extend the term"

    request_id = fields.Many2one(comodel_name="pcu.request", required=True)
    request_ids = fields.Many2many(
        comodel_name="pcu.request", string="Requests", help="When several are chosen."
    )
    is_bulk = fields.Boolean(compute="_compute_is_bulk")
    refusal_text = fields.Text(
        string="Not extended",
        compute="_compute_is_bulk",
        help="Chosen requests whose term can't be extended, and why.",
    )
    due_date = fields.Date(related="request_id.due_date", string="Term now")
    law = fields.Char(related="request_id.term_type_id.extension_law")
    unit = fields.Selection(related="request_id.term_type_id.extension_unit")
    duration = fields.Integer(
        string="Extend by", compute="_compute_duration", store=True, readonly=False
    )
    new_due_date = fields.Date(string="New term", compute="_compute_new_due_date")
    reason = fields.Char(required=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        compute="_compute_decided_by_id",
        store=True,
        readonly=False,
        required=True,
        help="The head of the institution, or who stands in for the head.",
    )

    @api.depends("request_ids", "request_id")
    def _compute_is_bulk(self):
        """Say before the decision which of several can't be extended."""
        for wizard in self:
            wizard.is_bulk = len(wizard.request_ids) > 1
            refusals = wizard.request_ids._get_extension_refusals()
            wizard.refusal_text = wizard.is_bulk and "\n".join(
                f"{request.display_name}: {reason}"
                for request, reason in refusals.items()
            )

    @api.depends("request_id")
    def _compute_duration(self):
        """Propose all that the law allows."""
        for wizard in self:
            wizard.duration = wizard.request_id.term_type_id.extension_length

    @api.depends("request_id")
    def _compute_decided_by_id(self):
        """The law names the head of the institution."""
        for wizard in self:
            head = wizard.request_id.company_id.sudo().pcu_head_id
            wizard.decided_by_id = head or self.env.user

    @api.depends("duration", "request_id")
    def _compute_new_due_date(self):
        """Show the new date before anybody decides it."""
        today = local_day()
        for wizard in self:
            request = wizard.request_id
            if not request.registration_date or wizard.duration <= 0:
                wizard.new_due_date = False
                continue
            step = term_course.Step(
                term_course.EXTEND, today, wizard.duration, wizard.unit or ""
            )
            wizard.new_due_date = request._term_course([step]).legal

    def action_confirm(self):
        """Extend, and show until when."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Write why the term is extended; the applicant reads it.")
            )
        if self.is_bulk:
            return self._extend_all()
        self.request_id._extend_term(self.duration, self.reason, self.decided_by_id)
        return self._tell(
            self.env._(
                "The term is extended until %(day)s; the applicant is told.",
                day=format_date(self.env, self.request_id.due_date),
            )
        )

    def _extend_all(self):
        """Extend each by all that its own law still allows; leave out the others."""
        refused = self.request_ids._get_extension_refusals()
        able = self.request_ids.filtered(lambda request: request not in refused)
        if not able:
            raise UserError(
                self.env._(
                    "None of the chosen requests can be extended:\n%(reasons)s",
                    reasons=self.refusal_text,
                )
            )
        for request in able:
            left = request._get_extension_left()
            request._extend_term(left, self.reason, self.decided_by_id)
        return self._tell(
            self.env._(
                "Terms extended: %(count)s; left as they are: %(others)s.",
                count=len(able),
                others=len(refused),
            )
        )

    def _tell(self, message):
        """Close the dialog with a message."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
