"""End a request without a decision, with a reason that stays readable."""

from odoo import fields, models

from .. import request_states as rs


class PcuRequestClose(models.TransientModel):
    """The dialog that closes, refuses or records a withdrawal."""

    _name = "pcu.request.close"
    _description = "Close a request"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    state = fields.Selection(
        selection=[
            (rs.CLOSED, "File without an answer"),
            (rs.WITHDRAWN, "Withdrawn by the applicant"),
            (rs.REFUSED, "Refuse at intake"),
        ],
        string="How it ends",
        required=True,
        default=rs.CLOSED,
    )
    closing_kind = fields.Selection(
        selection=[
            ("anonymous", "Anonymous (OG 27/2002 art. 7)"),
            ("repeated", "Repeated (OG 27/2002 art. 10)"),
            ("noted", "Taken note of"),
            ("no_object", "Without object"),
            ("incomplete", "Incomplete, returned"),
            ("tacit", "Approved tacitly (OUG 27/2003)"),
        ],
        string="Kind",
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """End the request and write the end into the register."""
        self.ensure_one()
        request = self.request_id
        request._check_can_solve()
        if self.state == rs.WITHDRAWN:
            request._withdraw(self.reason)
        elif self.state == rs.REFUSED:
            request._refuse(self.reason)
        else:
            request._file_away(self.closing_kind or "noted", self.reason)
        return {"type": "ir.actions.act_window_close"}
