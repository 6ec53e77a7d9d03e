"""A request for an audience: booked, held, answered."""

from odoo import api, fields, models
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import AccessError, UserError


class PcuRequest(models.Model):
    """Audiences."""

    _inherit = "pcu.request"

    audience_slot_ids = fields.One2many(
        comodel_name="pcu.audience.slot", inverse_name="request_id"
    )
    audience_slot_id = fields.Many2one(
        comodel_name="pcu.audience.slot",
        string="Audience",
        compute="_compute_audience_slot_id",
    )
    audience_place = fields.Char(
        string="Place of the audience", related="audience_slot_id.place"
    )
    audience_result = fields.Selection(
        selection=[
            ("held", "Took place"),
            ("missed", "The applicant didn't come"),
            ("withdrawn", "Given up by the applicant"),
        ],
        string="What came of it",
        copy=False,
        tracking=True,
    )
    audience_minutes = fields.Text(
        string="What was said", copy=False, help="The minutes of the audience."
    )
    audience_resolution = fields.Char(
        string="Resolution",
        copy=False,
        help="What the person who received decided: who answers and until when.",
    )
    can_book = fields.Boolean(compute="_compute_can_book")
    next_action = fields.Selection(selection_add=[("book", "Book an audience")])

    @api.depends("audience_slot_ids")
    def _compute_audience_slot_id(self):
        """The one slot of the request, if it is booked."""
        for request in self:
            request.audience_slot_id = request.audience_slot_ids[:1]

    @api.depends("state", "kind", "can_solve", "entry_number")
    @api.depends_context("uid")
    def _compute_can_book(self):
        """The registry and the department book."""
        operator = self.env.user.has_group("pcu_base.group_registry_operator")
        for request in self:
            request.can_book = bool(
                request.kind == "audience"
                and request.entry_number
                and request.state in rs.OPEN_STATES
                and (operator or request.can_solve)
            )

    def _get_next_action(self):
        """Book before anything is answered."""
        step = super()._get_next_action()
        unbooked = self.kind == "audience" and not (
            self.audience_slot_ids or self.audience_result
        )
        return "book" if step in ("decide", "send") and unbooked else step

    def action_book_audience(self):
        """Open the dialog that chooses a slot."""
        self._check_can_book()
        return self._open_wizard("pcu_audiences.pcu_audience_book_action")

    def _check_can_book(self):
        """Refuse what isn't an open audience, or who has no hand in it."""
        for request in self:
            if request.kind != "audience" or request.state not in rs.OPEN_STATES:
                raise UserError(
                    self.env._("Only an open request for an audience is booked.")
                )
            if not (self.env.su or request.can_book):
                raise AccessError(
                    self.env._("The registry or the department books an audience.")
                )

    def _book_audience(self, slot):
        """Book a slot, giving an earlier one back, and tell the applicant."""
        self.ensure_one()
        self._check_can_book()
        if slot.company_id != self.company_id:
            raise UserError(self.env._("The slot belongs to another institution."))
        # sudo: slots are written by booking only, which has checked who asks
        self._free_audience()
        slot.sudo()._book(self)
        self.invalidate_recordset(["audience_slot_ids"])
        self.env["pcu.journal"]._log(self, "audience_booked", at=str(slot.start))
        self.env["pcu.notice"]._owe(self, "audience")

    def _free_audience(self):
        """Give the booked slot back to the programme."""
        for request in self.filtered("audience_slot_ids"):
            request.sudo().audience_slot_ids.request_id = False
            self.env["pcu.journal"]._log(request, "audience_freed")
            request.invalidate_recordset(["audience_slot_ids"])

    def _check_may_decide(self, outcome, text):
        """Answer after the audience: with its result and its resolution."""
        result = super()._check_may_decide(outcome, text)
        if self.kind == "audience" and outcome in ("favourable", "partial"):
            if not self.audience_result:
                raise UserError(
                    self.env._(
                        "Write down first what came of the audience (it took place, "
                        "the applicant didn't come)."
                    )
                )
            resolution = (self.audience_resolution or "").strip()
            if self.audience_result == "held" and not resolution:
                raise UserError(
                    self.env._(
                        "Write the resolution of who received the applicant; the "
                        "answer follows from it."
                    )
                )
        return result

    def _on_state_changed(self, old, new):
        """Give the slot back when a request ends before the audience."""
        if new in (rs.WITHDRAWN, rs.REFUSED, rs.CLOSED):
            ahead = self.filtered(
                lambda r: (
                    r.audience_slot_id.start
                    and r.audience_slot_id.start > fields.Datetime.now()
                )
            )
            ahead._free_audience()
        return super()._on_state_changed(old, new)
