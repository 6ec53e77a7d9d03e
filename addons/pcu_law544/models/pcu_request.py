"""A request for public information: what is asked, in which form, at which cost.

Law 544/2001 art. 7: answered in 10 days, or in 30 when the applicant is told within the
10; art. 16: at once or within 24 hours to the press that asks by word of mouth.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

ELECTRONIC, PAPER, VERBAL = "electronic", "paper", "verbal"
FORMS = [(ELECTRONIC, "Electronic"), (PAPER, "On paper"), (VERBAL, "By word of mouth")]
#: How each channel of the register brings a request; the rest is paper.
CHANNEL_FORMS = {
    "email": ELECTRONIC,
    "pcue": ELECTRONIC,
    "roepas": ELECTRONIC,
    "portal": ELECTRONIC,
    "audience": VERBAL,
}
#: What the applicant may still change, or a clerk fill in, until the answer.
GRANTING = ("favourable", "partial")


class PcuRequest(models.Model):
    """Public information."""

    _inherit = "pcu.request"

    info_domain_id = fields.Many2one(
        comodel_name="pcu.law544.domain",
        string="Domain of interest",
        index="btree_not_null",
    )
    asked_form = fields.Selection(
        selection=FORMS,
        string="Asked",
        compute="_compute_asked_form",
        store=True,
        readonly=False,
        help="How the request came: it follows from the channel.",
    )
    answer_form_asked = fields.Selection(
        selection=FORMS,
        string="Answer wanted",
        compute="_compute_answer_form_asked",
        store=True,
        readonly=False,
        help="The form in which the applicant wants the answer.",
    )
    answer_form_given = fields.Selection(
        selection=FORMS,
        string="Answer given",
        compute="_compute_answer_form_given",
        store=True,
        readonly=False,
    )
    answer_form_reason = fields.Char(
        string="Why another form", help="When the answer leaves in another form."
    )

    # Copies
    copy_pages = fields.Integer(string="Pages copied", aggregator="sum")
    copy_price = fields.Float(
        string="Price of a page (lei)",
        digits=(8, 2),
        default=lambda self: self.env.company.pcu_copy_price,
        aggregator=None,
    )
    copy_cost = fields.Float(
        string="Copies (lei)",
        digits=(10, 2),
        compute="_compute_copy_cost",
        store=True,
        aggregator="sum",
    )

    _copies_positive = models.Constraint(
        "CHECK(copy_pages >= 0 AND copy_price >= 0)",
        "Pages and price of copies can't be negative.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("channel", "kind")
    def _compute_asked_form(self):
        """Derive from the channel how the request came."""
        for request in self:
            request.asked_form = request.kind == "law544" and CHANNEL_FORMS.get(
                request.channel, PAPER
            )

    @api.depends("asked_form")
    def _compute_answer_form_asked(self):
        """Answer as it was asked, where nothing else is said."""
        for request in self:
            request.answer_form_asked = request.asked_form

    @api.depends("answer_form_asked")
    def _compute_answer_form_given(self):
        """Answer in the form that is wanted."""
        for request in self:
            request.answer_form_given = request.answer_form_asked

    @api.depends("copy_pages", "copy_price")
    def _compute_copy_cost(self):
        """Pages times price (Law 544/2001 art. 9)."""
        for request in self:
            request.copy_cost = request.copy_pages * request.copy_price

    # ------------------------------------------------------------------ terms

    @api.model
    def _prepare_filed_values(self, vals):
        """Take over what a program knows about the information asked for."""
        values = super()._prepare_filed_values(vals)
        names = (
            "info_domain_id",
            "asked_form",
            "answer_form_asked",
            "public_summary",
        )
        return values | {name: vals[name] for name in names if name in vals}

    def _prepare_term_values(self):
        """Count 24 hours for the press that asks by word of mouth (art. 16)."""
        values = super()._prepare_term_values()
        press = self.applicant_id.pcu_party_kind == "press"
        if self.kind == "law544" and press and self.asked_form == VERBAL:
            term = self.env.ref("pcu_base.term_type_l544_press")
            values |= term._prepare_rule()
        return values

    def _get_extension_notice(self):
        """Tell within the first ten days that the answer takes thirty (M9)."""
        kind = super()._get_extension_notice()
        return "more_time" if self.kind == "law544" else kind

    def _get_redirect_term(self):
        """Send on within five days what another institution holds."""
        if self.kind == "law544":
            return self.env.ref("pcu_base.term_type_l544_red")
        return super()._get_redirect_term()

    # ------------------------------------------------------------------ deciding

    def _check_may_decide(self, outcome, text):
        """Answer in the form asked, or say why not; refuse with the law's ground."""
        result = super()._check_may_decide(outcome, text)
        if self.kind != "law544":
            return result
        if outcome == "unfavourable" and not self.refusal_ground_id:
            raise UserError(
                self.env._(
                    "Public information is refused only on a ground of the law. Press "
                    "“Refuse the information” and choose it (Law 544/2001 art. 12)."
                )
            )
        if (
            outcome in GRANTING
            and self.answer_form_given != self.answer_form_asked
            and not (self.answer_form_reason or "").strip()
        ):
            raise UserError(
                self.env._(
                    "The applicant wants the answer in another form. Answer in that "
                    "form, or write under “Why another form” what stands against it."
                )
            )
        return result
