"""The daily e-mail to one person about terms that changed their colour."""

from odoo import api, fields, models, tools

from .. import term_lights
from ..retry_ladder import PATIENCE


class PcuDigest(models.AbstractModel):
    """Writes one e-mail per person and day; nothing is stored beside the mail row.

    It names numbers, objects and dates, never a person who asks: an e-mail leaves the
    house.
    """

    _name = "pcu.digest"
    _description = "Digest of terms"

    @api.model
    def _owe(self, company, told):
        """Queue the e-mails of the day.

        :param told: ``{(user, light): requests}``
        """
        per_user = {}
        for (user, light), requests in told.items():
            per_user.setdefault(user, {})[light] = requests
        for user, by_light in per_user.items():
            address = tools.email_normalize(user.email)
            if address:
                self._create_mail(company, user, address, by_light)
            else:
                self._remind_on_screen(user, by_light)

    @api.model
    def _create_mail(self, company, user, address, by_light):
        """Render the digest in the person's language and queue it."""
        speaking = self.with_context(lang=user.lang)
        labels = dict(
            speaking.env["pcu.request"]
            ._fields["told_light"]
            ._description_selection(speaking.env)
        )
        sections = [
            (labels[light], by_light[light].sorted(lambda r: (r.due_date, r.id)))
            for light in reversed(term_lights.SEVERITY)
            if light in by_light
        ]
        body = speaking.env["ir.qweb"]._render(
            "pcu_requests.digest_mail",
            {
                "sections": sections,
                "user": user,
                "company": company,
                "base_url": self.get_base_url(),
            },
        )
        count = sum(len(requests) for requests in by_light.values())
        subject = speaking.env._(
            "[%(institution)s] Terms: requests that need you (%(count)s)",
            institution=company.name,
            count=count,
        )
        self._queue(company, address, subject, body)

    @api.model
    def _queue(self, company, address, subject, body, **values):
        """Queue a message of the institution to one of its own people.

        A mail server that is down loses none: Odoo's hourly queue tries it again for
        two days.

        :param values: what the e-mail holds besides
        """
        # sudo: e-mails are the queue's, whoever causes one
        self.env["mail.mail"].sudo().create(
            {
                "subject": subject,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": address,
                "body_html": body,
                "auto_delete": True,
                "headers": {"Auto-Submitted": "auto-generated"},
                "pcu_try_until": fields.Datetime.now() + PATIENCE,
                **values,
            }
        )

    @api.model
    def _remind_on_screen(self, user, by_light):
        """Who has no e-mail address finds the reminder among the to-dos."""
        for requests in by_light.values():
            for request in requests:
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=request.with_context(lang=user.lang).days_left_text,
                )
