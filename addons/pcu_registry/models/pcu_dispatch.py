"""Dispatches: one document to one recipient by one way, with its proof."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .pcu_register_entry import ANNULLED, PROGRAM, WAITING
from .pcu_register_entry import DRAFT as ENTRY_DRAFT

READY, SENT, DELIVERED, RETURNED = "ready", "sent", "delivered", "returned"
CANCELLED = "cancelled"
DISPATCH_STATES = [
    (READY, "To be sent"),
    (SENT, "Sent"),
    (DELIVERED, "Delivered"),
    (RETURNED, "Came back"),
    (CANCELLED, "Cancelled"),
]
SERVICES = [
    ("post", "Ordinary letter"),
    ("registered", "Registered letter (R)"),
    ("registered_post", "Registered with confirmation (R, AR)"),
    ("courier", "Courier (AWB)"),
    ("pickup", "Personal pick-up"),
    ("agent", "Procedural agent"),
    ("email", "E-mail"),
    ("pcue", "PCUe"),
    ("roepas", "ROePAS"),
]
"""The keys are those of the entry's delivery channel."""
POSTAL = ("post", "registered", "registered_post", "courier")
RETURN_REASONS = [
    ("unclaimed", "Not claimed, the time for keeping it has passed"),
    ("refused", "Refused by the recipient"),
    ("moved", "Moved"),
    ("unknown", "Unknown at this address"),
    ("address", "Address incomplete or wrong"),
    ("deceased", "Recipient deceased"),
    ("other", "Other reason"),
]
NOT_DISPATCHABLE = (ENTRY_DRAFT, WAITING, ANNULLED)
#: What sending, delivering and coming back write.
COURSE_FIELDS = {
    "state",
    "sent_date",
    "sent_by_id",
    "delivered_on",
    "returned_on",
    "return_reason",
    "proof_note",
    "proof_id",
}
#: What arrives later than the letter leaves: the label's number, the bill.
LATER_FIELDS = {"tracking_number", "weight_g", "tariff"}


