"""One document on a hand-over list: received, or refused with a reason."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .pcu_register_entry import ANNULLED, PROGRAM
from .pcu_register_entry import DRAFT as ENTRY_DRAFT
from .pcu_routing import LEAD, SENT

WAITING, RECEIVED, REFUSED, CANCELLED = "waiting", "received", "refused", "cancelled"
LINE_STATES = [
    (WAITING, "Unanswered"),
    (RECEIVED, "Received"),
    (REFUSED, "Refused"),
    (CANCELLED, "Cancelled"),
]
ANSWER_FIELDS = {"state", "answered_by_id", "answered_at", "refusal_reason"}


class PcuHandoverLine(models.Model):
    """A document on a list; the sheets are those of the day of the list."""

    _name = "pcu.handover.line"
    _description = "Document on a hand-over list"
    _order = "handover_id, id"
    _rec_name = "entry_id"

    handover_id = fields.Many2one(
        comodel_name="pcu.handover", required=True, index=True, ondelete="cascade"
    )
    handover_state = fields.Selection(
        related="handover_id.state", string="State of the list"
    )
    can_receive = fields.Boolean(related="handover_id.can_receive")
    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry", string="Document", required=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    summary = fields.Char(related="entry_id.summary")
    page_count = fields.Integer(
        string="Sheets", compute="_compute_counts", store=True, readonly=False
    )
    annex_count = fields.Integer(
        string="Annexes", compute="_compute_counts", store=True, readonly=False
    )
    state = fields.Selection(
        LINE_STATES, default=WAITING, required=True, readonly=True, copy=False
    )
    answered_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    answered_at = fields.Datetime(readonly=True, copy=False)
    refusal_reason = fields.Char(readonly=True, copy=False)

    _one_list = models.UniqueIndex(
        "(entry_id) WHERE state = 'waiting'",
        "The document already waits on another hand-over list.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("entry_id")
    def _compute_counts(self):
        for line in self:
            line.page_count = line.entry_id.page_count
            line.annex_count = line.entry_id.annex_count

    # ------------------------------------------------------------------ constraints

    @api.constrains("entry_id", "handover_id")
    def _check_entry(self):
        for line in self:
            entry = line.entry_id
            if entry.state in (ENTRY_DRAFT, ANNULLED) or not entry.number:
                raise UserError(
                    self.env._(
                        "%(entry)s isn't registered, or was annulled; only registered "
                        "documents are handed over.",
                        entry=entry.display_name,
                    )
                )
            if entry.company_id != line.handover_id.company_id:
                raise UserError(
                    self.env._(
                        "%(entry)s belongs to another institution.",
                        entry=entry.display_name,
                    )
                )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            lists = self.env["pcu.handover"].browse(
                {vals.get("handover_id") for vals in vals_list}
            )
            self._check_draft(lists)
            self._check_free(vals_list)
            for vals in vals_list:
                for name in ANSWER_FIELDS & vals.keys():
                    del vals[name]
        return super().create(vals_list)

    def write(self, vals):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            lists = self.handover_id
            self._check_draft(lists | lists.browse(vals.get("handover_id") or []))
            if vals.keys() & ANSWER_FIELDS:
                self._check_draft(None)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        self._check_draft(self.handover_id)

    def _check_draft(self, lists):
        if lists is None or any(handover.state != "draft" for handover in lists):
            raise UserError(
                self.env._(
                    "The list was handed over; its documents are received or refused, "
                    "not changed."
                )
            )

    def _check_free(self, vals_list):
        """Name the list on which a document already waits."""
        # sudo: the other list may be another department's
        taken = self.sudo().search(
            [
                ("entry_id", "in", [vals.get("entry_id") for vals in vals_list]),
                ("state", "=", WAITING),
            ],
            limit=1,
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(entry)s already waits on: %(list)s.",
                    entry=taken.entry_id.display_name,
                    list=taken.handover_id.display_name,
                )
            )

    # ------------------------------------------------------------------ actions

    def action_receive(self):
        """Receive documents; their routing is accepted with them."""
        self._check_answerable()
        self._answer({"state": RECEIVED})
        for line in self:
            line._get_leg().action_accept()
        self.env["pcu.journal"]._log(self.entry_id, "document_received")
        return True

    @api.private
    def action_refuse(self, reason):
        """Refuse documents with a reason; their routing is returned with them."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you refuse the document."))
        self._check_answerable()
        self._answer({"state": REFUSED, "refusal_reason": reason})
        for line in self:
            leg = line._get_leg()
            entry_sudo = line.entry_id.sudo()
            if leg:
                leg.action_return(reason)
            elif line.handover_id.from_user_id.active:
                entry_sudo._remind(
                    line.handover_id.from_user_id,
                    self.env._("Refused on the list: %(reason)s", reason=reason),
                )
            # sudo: a returned document is out of the department's sight
            self.env["pcu.journal"]._log(entry_sudo, "document_refused", reason=reason)
        return True

    # ------------------------------------------------------------------ business

    def _programmatic(self):
        return self.with_context(pcu_registry=PROGRAM)

    def _answer(self, values):
        # sudo: the recipient answers without the right to write lists
        self.sudo()._programmatic().write(
            {
                **values,
                "answered_by_id": self.env.uid,
                "answered_at": fields.Datetime.now(),
            }
        )
        self.handover_id._close_answered()

    def _get_leg(self):
        """Return the leading leg that the user can accept or return with this."""
        return self.entry_id._get_my_legs(SENT).filtered(lambda leg: leg.kind == LEAD)

    def _check_answerable(self):
        self.handover_id._check_recipient()
        for line in self:
            if line.state != WAITING:
                raise UserError(
                    self.env._(
                        "%(entry)s was received or refused already.",
                        entry=line.entry_id.display_name,
                    )
                )
