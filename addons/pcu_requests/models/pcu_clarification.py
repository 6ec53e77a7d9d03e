"""What the institution asks from the applicant to complete the file."""

from odoo import fields, models


class PcuClarification(models.Model):
    """A question to the applicant: what is missing and until when.

    *Asked* by the department's people; *answered* by the applicant on the platform, or
    recorded by a clerk when the answer comes on paper; *lapsed* when the request ends
    without an answer.
    """

    _name = "pcu.clarification"
    _description = "Clarification request"
    _order = "asked_at desc, id desc"
    _rec_name = "text"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="restrict"
    )
    text = fields.Text(required=True)
    slot_ids = fields.Many2many(
        comodel_name="pcu.procedure.slot", string="Documents missing"
    )
    due_date = fields.Date(string="Answer until")
    state = fields.Selection(
        selection=[
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("lapsed", "Lapsed"),
        ],
        required=True,
        default="asked",
        index=True,
    )
    asked_at = fields.Datetime(required=True, default=fields.Datetime.now)
    asked_by_id = fields.Many2one(
        comodel_name="res.users", default=lambda self: self.env.user
    )
    answered_at = fields.Datetime()
    answer_text = fields.Text()
    answer_document_ids = fields.Many2many(
        comodel_name="pcu.document", string="Documents received"
    )
