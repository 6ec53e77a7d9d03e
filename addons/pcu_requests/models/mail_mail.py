"""E-mails to our own people that a mail server did not take."""

from odoo import api, fields, models


class MailMail(models.Model):
    """Odoo's queue tries an e-mail once; a reminder that nobody gets reminds nobody."""

    _inherit = "mail.mail"

    pcu_try_until = fields.Datetime(
        string="Tried again until",
        index="btree_not_null",
        help="Until then an e-mail that the mail server did not take goes back into "
        "the queue by itself.",
    )

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Take up again what failed and is still worth sending, then send."""
        if not email_ids:
            self.search(
                [
                    ("pcu_try_until", ">", fields.Datetime.now()),
                    ("state", "=", "exception"),
                ]
            ).mark_outgoing()
        return super().process_email_queue(email_ids, batch_size)
