"""A mailbox that belongs to one register."""

from odoo import api, fields, models

from .. import mail_reading
from ..mailboxes import KeptMailbox


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    pcu_register_id = fields.Many2one(
        comodel_name="pcu.register",
        string="Register",
        index="btree_not_null",
        help="Each message of this mailbox becomes a proposal for this register.",
    )

    @api.onchange("pcu_register_id")
    def _onchange_pcu_register_id(self):
        if self.pcu_register_id:
            self.object_id = self.env["ir.model"]._get("pcu.intake.message")

    def set_draft(self):
        """Keep a register's mailbox when Odoo gives it up after days of faults.

        Letters pile up in it meanwhile; once its server is back they come in by
        themselves. A person may switch it off.
        """
        kept = self.browse()
        if self.env.context.get("fetchmail_cron_running"):
            kept = self.filtered(
                lambda s: s.pcu_register_id or s.object_id.model == "pcu.intake.message"
            )
        # The administrators are told again after as many days.
        kept.write({"error_date": fields.Datetime.now()})
        return super(FetchmailServer, self - kept).set_draft()

    def _connect__(self, allow_archived=False):
        connection = super()._connect__(allow_archived=allow_archived)
        return KeptMailbox(connection, self._may_go, self._tell_left)

    def _may_go(self, raw):
        """Tell whether a message is committed here, or came for no register."""
        with self.env.registry.cursor() as cr:
            messages = self.env["pcu.intake.message"].with_env(self.env(cr=cr)).sudo()
            messages = messages.with_context(default_fetchmail_server_id=self.id)
            if not messages._get_addressed_register(raw, self.object_id.model):
                return True
            key = mail_reading.key_of(raw)
            return bool(messages.search_count([("message_key", "=", key)], limit=1))

    def _tell_left(self, count):
        """Show on the mailbox that messages wait in it, and why nothing is lost."""
        self.write(
            {
                "error_date": fields.Datetime.now(),
                "error_message": self.env._(
                    "Messages that couldn't be taken over: %(count)s. They stay "
                    "unread in the mailbox and are fetched again; the cause stands in "
                    "the log.",
                    count=count,
                ),
            }
        )
