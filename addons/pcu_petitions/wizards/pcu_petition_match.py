"""Say that a petition and an earlier one are about the same matter."""

from odoo import api, fields, models


class PcuPetitionMatch(models.TransientModel):
    """The dialog that connects a petition or files it as a repetition."""

    _name = "pcu.petition.match"
    _description = "Same matter as an earlier petition"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    similar_ids = fields.Many2many(related="request_id.similar_ids")
    company_id = fields.Many2one(related="request_id.company_id")
    first_id = fields.Many2one(
        comodel_name="pcu.request",
        string="First petition",
        required=True,
        compute="_compute_first_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'petition'), ('company_id', '=', company_id),"
        " ('id', '!=', request_id), ('entry_number', '>', 0)]",
    )
    subject = fields.Char(related="request_id.subject", string="This petition")
    first_subject = fields.Char(related="first_id.title", string="The first petition")
    first_answer = fields.Text(related="first_id.decision_text", string="Answer given")
    way = fields.Selection(
        selection=[
            ("connect", "Connect: one answer to both (art. 10 (1))"),
            ("repeat", "File as repeated: it was answered (art. 10 (2))"),
        ],
        string="What follows",
        compute="_compute_way",
    )

    @api.depends("request_id")
    def _compute_first_id(self):
        """Propose the most similar one; the person compares and decides."""
        for wizard in self:
            wizard.first_id = wizard.request_id.similar_ids[:1]

    @api.depends("first_id")
    def _compute_way(self):
        """The law's way follows from whether the first one was answered."""
        for wizard in self:
            answered = wizard.first_id._was_answered()
            wizard.way = wizard.first_id and ("repeat" if answered else "connect")

    def action_confirm(self):
        """Connect or file."""
        self.ensure_one()
        if self.way == "repeat":
            self.request_id._file_repeated(self.first_id)
        else:
            self.request_id._connect_petition(self.first_id)
        return {"type": "ir.actions.act_window_close"}
