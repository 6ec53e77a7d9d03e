"""Ask the applicant for what is missing."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.exceptions import UserError


class PcuRequestClarify(models.TransientModel):
    """The dialog in which the inspector ticks what is missing and says until when."""

    _name = "pcu.request.clarify"
    _description = "Ask for clarification"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    line_ids = fields.Many2many(
        comodel_name="pcu.request.document",
        string="What is missing",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('request_id', '=', request_id)]",
    )
    text = fields.Text(
        string="Text for the applicant",
        compute="_compute_text",
        store=True,
        readonly=False,
    )
    due_date = fields.Date(
        string="Answer until",
        compute="_compute_due_date",
        store=True,
        readonly=False,
    )

    @api.depends("request_id")
    def _compute_line_ids(self):
        """Tick the mandatory documents that are missing or rejected."""
        for wizard in self:
            wizard.line_ids = wizard.request_id.line_ids.filtered("is_blocking")

    @api.depends("line_ids")
    def _compute_text(self):
        """Propose the sentence, in Romanian whatever language the clerk works in."""
        opening = in_romanian(self).env._("To solve your request we still need:")
        for wizard in self:
            parts = []
            for line in wizard.line_ids:
                reason = f" ({line.reason})" if line.reason else ""
                parts.append(f"– {line.name}{reason}")
            wizard.text = "\n".join([opening, *parts]) if parts else False

    @api.depends("request_id")
    def _compute_due_date(self):
        """Propose the completion term of the procedure."""
        for wizard in self:
            wizard.due_date = (
                wizard.request_id and wizard.request_id._completion_due_date()
            )

    def action_confirm(self):
        """Ask, and let the request wait for the applicant."""
        self.ensure_one()
        if not (self.text or "").strip():
            raise UserError(self.env._("Write what the applicant has to bring."))
        if self.due_date < local_day():
            raise UserError(
                self.env._(
                    "The applicant can't answer in the past: choose a later day."
                )
            )
        self.request_id._ask_clarification(
            self.text, self.due_date, self.line_ids.slot_id
        )
        return {"type": "ir.actions.act_window_close"}
