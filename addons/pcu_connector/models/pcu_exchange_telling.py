"""Who hears what of the things that wait, and the e-mail that says it."""

from odoo import api, models, tools
from odoo.addons.pcu_base.romania import in_romanian

from .. import waiting_ladder as ladder

#: Rows that one e-mail names; the console has all.
NAMED = 50


class PcuExchangeTelling(models.AbstractModel):
    """Writes at most one e-mail per person and hour; nothing is stored beside it.

    It names numbers, procedures and dates, never a person who asks: an e-mail leaves
    the house.
    """

    _name = "pcu.exchange.telling"
    _description = "Telling what waits"

    @api.model
    def _tell(self, company, rungs, daily):
        """Queue the e-mails.

        :param dict rungs: each waiting item and the rung it has reached
        :param bool daily: also name what they have heard of, and troubled platforms
        """
        troubled = self._get_troubled(company) if daily else []
        clerks, administrators = self._get_clerks(company), self._get_admins(company)
        for user in clerks | administrators | self._get_all_heads(rungs, clerks):
            heard = [
                item
                for item, rung in rungs.items()
                if user in self._get_listeners(item, rung, clerks, administrators)
            ]
            news = [item for item in heard if rungs[item] > item.told_rung]
            rest = [item for item in heard if item not in news] if daily else []
            platforms = troubled if user in administrators else []
            if news or rest or platforms:
                self._send(company, user, news, rest, platforms)

    @api.model
    def _get_listeners(self, item, rung, clerks, administrators):
        """Return who hears of an item that has reached a rung."""
        people = clerks.browse()
        if rung >= ladder.CLERK:
            people |= clerks
        if rung >= ladder.HEAD:
            people |= self._get_heads(item, clerks) or administrators
        if rung >= ladder.ADMINISTRATOR:
            people |= administrators | item.company_id.pcu_secretary_id
        if rung >= ladder.MAYOR:
            people |= item.company_id.pcu_head_id
        return people

    @api.model
    def _get_heads(self, item, clerks):
        """Return the head of the desk, or of the registry while there is no desk."""
        return item.department_id.head_id or clerks.pcu_department_ids.head_id

    @api.model
    def _get_all_heads(self, rungs, clerks):
        people = clerks.browse()
        for item in rungs:
            company = item.company_id
            people |= self._get_heads(item, clerks)
            people |= company.pcu_secretary_id | company.pcu_head_id
        return people

    @api.model
    def _get_clerks(self, company):
        return self._get_people(company, "pcu_base.group_registry_operator")

    @api.model
    def _get_admins(self, company):
        return self._get_people(company, "pcu_base.group_admin")

    @api.model
    def _get_people(self, company, group):
        """Return the active people of a group who work in the institution."""
        return self.env.ref(group).all_user_ids.filtered(
            lambda u: u.active and not u.share and company in u.company_ids
        )

    @api.model
    def _get_troubled(self, company):
        """Return the platforms that need the administrator."""
        platforms = self.env["pcu.platform"].search(
            [("company_id", "=", company.id), ("active", "=", True)]
        )
        return [
            platform
            for platform in platforms.filtered(lambda p: not p.safe_mode)
            if platform.state != "running"
            or (platform.last_success_at and platform._is_late())
        ]

    @api.model
    def _send(self, company, user, news, rest, platforms):
        """Render the e-mail in Romanian and queue it."""
        speaking = in_romanian(self)
        sections = [
            (speaking.env._("New"), news[:NAMED], len(news)),
            (speaking.env._("Waits on"), rest[:NAMED], len(rest)),
        ]
        body = speaking.env["ir.qweb"]._render(
            "pcu_connector.waiting_mail",
            {
                "sections": [section for section in sections if section[2]],
                "platforms": in_romanian(self.env["pcu.platform"]).browse(
                    [platform.id for platform in platforms]
                ),
                "user": user,
                "company": company,
                "base_url": self.env["pcu.platform"].get_base_url(),
            },
        )
        subject = speaking.env._(
            "[%(institution)s] Submissions that need a person (%(count)s)",
            institution=company.name,
            count=len(news) + len(rest),
        )
        if platforms and not (news or rest):
            subject = speaking.env._(
                "[%(institution)s] A platform does not work", institution=company.name
            )
        address = tools.email_normalize(user.email)
        if address:
            self.env["pcu.digest"]._queue(company, address, subject, body)
            return
        # Who has no e-mail address finds the reminder among the to-dos.
        about = platforms[0] if platforms else (news or rest)[0].platform_id
        about.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=subject
        )
