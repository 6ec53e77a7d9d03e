"""Dispatch lists (borderou de expediție): what goes to the post or the courier."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..paper_lists import Column, Paper, draw

DRAFT, SENT, CANCELLED = "draft", "sent", "cancelled"


class PcuDispatchList(models.Model):
    """Letters of a day for one carrier, signed by who takes them over.

    In preparation by the registry; *sent* with its number, which dates the letters in
    the register. Proof comes letter by letter, later.
    """

    _name = "pcu.dispatch.list"
    _description = "Dispatch list"
    _inherit = ["pcu.paper.list"]
    _order = "id desc"

    _open_fields = frozenset({"note", "dispatch_ids"})

    carrier = fields.Char(required=True, default="C.N. Poșta Română S.A.")
    state = fields.Selection(
        [(DRAFT, "In preparation"), (SENT, "Sent"), (CANCELLED, "Cancelled")],
        default=DRAFT,
        required=True,
        readonly=True,
    )
    dispatch_ids = fields.One2many(
        comodel_name="pcu.dispatch", inverse_name="list_id", string="Letters"
    )
    dispatch_count = fields.Integer(
        string="Letters count", compute="_compute_dispatch_counts"
    )
    unproven_count = fields.Integer(
        string="Without proof", compute="_compute_dispatch_counts"
    )

    @api.depends("name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Dispatch list %(number)s",
                number=record.name or self.env._("(draft)"),
            )

    @api.depends("dispatch_ids.state")
    def _compute_dispatch_counts(self):
        groups = self.env["pcu.dispatch"]._read_group(
            [("list_id", "in", self.ids)], ["list_id", "state"], ["__count"]
        )
        total, sent = {}, {}
        for record, state, count in groups:
            total[record.id] = total.get(record.id, 0) + count
            if state == SENT:
                sent[record.id] = count
        for record in self:
            record.dispatch_count = total.get(record.id, 0)
            record.unproven_count = sent.get(record.id, 0)

    # ------------------------------------------------------------------ actions

    def action_send(self):
        """Give the list its number and date the letters in the register."""
        self.check_access("write")
        for record in self:
            if record.state != DRAFT:
                raise UserError(
                    self.env._("%(list)s was sent already.", list=record.display_name)
                )
            if not record.dispatch_ids:
                raise UserError(
                    self.env._("Put letters on the list before sending it.")
                )
            record._take_number()
            record._programmatic().write({"state": SENT})
            record.dispatch_ids._send(record.list_date)
        self.env["pcu.journal"]._log(self, "list_sent")
        return True

    def action_cancel(self):
        """Drop a list in preparation; its letters are free for another one."""
        self.check_access("write")
        if any(record.state != DRAFT for record in self):
            raise UserError(
                self.env._("A list that was sent can't be cancelled; letters that come "
                           "back are recorded as returned.")
            )  # fmt: skip
        self.dispatch_ids._programmatic().write({"state": CANCELLED})
        self._programmatic().write({"state": CANCELLED})
        return True

    # ------------------------------------------------------------------ printing

    def _draw_pdf(self):
        """Return the list as PDF, as the post office stamps and signs it."""
        self.ensure_one()
        self.check_access("read")
        letters = self.dispatch_ids.sudo()
        services = dict(letters._fields["service"]._description_selection(self.env))
        rows = tuple(
            (
                str(position),
                letter.entry_id.reference or "",
                letter.recipient_id.name or "",
                letter.address or "",
                services[letter.service],
                letter.tracking_number or "",
                str(letter.weight_g or ""),
                formatLang(self.env, letter.tariff) if letter.tariff else "",
                "",
            )
            for position, letter in enumerate(letters, 1)
        )
        paper = Paper(
            institution=self.company_id.name,
            title=self.env._(
                "Dispatch list no. %(number)s of %(date)s",
                number=self.name or "…",
                date=format_date(self.env, self.list_date) if self.name else "…",
            ),
            about=(
                self.env._("Carrier: %(carrier)s", carrier=self.carrier),
                self.note or "",
            ),
            columns=(
                Column(self.env._("No."), 4, True),
                Column(self.env._("Number and date"), 12),
                Column(self.env._("Recipient"), 17),
                Column(self.env._("Address"), 24),
                Column(self.env._("Service"), 13),
                Column(self.env._("R / AWB number"), 14),
                Column(self.env._("Weight (g)"), 7, True),
                Column(self.env._("Tariff (lei)"), 7, True),
                Column(self.env._("Remarks"), 10),
            ),
            rows=rows,
            closing=(
                self.env._(
                    "Letters: %(count)s, tariff: %(tariff)s lei",
                    count=len(rows),
                    tariff=formatLang(self.env, sum(letters.mapped("tariff"))),
                ),
            ),
            signatures=(
                (self.env._("I handed over"), self.create_uid.name),
                (self.env._("Taken over by the carrier (name, stamp)"), ""),
            ),
            page_text=self.env._("Page {page} of {pages}"),
            wide=True,
        )
        return draw(paper, fonts=self.env["pcu.register.entry"]._get_fonts())
