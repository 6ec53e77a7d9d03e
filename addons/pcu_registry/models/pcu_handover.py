"""Hand-over lists (borderou, condică de predare-primire): paper that changes hands."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..paper_lists import Column, Paper, draw
from .pcu_handover_line import RECEIVED, REFUSED, WAITING

DRAFT, HANDED, CLOSED, CANCELLED = "draft", "handed", "closed", "cancelled"
HANDOVER_STATES = [
    (DRAFT, "In preparation"),
    (HANDED, "Handed over"),
    (CLOSED, "Answered"),
    (CANCELLED, "Cancelled"),
]


class PcuHandover(models.Model):
    """A list of documents handed to a department or a person, signed by both.

    In preparation by the registry or a head; *handed over* with its number; *answered*
    when each document was received or refused with a reason. Receiving accepts the
    routing, refusing returns it: one signature, one click.
    """

    _name = "pcu.handover"
    _description = "Hand-over list"
    _inherit = ["pcu.paper.list", "pcu.work.mixin"]
    _order = "id desc"
    _check_company_auto = True

    from_user_id = fields.Many2one(
        comodel_name="res.users", string="Handed over by", readonly=True, index=True,
        default=lambda self: self.env.user,
    )  # fmt: skip
    department_id = fields.Many2one(
        comodel_name="pcu.department", string="To the department", required=True,
        index=True, check_company=True,
    )  # fmt: skip
    user_id = fields.Many2one(
        comodel_name="res.users", string="To", index="btree_not_null",
        help="Empty: anybody of the department receives.",
    )  # fmt: skip
    state = fields.Selection(
        HANDOVER_STATES, default=DRAFT, required=True, readonly=True
    )
    handed_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="pcu.handover.line", inverse_name="handover_id", string="Documents"
    )
    line_count = fields.Integer(
        compute="_compute_line_counts", string="Documents count"
    )
    waiting_count = fields.Integer(compute="_compute_line_counts", string="Unanswered")
    can_receive = fields.Boolean(compute="_compute_can_receive")

    # ------------------------------------------------------------------ computes

    @api.depends("name", "department_id")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = self.env._(
                "Hand-over list %(number)s – %(department)s",
                number=handover.name or self.env._("(draft)"),
                department=handover.department_id.code or "",
            )

    @api.depends("line_ids.state")
    def _compute_line_counts(self):
        groups = self.env["pcu.handover.line"]._read_group(
            [("handover_id", "in", self.ids)], ["handover_id", "state"], ["__count"]
        )
        total, waiting = {}, {}
        for handover, state, count in groups:
            total[handover.id] = total.get(handover.id, 0) + count
            if state == WAITING:
                waiting[handover.id] = count
        for handover in self:
            handover.line_count = total.get(handover.id, 0)
            handover.waiting_count = waiting.get(handover.id, 0)

    @api.depends("state", "user_id", "department_id")
    @api.depends_context("uid")
    def _compute_can_receive(self):
        for handover in self:
            handover.can_receive = handover.state == HANDED and (
                handover._is_addressed_to(self.env.user)
            )

    # ------------------------------------------------------------------ actions

    def action_hand_over(self):
        """Give the list its number; the recipient can answer from now on."""
        self.check_access("write")
        for handover in self:
            if handover.state != DRAFT:
                raise UserError(
                    self.env._(
                        "%(list)s has been handed over already.",
                        list=handover.display_name,
                    )
                )
            if not handover.line_ids:
                raise UserError(
                    self.env._("Put documents on the list before handing it over.")
                )
            handover._take_number()
            handover._programmatic().write(
                {"state": HANDED, "handed_at": fields.Datetime.now()}
            )
        self.env["pcu.journal"]._log(self, "list_handed_over")
        return True

    def action_cancel(self):
        """Drop a list; what nobody has answered is free for another one."""
        self.check_access("write")
        for handover in self:
            if handover.state not in (DRAFT, HANDED):
                raise UserError(
                    self.env._("A list that was answered can't be cancelled.")
                )
            if handover.line_ids.filtered(
                lambda line: line.state in (RECEIVED, REFUSED)
            ):
                raise UserError(
                    self.env._(
                        "Some documents of %(list)s were received or refused already.",
                        list=handover.display_name,
                    )
                )
            handover.line_ids.sudo()._programmatic().write({"state": "cancelled"})
            handover._programmatic().write({"state": CANCELLED})
        self.env["pcu.journal"]._log(self, "list_cancelled")
        return True

    def action_receive_all(self):
        """Receive whatever on the list is still unanswered."""
        for handover in self:
            handover._check_recipient()
            handover.line_ids.filtered(
                lambda line: line.state == WAITING
            ).action_receive()
        return True

    # ------------------------------------------------------------------ business

    @api.model
    def _pcu_get_open_work_domain(self):
        return Domain("state", "=", HANDED)

    def _pcu_move_work(self, from_user, to_user, on_behalf_of):
        """Let the substitute receive a list that was handed over already."""
        return super(PcuHandover, self._programmatic())._pcu_move_work(
            from_user, to_user, on_behalf_of
        )

    def _is_addressed_to(self, user):
        self.ensure_one()
        if self.user_id:
            return self.user_id == user
        return self.department_id in user.pcu_visible_department_ids and user.has_group(
            "pcu_base.group_inspector"
        )

    def _check_recipient(self):
        self.check_access("read")
        for handover in self:
            if handover.state != HANDED:
                raise UserError(
                    self.env._(
                        "%(list)s isn't waiting to be received.",
                        list=handover.display_name,
                    )
                )
            if not handover._is_addressed_to(self.env.user):
                raise UserError(
                    self.env._(
                        "%(list)s was handed to %(addressee)s; only they receive it.",
                        list=handover.display_name,
                        addressee=handover.user_id.name or handover.department_id.name,
                    )
                )

    def _close_answered(self):
        """Close lists on which nothing waits any more."""
        # sudo: the recipient answers lines without the right to write the list
        for handover in self.sudo():
            if all(line.state != WAITING for line in handover.line_ids):
                handover._programmatic().write({"state": CLOSED})

    # ------------------------------------------------------------------ printing

    def _draw_pdf(self):
        """Return the list as PDF with a signature for each document and two below."""
        self.ensure_one()
        self.check_access("read")
        lines = self.line_ids.sudo()
        states = dict(lines._fields["state"]._description_selection(self.env))
        rows = tuple(
            (
                str(position),
                line.entry_id.reference or "",
                line.entry_id.sender_id.name or line.entry_id.recipient_id.name or "",
                line.entry_id.summary or "",
                str(line.page_count or ""),
                str(line.annex_count or ""),
                "" if line.state == WAITING else states[line.state],
            )
            for position, line in enumerate(lines, 1)
        )
        paper = Paper(
            institution=self.company_id.name,
            title=self.env._(
                "Hand-over list no. %(number)s of %(date)s",
                number=self.name or "…",
                date=format_date(self.env, self.list_date) if self.name else "…",
            ),
            about=(
                self.env._(
                    "Handed over by: %(user)s", user=self.from_user_id.name or ""
                ),
                self.env._(
                    "To: %(recipient)s",
                    recipient=" – ".join(
                        filter(None, (self.department_id.name, self.user_id.name))
                    ),
                ),
                self.note or "",
            ),
            columns=(
                Column(self.env._("No."), 4, True),
                Column(self.env._("Number and date"), 13),
                Column(self.env._("Issuer"), 16),
                Column(self.env._("Content"), 28),
                Column(self.env._("No. of sheets"), 6, True),
                Column(self.env._("No. of annexes"), 7, True),
                Column(self.env._("Signature of receipt"), 15),
            ),
            rows=rows,
            closing=(
                self.env._(
                    "Documents: %(count)s, sheets: %(sheets)s",
                    count=len(rows),
                    sheets=sum(lines.mapped("page_count")),
                ),
            ),
            signatures=(
                (self.env._("I handed over"), self.from_user_id.name or ""),
                (self.env._("I received"), self.user_id.name or ""),
            ),
            page_text=self.env._("Page {page} of {pages}"),
        )
        return draw(paper, fonts=self.env["pcu.register.entry"]._get_fonts())
