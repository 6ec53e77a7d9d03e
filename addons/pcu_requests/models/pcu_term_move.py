"""Terms that moved because the calendar changed."""

from odoo import api, fields, models


class PcuTermMove(models.Model):
    """One request whose dates moved when a legal day was added, changed or taken away.

    The list tells the heads what to plan anew; it is written by the recount only.
    """

    _name = "pcu.term.move"
    _description = "Moved term"
    _order = "id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="restrict"
    )
    department_id = fields.Many2one(related="request_id.department_id")
    user_id = fields.Many2one(related="request_id.user_id")
    moved_at = fields.Datetime(required=True, default=fields.Datetime.now)
    due_before = fields.Date(string="Legal term before")
    due_after = fields.Date(string="Legal term now")
    internal_before = fields.Date(string="Internal term before")
    internal_after = fields.Date(string="Internal term now")

    @api.model
    def _log(self, request, before):
        """Note where the dates were and are; nothing when they did not move."""
        after = (request.due_date, request.internal_due_date)
        if before == after:
            return
        self.sudo().create(
            {
                "request_id": request.id,
                "due_before": before[0],
                "due_after": after[0],
                "internal_before": before[1],
                "internal_after": after[1],
            }
        )
