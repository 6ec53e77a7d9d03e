"""The door: an e-mail for a register is kept before anything reads it."""

import xmlrpc.client

from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Take what is addressed to a register out of the generic gateway.

        There a message that can't be parsed, that came before, or that is one too many
        from the same address is dropped or bounced, which a register may not do.
        """
        raw = message
        if isinstance(raw, xmlrpc.client.Binary):
            raw = bytes(raw.data)
        elif isinstance(raw, str):
            raw = raw.encode("utf-8", "surrogateescape")
        messages = self.env["pcu.intake.message"]
        if register := messages._get_addressed_register(raw, model):
            return messages._receive(raw, register).id
        return super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