class PcuDispatch(models.Model):
    """How a document left: to whom, where to, by which service, and what came of it.

    *To be sent* while it stands on a list in preparation; *sent* with a day, which goes
    into the register; *delivered* with its proof, or *came back* with a reason.
    """

    _name = "pcu.dispatch"
    _description = "Dispatch"
    _order = "id desc"
    _rec_name = "entry_id"
    _check_company_auto = True

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry", string="Document", required=True, index=True,
        ondelete="restrict", check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, index=True, string="Institution"
    )
    list_id = fields.Many2one(
        comodel_name="pcu.dispatch.list", string="Dispatch list",
        index="btree_not_null", ondelete="restrict", check_company=True,
    )  # fmt: skip
    recipient_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True
    )
    address = fields.Char(
        help="As written on the envelope, or the e-mail address; kept as it was then."
    )
    service = fields.Selection(SERVICES, required=True, default="registered_post")
    tracking_number = fields.Char(
        string="R / AWB number", help="The number on the label of the post or courier."
    )
    weight_g = fields.Integer(string="Weight (g)", aggregator="sum")
    tariff = fields.Float(string="Tariff (lei)", digits=(10, 2), aggregator="sum")
    state = fields.Selection(
        DISPATCH_STATES, default=READY, required=True, readonly=True, copy=False
    )
    sent_date = fields.Date(readonly=True, copy=False)
    sent_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    # What came of it
    delivered_on = fields.Date(readonly=True, copy=False)
    returned_on = fields.Date(string="Came back on", readonly=True, copy=False)
    return_reason = fields.Selection(RETURN_REASONS, readonly=True, copy=False)
    proof_note = fields.Char(
        string="Remark", readonly=True, copy=False,
        help="E.g. who signed, or the identifier of the e-mail.",
    )  # fmt: skip
    proof_id = fields.Many2one(
        comodel_name="pcu.document", readonly=True, copy=False,
        index="btree_not_null", help="The scan of the confirmation (AR) or envelope.",
    )  # fmt: skip

    _tracking_uniq = models.UniqueIndex(
        "(company_id, tracking_number) "
        "WHERE tracking_number IS NOT NULL AND state IN ('ready', 'sent')",
        "Another letter on its way already has this R or AWB number. Check the label.",
    )
    _amounts_positive = models.Constraint(
        "CHECK(weight_g >= 0 AND tariff >= 0)",
        "Weight and tariff can't be negative.",
    )
    _unproven_idx = models.Index("(sent_date) WHERE state = 'sent'")

    # ------------------------------------------------------------------ constraints

    @api.constrains("list_id", "service")
    def _check_list(self):
        for dispatch in self.filtered("list_id"):
            if dispatch.state == READY and dispatch.list_id.state != "draft":
                raise UserError(
                    self.env._(
                        "%(list)s was sent already. Put the letter on another list.",
                        list=dispatch.list_id.display_name,
                    )
                )
            if dispatch.service not in POSTAL:
                raise UserError(
                    self.env._("Only letters stand on a list for the post or courier.")
                )

    @api.constrains("entry_id", "recipient_id", "state")
    def _check_entry(self):
        for dispatch in self.filtered(lambda d: d.state == READY):
            dispatch.entry_id._check_dispatchable()
            other = self.search(
                [
                    ("entry_id", "=", dispatch.entry_id.id),
                    ("recipient_id", "=", dispatch.recipient_id.id),
                    ("state", "in", (READY, SENT, DELIVERED)),
                    ("id", "!=", dispatch.id),
                ],
                limit=1,
            )
            if other:
                raise UserError(
                    self.env._(
                        "%(entry)s goes or went to %(recipient)s already "
                        "(%(list)s). Record that letter as come back before sending it "
                        "again.",
                        entry=dispatch.entry_id.display_name,
                        recipient=dispatch.recipient_id.name,
                        list=other.list_id.display_name
                        or dict(
                            self._fields["service"]._description_selection(self.env)
                        )[other.service],
                    )
                )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            for vals in vals_list:
                course = {name for name in COURSE_FIELDS if vals.get(name)}
                if course - {"state"} or vals.get("state", READY) != READY:
                    self._refuse_by_hand()
        for vals in vals_list:
            self._clean_tracking(vals)
        dispatches = super().create(vals_list)
        for dispatch in dispatches.filtered(lambda d: not d.address):
            dispatch.address = dispatch._get_address()
        return dispatches

    def write(self, vals):
        self._clean_tracking(vals)
        if self.env.context.get("pcu_registry") is not PROGRAM:
            if vals.keys() & COURSE_FIELDS:
                self._refuse_by_hand()
            late = vals.keys() - LATER_FIELDS
            if late and any(d.state != READY for d in self):
                raise UserError(
                    self.env._(
                        "The letter was sent: only its R or AWB number, weight and "
                        "tariff can still be filled in."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(dispatch.state not in (READY, CANCELLED) for dispatch in self):
            raise UserError(self.env._("What was sent stays on record."))

    def _refuse_by_hand(self):
        raise UserError(
            self.env._(
                "A letter is sent with its list; its end is recorded with proof."
            )
        )

    @api.model
    def _clean_tracking(self, vals):
        """Write numbers as labels show them, so that twice the same is seen."""
        if "tracking_number" in vals:
            text = "".join((vals["tracking_number"] or "").split()).upper()
            vals["tracking_number"] = text or False

    # ------------------------------------------------------------------ business

    def _programmatic(self):
        return self.with_context(pcu_registry=PROGRAM)

    def _get_address(self):
        """Return where it goes, as the party is written down today."""
        # sudo: the registry writes envelopes for whoever the entry names
        partner = self.recipient_id.sudo()
        if self.service == "email":
            return partner.email or ""
        if self.service in POSTAL:
            return partner._pcu_get_postal_address()
        return ""

    def _send(self, day, note=None):
        """Mark as sent on a day and fill the columns of the register."""
        for dispatch in self:
            dispatch._check_sendable()
        self._programmatic().write(
            {
                "state": SENT,
                "sent_date": day,
                "sent_by_id": self.env.uid,
                "proof_note": note or False,
            }
        )
        for dispatch in self:
            dispatch.entry_id._fill_sent(day, dispatch.service)
        self.env["pcu.journal"]._log(self.entry_id, "document_sent")

    def _check_sendable(self):
        if self.state != READY:
            raise UserError(
                self.env._(
                    "%(entry)s was sent or cancelled already.",
                    entry=self.entry_id.display_name,
                )
            )
        self.entry_id._check_dispatchable()
        if self.service == "email" and not email_normalize(self.address or ""):
            raise UserError(
                self.env._(
                    "“%(address)s” is no e-mail address. Correct it for %(recipient)s.",
                    address=self.address or "",
                    recipient=self.recipient_id.name,
                )
            )
        if self.service in POSTAL and not (self.address or "").strip():
            raise UserError(
                self.env._(
                    "%(recipient)s has no postal address. Write it on the letter to "
                    "%(entry)s.",
                    recipient=self.recipient_id.name,
                    entry=self.entry_id.display_name,
                )
            )

    @api.private
    def action_deliver(self, day, note=None, proof=None):
        """Record that letters arrived.

        :param day: on which day
        :param proof: ``pcu.document`` with the scanned confirmation, or None
        """
        self._check_may_end(day)
        self._programmatic().write(
            {
                "state": DELIVERED,
                "delivered_on": day,
                "proof_note": note or False,
                "proof_id": proof.id if proof else False,
            }
        )
        self.env["pcu.journal"]._log(self.entry_id, "document_delivered")

    @api.private
    def action_come_back(self, day, reason, note=None, proof=None):
        """Record that letters came back, and put the document on somebody's list."""
        labels = dict(self._fields["return_reason"]._description_selection(self.env))
        if reason not in labels:
            raise UserError(self.env._("Say why the letter came back."))
        self._check_may_end(day)
        self._programmatic().write(
            {
                "state": RETURNED,
                "returned_on": day,
                "return_reason": reason,
                "proof_note": note or False,
                "proof_id": proof.id if proof else False,
            }
        )
        for dispatch in self:
            entry = dispatch.entry_id
            user = entry.holder_id or dispatch.sent_by_id
            if user.active:
                entry.sudo()._remind(
                    user,
                    self.env._(
                        "The letter came back: %(reason)s", reason=labels[reason]
                    ),
                )
        self.env["pcu.journal"]._log(self.entry_id, "document_came_back", reason=reason)

    def _check_may_end(self, day):
        self.check_access("write")
        day = fields.Date.to_date(day)
        if not day or day > local_day():
            raise UserError(self.env._("Give the day; it can't be in the future."))
        for dispatch in self:
            if dispatch.state != SENT:
                raise UserError(
                    self.env._(
                        "%(entry)s isn't on its way: its end was recorded, or it was "
                        "not sent yet.",
                        entry=dispatch.entry_id.display_name,
                    )
                )
            if day < dispatch.sent_date:
                raise UserError(
                    self.env._(
                        "%(entry)s was sent later than that.",
                        entry=dispatch.entry_id.display_name,
                    )
                )
