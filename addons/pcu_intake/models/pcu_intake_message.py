"""E-mails for a register: kept as received, proposed to a clerk, registered."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

PROPOSAL, ANSWER, AUTOMATIC = "proposal", "answer", "automatic"
UNREADABLE, REGISTERED, REJECTED = "unreadable", "registered", "rejected"
STATES = [
    (PROPOSAL, "To register"),
    (UNREADABLE, "Can't be read"),
    (ANSWER, "On its entry"),
    (AUTOMATIC, "Automatic"),
    (REGISTERED, "Registered"),
    (REJECTED, "Set aside"),
]
REASONS = [
    ("empty", "The message is empty"),
    ("no_headers", "It isn't an e-mail: no sender, subject or date"),
    ("damaged", "The message is damaged"),
    ("too_many_parts", "It is made of too many parts"),
    ("failed", "Reading it failed; the administrator finds the cause in the log"),
    ("auto_reply", "An automatic reply"),
    ("bulk", "Sent to many (list or advertising)"),
    ("delivery_report", "A delivery report of a mail server"),
    ("own_address", "Sent from one of our own addresses"),
]
# All a clerk may change; the rest comes from the message itself and from actions.
EDITABLE_FIELDS = frozenset({"register_id", "sender_id", "summary", "reason_note"})


class PcuIntakeMessage(models.Model):
    """One e-mail that came for a register.

    It is stored byte for byte on arrival. A clerk registers the proposal with one key
    or sets it aside; an answer that cites a number of ours lands on its entry by
    itself; what a program sent is kept apart and never answered; what can't be read
    waits where everybody sees it.
    """

    _name = "pcu.intake.message"
    _description = "E-mail for a register"
    _inherit = ["mail.thread.main.attachment"]
    _order = "received_at desc, id desc"
    _check_company_auto = True

    # What came
    name = fields.Char(string="Subject", readonly=True)
    sender_name = fields.Char(readonly=True)
    sender_email = fields.Char(string="Sender's e-mail", readonly=True)
    sent_at = fields.Datetime(string="Dated", readonly=True)
    received_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    text = fields.Text(readonly=True)
    file_ids = fields.One2many(
        comodel_name="pcu.intake.file", inverse_name="message_id", string="Attachments"
    )
    file_count = fields.Integer(string="Files", readonly=True, aggregator=None)
    suspicious = fields.Boolean(readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True, aggregator=None)

    # The original
    original_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Message as received",
        readonly=True,
        ondelete="restrict",
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)
    message_key = fields.Char(required=True, readonly=True)

    # What becomes of it
    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", required=True, readonly=True
    )
    sender_id = fields.Many2one(comodel_name="res.partner", string="Issuer")
    summary = fields.Char(string="Summary of the content")
    state = fields.Selection(STATES, required=True, readonly=True, default=PROPOSAL)
    reason = fields.Selection(REASONS, readonly=True)
    reason_note = fields.Char(string="Why it was set aside", readonly=True)
    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    unknown_sender = fields.Boolean(
        readonly=True,
        help="The answer came from an address that neither the issuer nor the "
        "recipient of the entry has. Look whether it belongs there.",
    )

    _message_key_uniq = models.Constraint(
        "UNIQUE(company_id, message_key)", "This message has come before."
    )
    _queue_idx = models.Index("(state, received_at DESC, id DESC)")

    @api.depends("name", "sender_name", "sender_email")
    def _compute_display_name(self):
        for message in self:
            message.display_name = (
                message.name
                or message.sender_name
                or message.sender_email
                or self.env._("E-mail %(id)s", id=message.id)
            )

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        if not self.env.su and vals.keys() - EDITABLE_FIELDS:
            raise UserError(
                self.env._(
                    "An e-mail stays as it was received. Correct the issuer or the "
                    "summary, register it or set it aside."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rejected(self):
        if any(message.state != REJECTED for message in self):
            raise UserError(
                self.env._(
                    "Only an e-mail that was set aside can be deleted. Set it aside "
                    "first, with a reason."
                )
            )

    # ------------------------------------------------------------------ actions

    def action_register(self):
        """Make an entry of each message and ask for its number."""
        self.check_access("write")
        for message in self:
            if message.state in (REGISTERED, REJECTED):
                raise UserError(
                    self.env._(
                        "“%(message)s” is already registered or set aside.",
                        message=message.display_name,
                    )
                )
            message._make_entry()
        return len(self) == 1 and self.action_open_entry()

    def action_open_entry(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.register.entry",
            "res_id": self.entry_id.id,
            "views": [(False, "form")],
        }

    def action_reject(self):
        """Set aside what isn't to be registered: advertising, spam."""
        self.check_access("write")
        if any(message.entry_id for message in self):
            raise UserError(
                self.env._("An e-mail that lies with an entry can't be set aside.")
            )
        for message in self:
            reason = message.reason_note or self.env._("not for the register")
            self.env["pcu.journal"]._log(message, "mail_rejected", reason=reason)
        # sudo: the state is written by actions only
        self.sudo().write({"state": REJECTED})

    def action_restore(self):
        """Take up again what was set aside."""
        self.check_access("write")
        rejected = self.filtered(lambda message: message.state == REJECTED)
        # sudo: as above
        rejected.sudo().write({"state": PROPOSAL})
        self.env["pcu.journal"]._log(rejected, "mail_restored")

    def action_download_original(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.original_id.id}?download=1",
            "target": "download",
        }

    def action_read_again(self):
        """Try once more to read what couldn't be read."""
        self.check_access("write")
        for message in self.filtered(lambda m: m.state == UNREADABLE):
            # sudo: the files it finds are the program's to write
            message.sudo()._read_original()

    # ------------------------------------------------------------------ business

    def _make_entry(self):
        """Register one message; its documents get the bytes as received."""
        documents = self._get_documents()
        entry = self.env["pcu.register.entry"]._register_new(
            [self._prepare_entry_values()]
        )
        if documents:
            # It had landed on the entry whose number it cites.
            entry._attach_documents(documents)
        else:
            self._make_documents(entry)
        # sudo: what became of a message is the program's to write
        self.sudo().write({"state": REGISTERED, "entry_id": entry.id})

    def _prepare_entry_values(self):
        answered = self.entry_id
        return {
            "origin_key": f"mail:{self.company_id.id}:{self.message_key}",
            "register_id": self.register_id.id,
            "company_id": self.company_id.id,
            "direction": "incoming",
            "channel": "email",
            "sender_id": (self.sender_id or self._make_sender()).id,
            "summary": self.summary
            or self.name
            or self.env._("E-mail without a subject"),
            "external_date": self.sent_at and local_day(self.sent_at),
            "connected_to_id": (answered.connected_to_id or answered).id,
        }

    def _make_sender(self):
        """Return the party of an unknown address; anonymous if there is none."""
        if not self.sender_email and not self.sender_name:
            return self.env["res.partner"]._pcu_find_or_create(
                {
                    "kind": "anonymous",
                    "name": self.env._("Anonymous"),
                    "company_id": self.company_id.id,
                }
            )
        return self.env["res.partner"]._pcu_find_or_create(
            {
                "name": self.sender_name or self.sender_email,
                "email": self.sender_email,
                "company_id": self.company_id.id,
            }
        )

    def _make_documents(self, entry):
        """Turn the message and its files into documents of an entry."""
        self.ensure_one()
        values = {
            **entry._prepare_document_values(),
            "kind": "received",
            "received_at": self.received_at,
        }
        # sudo: uploads of the program; whoever sees the message may register it
        message_sudo = self.sudo()
        documents = self.env["pcu.document"].sudo()
        for file in message_sudo.file_ids:
            document = documents._create_from_attachments(
                file.attachment_id, file._prepare_document_values(values)
            )
            file.attachment_id.unlink()
            file.attachment_id = document.attachment_id
            documents |= document
        original = message_sudo.original_id
        document = documents._create_from_attachments(
            original, {**values, "declared_type": "message/rfc822"}
        )
        message_sudo.original_id = document.attachment_id
        original.unlink()
        documents |= document
        entry._set_main_document(documents[:1])
        return documents

    def _get_documents(self):
        """Return the documents that were made of this message."""
        # sudo: only to find them; the entry's own rules show them
        message_sudo = self.sudo()
        attachments = message_sudo.original_id | message_sudo.file_ids.attachment_id
        return message_sudo.env["pcu.document"].search(
            [("attachment_id", "in", attachments.ids)]
        )
