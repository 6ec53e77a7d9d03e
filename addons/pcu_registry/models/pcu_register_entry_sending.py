"""How an entry leaves the house, and the lists it stands on."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..route_picture import Step
from .pcu_dispatch import DELIVERED, NOT_DISPATCHABLE, READY, RETURNED, SENT
from .pcu_handover_line import RECEIVED, REFUSED


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    delivery_channel = fields.Selection(
        selection_add=[
            ("post", "Ordinary letter"),
            ("registered", "Registered letter"),
        ]
    )
    dispatch_ids = fields.One2many(
        comodel_name="pcu.dispatch", inverse_name="entry_id", string="Dispatches"
    )
    handover_line_ids = fields.One2many(
        comodel_name="pcu.handover.line", inverse_name="entry_id",
        string="On hand-over lists",
    )  # fmt: skip

    # Where it goes, before it is sent.
    ready_list_id = fields.Many2one(
        comodel_name="pcu.dispatch.list",
        string="On the list in preparation",
        compute="_compute_ready_list_id",
        compute_sudo=True,
    )
    recipient_address = fields.Char(
        string="Recipient's address",
        compute="_compute_ready_list_id",
        compute_sudo=True,
    )

    _to_send_idx = models.Index(
        "(id) WHERE direction = 'outgoing' AND sent_date IS NULL "
        "AND state IN ('registered', 'routed', 'solved')"
    )

    @api.depends("recipient_id", "dispatch_ids.state", "dispatch_ids.address")
    def _compute_ready_list_id(self):
        for entry in self:
            ready = entry.dispatch_ids.filtered(lambda d: d.state == READY)[:1]
            entry.ready_list_id = ready.list_id
            to_whom = entry.recipient_id
            entry.recipient_address = ready.address or (
                to_whom._pcu_get_postal_address() if to_whom else False
            )

    @api.private
    def action_solve(self, resolution, note=None, sent_date=None, delivery=None):
        if sent_date:
            self._check_on_no_list()
        return super().action_solve(resolution, note, sent_date, delivery)

    def _check_on_no_list(self):
        """What lies on a list in preparation has not left."""
        # sudo: the list is the registry's, who solves may be an inspector
        waiting_sudo = self.sudo().dispatch_ids.filtered(lambda d: d.state == READY)
        if waiting_sudo:
            first = waiting_sudo[0]
            raise UserError(
                self.env._(
                    "%(entry)s lies on dispatch list %(list)s and has not left yet. "
                    "Leave the sending empty: its day is written when the list goes.",
                    entry=first.entry_id.display_name,
                    list=first.list_id.display_name,
                )
            )

    def _check_dispatchable(self):
        """Only what has a number and goes out is sent."""
        for entry in self:
            if entry.direction != "outgoing":
                raise UserError(
                    self.env._(
                        "%(entry)s doesn't go out. Register the answer to it as an "
                        "outgoing document and send that.",
                        entry=entry.display_name,
                    )
                )
            if entry.state in NOT_DISPATCHABLE:
                raise UserError(
                    self.env._(
                        "%(entry)s isn't registered or was annulled; it can't be sent.",
                        entry=entry.display_name,
                    )
                )

    def _fill_sent(self, day, channel):
        """Fill the columns of the register; a reply also those of what it answers.

        In a closed year the first day of sending stays; the second letter is on record
        with its list.
        """
        self.ensure_one()
        if self.sent_date and self.register_year_id.state == "closed":
            return
        self.write({"sent_date": day, "delivery_channel": channel})
        answered = self.answers_id
        if answered and not answered.sent_date:
            # sudo: bookkeeping of the answer's dispatch on the same page of the book
            answered.sudo().write({"sent_date": day, "delivery_channel": channel})

    # ------------------------------------------------------------------ the picture

    @api.depends("handover_line_ids.state", "dispatch_ids.state")
    def _compute_route_html(self):
        return super()._compute_route_html()

    def _get_route_steps(self):
        """Add lists and letters to the document's way."""
        steps = super()._get_route_steps()
        for line in self.handover_line_ids:
            if line.state in (RECEIVED, REFUSED):
                steps.append((line.answered_at, self._draw_handover(line)))
        for dispatch in self.dispatch_ids.filtered("sent_date"):
            moment = fields.Datetime.to_datetime(dispatch.sent_date)
            steps.append(
                (max(moment, self.registered_at), self._draw_dispatch(dispatch))
            )
        return steps

    def _draw_handover(self, line):
        states = dict(line._fields["state"]._description_selection(self.env))
        return Step(
            title=line.handover_id.display_name,
            when=self._show_moment(line.answered_at),
            icon="fa-exchange",
            state=states[line.state],
            tone="success" if line.state == RECEIVED else "warning",
            details=(line.answered_by_id.name or "",),
            quote=line.refusal_reason or "",
            beside=True,
        )

    def _draw_dispatch(self, dispatch):
        states = dict(dispatch._fields["state"]._description_selection(self.env))
        services = dict(dispatch._fields["service"]._description_selection(self.env))
        reasons = dict(
            dispatch._fields["return_reason"]._description_selection(self.env)
        )
        end = dispatch.delivered_on or dispatch.returned_on
        tones = {SENT: "info", DELIVERED: "success", RETURNED: "warning"}
        return Step(
            title=self.env._(
                "Sent to %(recipient)s", recipient=dispatch.recipient_id.name or ""
            ),
            when=self._show_day(dispatch.sent_date),
            icon="fa-paper-plane-o",
            state=states[dispatch.state],
            tone=tones.get(dispatch.state, "secondary"),
            details=(
                " · ".join(
                    filter(
                        None,
                        (
                            services[dispatch.service],
                            dispatch.tracking_number,
                            dispatch.list_id.display_name,
                            end and self._show_day(end),
                        ),
                    )
                ),
            ),
            quote=reasons.get(dispatch.return_reason, ""),
        )
