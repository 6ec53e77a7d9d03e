"""One slot of a programme: free, or booked by one request."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime


class PcuAudienceSlot(models.Model):
    """Some minutes in which one citizen is received.

    The programme lays slots out and requests book them; nobody is booked twice: a
    slot holds one request, a request one slot, a host one slot at a time.
    """

    _name = "pcu.audience.slot"
    _description = "Slot for an audience"
    _order = "start, id"

    programme_id = fields.Many2one(
        comodel_name="pcu.audience.programme",
        required=True,
        index=True,
        ondelete="restrict",
    )
    host_id = fields.Many2one(related="programme_id.host_id", store=True, index=True)
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, index=True
    )
    place = fields.Char(related="programme_id.place")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    request_id = fields.Many2one(
        comodel_name="pcu.request", string="Booked by", readonly=True
    )
    is_free = fields.Boolean(compute="_compute_is_free")

    _host_once = models.UniqueIndex(
        "(host_id, start)", "This person already receives somebody at that time."
    )
    _request_once = models.UniqueIndex(
        "(request_id) WHERE request_id IS NOT NULL",
        "This request is booked already.",
    )
    _stop_after_start = models.Constraint(
        "CHECK(start < stop)", "A slot ends after it begins."
    )

    @api.depends("start", "host_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for slot in self:
            when = format_datetime(
                self.env,
                slot.start,
                tz="Europe/Bucharest",
                dt_format="dd.MM.yyyy HH:mm",
            )
            slot.display_name = f"{when} – {slot.host_id.name}"

    @api.depends("request_id", "start")
    def _compute_is_free(self):
        """Free is what nobody booked and still lies ahead."""
        now = fields.Datetime.now()
        for slot in self:
            slot.is_free = not slot.request_id and slot.start > now

    @api.model
    def _get_free_domain(self):
        """Return the domain of the slots that can be booked."""
        return Domain("request_id", "=", False) & Domain(
            "start", ">", fields.Datetime.now()
        )

    def _book(self, request):
        """Give the slot to a request; the loser of a race is told so."""
        self.ensure_one()
        # Two clerks at once: the second waits here and then reads what the first did.
        self.lock_for_update()
        self.invalidate_recordset(["request_id"])
        if not self.is_free:
            raise UserError(
                self.env._(
                    "%(slot)s is taken or has passed. Choose another slot.",
                    slot=self.display_name,
                )
            )
        self.request_id = request

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if self.filtered("request_id"):
            raise UserError(self.env._("A booked slot isn't deleted; free it first."))
