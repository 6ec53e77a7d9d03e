"""Who is told that a term comes near: one digest a day, on working days only.

A request is looked at only on the days on which its colour changes (``next_turn``).
The inspector hears of *soon* and *today*, the head also of *late*, the secretary of
the institution also of what stays late; each person gets one e-mail about all of it.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.fields import Domain

from .. import request_states as rs
from .. import term_lights

#: How many requests one round takes.
BATCH = 500
OPEN = Domain("state", "in", list(rs.OPEN_STATES))


class PcuRequest(models.Model):
    """Reminders."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    told_light = fields.Selection(
        selection=[
            (term_lights.NORMAL, "In term"),
            (term_lights.TACIT, "Silence will be approval"),
            (term_lights.SOON, "Due soon"),
            (term_lights.TODAY, "Due today"),
            (term_lights.LATE, "Overdue"),
            (term_lights.ESCALATED, "Overdue for a week"),
        ],
        string="People were told",
        readonly=True,
        copy=False,
        help="The colour of the term of which people heard last.",
    )
    next_turn = fields.Date(readonly=True, copy=False)

    _turn_idx = models.Index(
        "(next_turn) WHERE state IN "
        "('new', 'registered', 'in_progress', 'clarification')"
    )

    def _plan_reminders(self):
        """Look at a term that moved from the beginning again."""
        for request in self.filtered("due_date"):
            days = term_lights.turns(
                request.due_date,
                self.env["pcu.legal.day"]._calendar(request.company_id),
                tacit=request.tacit_approval,
            )
            request.sudo().write(
                {"told_light": term_lights.NORMAL, "next_turn": min(days.values())}
            )

    @api.model
    def _cron_remind(self):
        """Tell people of the terms that changed their colour today."""
        today = local_day()
        due = Domain("next_turn", "<=", today) & OPEN
        companies = [company for (company,) in self._read_group(due, ["company_id"])]

        def remind(company):
            calendar = self.env["pcu.legal.day"]._calendar(company)
            if calendar.is_working(today):
                self._remind_institution(company, calendar, today)

        in_turn(self.env, companies, remind)

    @api.model
    def _remind_institution(self, company, calendar, today):
        """Turn the lights of one institution and owe each person one e-mail.

        Both in one transaction: a crash tells nobody, or nobody twice.
        """
        told = defaultdict(self.browse)  # (user, light) -> requests
        domain = (
            Domain("next_turn", "<=", today)
            & Domain("company_id", "=", company.id)
            & OPEN
        )
        while batch := self.search(domain, limit=BATCH, order="next_turn, id"):
            turned = batch.grouped(lambda r: r._get_turn(today, calendar))
            for (light, turn), requests in turned.items():
                news = requests.filtered(lambda r, now=light: r.told_light != now)
                requests.write({"told_light": light, "next_turn": turn})
                for request in news.filtered(lambda r: not r.term_stopped):
                    for user in request._get_people_to_tell(light):
                        told[user, light] |= request
            self.env.flush_all()
        self.env["pcu.digest"]._owe(company, told)

    def _get_turn(self, today, calendar):
        """Return the colour of today and the day of the next one."""
        self.ensure_one()
        tacit = self.tacit_approval
        return (
            term_lights.light(today, self.due_date, calendar, tacit=tacit),
            term_lights.next_turn(today, self.due_date, calendar, tacit=tacit),
        )

    def _get_people_to_tell(self, light):
        """Return who hears of a colour; who is absent is stood in for.

        A request that is handed over lies with the substitute already; heads and the
        secretary are looked up.
        """
        self.ensure_one()
        if light == term_lights.NORMAL:
            return self.env["res.users"]
        people = self._get_answerable_user()
        if light in (term_lights.LATE, term_lights.ESCALATED):
            people |= self.department_id.head_id
        if light == term_lights.ESCALATED:
            people |= self.company_id.pcu_secretary_id or self.company_id.pcu_head_id
        absent = self.env["pcu.absence"]._get_active_map()
        return self.env["res.users"].union(
            *(
                self.env["res.users"].browse(absent.get(user.id, (None, user.id))[1])
                for user in people
            )
        )
