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

    clock_text = fields.Char(string="The term", compute="_compute_clock_text")
    told_text = fields.Char(string="Told by", compute="_compute_told_text")

    @api.depends("request_id")
    def _compute_clock_text(self):
        """Say what the question does to the term, and by which law."""
        for wizard in self:
            wizard.clock_text = wizard._describe_clock()

    def _describe_clock(self):
        term = self.request_id.term_type_id
        if term.suspension == "legal":
            return self.env._(
                "The legal term stops until the answer comes (%(law)s).",
                law=term.suspension_law or term.law,
            )
        if term.from_complete:
            return self.env._(
                "The legal term begins when the file is complete (%(law)s).",
                law=term.law,
            )
        if term.suspension == "none":
            return self.env._("Both terms go on: the law does not wait.")
        return self.env._(
            "The legal term goes on; only the internal one waits for the answer."
        )

    @api.depends("request_id")
    def _compute_told_text(self):
        """Say on which ways the question goes out."""
        for wizard in self:
            request = wizard.request_id
            ways = [
                request.email
                and self.env._("e-mail to %(address)s", address=request.email),
                request.origin_number
                and self.env._(
                    "message on %(platform)s",
                    platform=request.origin_name or self.env._("the platform"),
                ),
            ]
            wizard.told_text = ", ".join(filter(None, ways)) or self.env._(
                "nobody: no address is known; tell the applicant by post or telephone"
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
