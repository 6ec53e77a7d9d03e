"""What Odoo sends out or takes in by itself stays still in a copy of the database.

E-mails wait in their queue, so that nothing is lost should the copy become the real
database; the last wall is the connection itself.
"""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """Leave e-mails in the queue of a copy."""
        if self.env["pcu.database"]._holds_back("e-mail"):
            return True
        return super().send(*args, **kwargs)


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):
        """Open no connection to a mail server from a copy."""
        self.env["pcu.database"]._refuse_copy()
        return super()._connect__(*args, **kwargs)


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    def _connect__(self, *args, **kwargs):
        """Open no connection to a mailbox from a copy."""
        self.env["pcu.database"]._refuse_copy()
        return super()._connect__(*args, **kwargs)

    def _fetch_mail(self, *args, **kwargs):
        """Take no e-mail away from the real database."""
        if self.env["pcu.database"]._holds_back("fetching e-mail"):
            return None
        return super()._fetch_mail(*args, **kwargs)


class MailPush(models.Model):
    _inherit = "mail.push"

    def _push_notification_to_endpoint(self, *args, **kwargs):
        """Show no notification of a copy in anybody's browser."""
        if self.env["pcu.database"]._holds_back("notifications"):
            return None
        return super()._push_notification_to_endpoint(*args, **kwargs)


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _run_action_webhook(self, *args, **kwargs):
        """Call no other program from a copy."""
        if self.env["pcu.database"]._holds_back("a webhook"):
            return None
        return super()._run_action_webhook(*args, **kwargs)


class PublisherWarrantyContract(models.AbstractModel):
    _inherit = "publisher_warranty.contract"

    def update_notification(self, *args, **kwargs):
        """Report a copy to nobody."""
        if self.env["pcu.database"]._holds_back("the publisher's report"):
            return True
        return super().update_notification(*args, **kwargs)
