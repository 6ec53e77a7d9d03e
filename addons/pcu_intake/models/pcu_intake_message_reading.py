"""Receiving an e-mail: keep the bytes first, then read, match and place it."""

import hashlib
import logging

from odoo import api, models
from odoo.addons.pcu_base import identity
from odoo.addons.pcu_base.romania import comma_below
from odoo.fields import Domain
from odoo.tools import email_normalize
from psycopg2.errors import UniqueViolation

from .. import mail_reading
from .pcu_intake_message import ANSWER, AUTOMATIC, PROPOSAL, UNREADABLE

_logger = logging.getLogger(__name__)


class PcuIntakeMessage(models.Model):
    _inherit = "pcu.intake.message"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------ at the door

    @api.model
    def _get_addressed_register(self, raw, model=None):
        """Return the register a message is for: by its address, else its mailbox.

        :param model: the fallback model of the gateway; what is meant for this model
            and names no register is for the general one
        """
        # sudo: the gateway runs as whoever fetches the mail
        addresses = mail_reading.recipients(raw)
        aliases = self._find_aliases(addresses)
        registers_sudo = self.env["pcu.register"].sudo()
        if aliases:
            registers = registers_sudo.search([("alias_id", "in", aliases.ids)])
            order = {alias.id: number for number, alias in enumerate(aliases)}
            if found := registers.sorted(lambda r: order[r.alias_id.id])[:1]:
                return found
        server_id = self.env.context.get("default_fetchmail_server_id")
        server_sudo = self.env["fetchmail.server"].sudo().browse(server_id)
        if server_sudo.pcu_register_id or model != self._name:
            return server_sudo.pcu_register_id
        return self.env["pcu.register.entry"].sudo()._default_register_id()

    @api.model
    def _find_aliases(self, addresses):
        """Return our aliases among the addresses, in the order of the addresses."""
        model_id = self.env["ir.model"]._get_id(self._name)
        aliases_sudo = self.env["mail.alias"].sudo()
        local_parts = [address.partition("@")[0] for address in addresses]
        found = aliases_sudo.search(
            Domain("alias_model_id", "=", model_id)
            & (
                Domain("alias_full_name", "in", addresses)
                | Domain("alias_name", "in", local_parts)
                & (
                    Domain("alias_incoming_local", "=", True)
                    | Domain("alias_domain_id", "=", False)
                )
            )
        )
        return found.sorted(
            lambda alias: (
                alias.alias_full_name not in addresses,
                local_parts.index(alias.alias_name),
            )
        )

    @api.model
    def _receive(self, raw, register):
        """Keep a message that came for a register, then read it.

        :param bytes raw: the message exactly as it was received
        :return: the message; the one that came before if it comes again
        """
        messages_sudo = self.sudo().with_company(register.company_id)
        key = mail_reading.key_of(raw)
        same = Domain("message_key", "=", key) & Domain(
            "company_id", "=", register.company_id.id
        )
        if known := messages_sudo.search(same):
            return known
        try:
            with self.env.cr.savepoint():
                message = messages_sudo._keep(raw, key, register)
        except UniqueViolation:
            # Another process fetched it at the same moment and has it.
            return messages_sudo
        message._read_original()
        return message

    @api.model
    def _keep(self, raw, key, register):
        message = self.create(
            {
                "register_id": register.id,
                "company_id": register.company_id.id,
                "message_key": key,
                "size": len(raw),
                "sha256": hashlib.sha256(raw).hexdigest(),
                "state": UNREADABLE,
            }
        )
        message.original_id = message._attach(
            self.env._("message.eml"), raw, "message/rfc822"
        )
        return message

    def _attach(self, name, content, mimetype):
        """Store bytes beside the message, untouched, shown as harmless as they are."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .with_context(image_no_postprocess=True)
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                }
            )
        )

    # ------------------------------------------------------------------ reading

    def _read_original(self):
        """Read the stored message; what goes wrong becomes its state."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                letter = mail_reading.read(self.original_id.raw or b"")
                self._take_letter(letter)
        except mail_reading.UnreadableError as exc:
            self.write({"state": UNREADABLE, "reason": str(exc)})
        except Exception:
            # A stranger's message must not stop the mailbox: it waits, visibly.
            _logger.exception("E-mail %s couldn't be read", self.id)
            self.write({"state": UNREADABLE, "reason": "failed"})

    def _take_letter(self, letter):
        self.file_ids.attachment_id.unlink()
        self.file_ids.unlink()
        self.write(self._prepare_letter_values(letter))
        self.env["pcu.intake.file"]._keep(self, letter.files)
        self.write(
            {
                "file_count": len(self.file_ids),
                "suspicious": any(file.suspicious for file in self.file_ids),
            }
        )
        self._show_first_file()
        if self.state == PROPOSAL:
            self._place(letter)

    def _prepare_letter_values(self, letter):
        automatic = letter.automatic
        if not automatic and self._is_own_address(letter.sender_email):
            automatic = "own_address"
        return {
            "name": letter.subject,
            "summary": comma_below(letter.subject),
            "sender_name": letter.sender_name,
            "sender_email": letter.sender_email,
            "sender_id": self._match_sender(letter).id,
            "sent_at": letter.sent_at,
            "text": letter.text,
            "state": AUTOMATIC if automatic else PROPOSAL,
            "reason": automatic,
        }

    def _show_first_file(self):
        """Show the first harmless file beside the form."""
        shown = self.file_ids.filtered(
            lambda f: (
                not f.suspicious
                and f.attachment_id.mimetype
                in ("application/pdf", "image/jpeg", "image/png")
            )
        )
        self.message_main_attachment_id = shown[:1].attachment_id

    def _match_sender(self, letter):
        """Return the one party that the sender is, if there is no doubt."""
        email = email_normalize(letter.sender_email)
        partners = self.env["res.partner"]
        if not email:
            return partners
        partners = partners.search(
            [
                ("email_normalized", "=", email),
                ("pcu_party_kind", "!=", False),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            order="id",
        )
        if len(partners) > 1:
            key = identity.name_key(letter.sender_name)
            partners = partners.filtered(lambda p: identity.name_key(p.name) == key)
        return partners[:1]

    def _is_own_address(self, address):
        """Tell whether a message comes from ourselves, which would be a circle."""
        address = email_normalize(address or "")
        if not address:
            return False
        own = {
            email_normalize(email)
            for email in (
                self.company_id.email,
                self.company_id.catchall_email,
                self.company_id.bounce_email,
                self.register_id.alias_email,
            )
            if email
        }
        return address in own or bool(
            self.env["mail.alias"].search_count(
                [("alias_full_name", "=", address)], limit=1
            )
        )

    # ------------------------------------------------------------------ placing

    def _place(self, letter):
        """Let an answer land on the entry whose number it cites.

        Where nothing can be added any more it stays a proposal, for a new number.
        """
        entry, by_thread = self._find_entry(letter)
        if not (entry and entry._takes_documents()):
            return
        parties = (entry.sender_id | entry.recipient_id).commercial_partner_id
        known = by_thread or (
            self.sender_id and self.sender_id.commercial_partner_id in parties
        )
        self.write({"state": ANSWER, "entry_id": entry.id, "unknown_sender": not known})
        self._make_documents(entry)
        self._tell_holder(entry)

    def _find_entry(self, letter):
        """Find the entry by our number in the subject, else by the thread.

        :return: the entry (or none) and whether it answers a message of ours
        """
        entries = self.env["pcu.register.entry"]
        posted = self.env["mail.message"].search(
            [
                ("message_id", "in", letter.references),
                ("model", "=", entries._name),
            ],
            limit=1,
            order="id desc",
        )
        thread = entries.browse(posted.res_id).exists()
        if thread.company_id == self.company_id:
            return thread, True
        for reference in mail_reading.cited_numbers(letter.subject):
            found = entries.search(
                [("reference", "=", reference), ("company_id", "=", self.company_id.id)]
            )
            own = found.filtered(lambda e: e.register_id == self.register_id)
            # The same number in two other registers: a clerk decides.
            if own or len(found) == 1:
                return (own or found)[:1], False
        return entries, False

    def _tell_holder(self, entry):
        """Note the answer on its entry and remind whoever has the matter."""
        who = self.sender_name or self.sender_email
        if self.unknown_sender:
            note = self.env._(
                "An answer came by e-mail from %(sender)s, an address that isn't known "
                "for this entry. Look whether it belongs here.",
                sender=who,
            )
        else:
            note = self.env._("An answer came by e-mail from %(sender)s.", sender=who)
        entry._message_log(body=note)
        self.env["pcu.journal"]._log(entry, "mail_answered")
        holder = entry.holder_id or entry.department_id.head_id
        if holder.active:
            entry._remind(holder, note)
