"""One digest a day, on working days, about terms that changed their colour."""

from unittest.mock import patch

from odoo.addons.pcu_base.romania import local_day
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestReminders(RequestsCase):
    """Registered on 12 March 2026, due on Tuesday after Easter, 14 April."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls._user("secretary", "pcu_base.group_head")
        cls.company.pcu_secretary_id = cls.secretary
        for user in cls.inspector | cls.head | cls.secretary | cls.colleague:
            user.write({"email": f"{user.login}@ex.ro", "lang": "en_US"})

    def _day(self, moment):
        """Run the reminders on a morning; return {address: subject and body}."""
        self.clock.move_to(f"{moment} 04:30:00")
        self.env.invalidate_all()
        before = self.env["mail.mail"].search([])
        self._remind()
        mails = self.env["mail.mail"].search([]) - before
        return {mail.email_to: f"{mail.subject} {mail.body_html}" for mail in mails}

    def _remind(self):
        for company in self.env["res.company"].search([]):
            self.env["pcu.request"]._remind_institution(
                company,
                self.env["pcu.legal.day"]._calendar(company),
                local_day(),
            )

    def test_nothing_is_said_before_the_first_colour(self):
        self._in_progress()
        self.assertEqual(self._day("2026-04-02"), {})

    def test_inspector_hears_five_working_days_before(self):
        request = self._in_progress()
        mails = self._day("2026-04-03")
        self.assertEqual(list(mails), ["inspector@ex.ro"])
        self.assertIn(request.entry_reference, mails["inspector@ex.ro"])
        self.assertIn("14.04.2026", mails["inspector@ex.ro"])
        self.assertEqual(request.told_light, "soon")

    def test_nothing_is_said_twice(self):
        self._in_progress()
        self._day("2026-04-03")
        self.assertEqual(self._day("2026-04-03"), {})
        self.assertEqual(self._day("2026-04-06"), {})

    def test_due_today_is_not_late_and_the_head_is_not_told(self):
        self._in_progress()
        mails = self._day("2026-04-14")
        self.assertEqual(list(mails), ["inspector@ex.ro"])
        self.assertIn("Due today", mails["inspector@ex.ro"])
        self.assertNotIn("Overdue", mails["inspector@ex.ro"])

    def test_head_hears_the_day_after_and_the_secretary_a_week_later(self):
        self._in_progress()
        self.assertEqual(
            set(self._day("2026-04-15")), {"inspector@ex.ro", "head@ex.ro"}
        )
        self.assertEqual(
            set(self._day("2026-04-21")),
            {"inspector@ex.ro", "head@ex.ro", "secretary@ex.ro"},
        )

    def test_one_mail_about_many_requests(self):
        first, second = self._in_progress(), self._in_progress()
        mails = self._day("2026-04-03")
        self.assertEqual(len(mails), 1)
        for request in (first, second):
            self.assertIn(request.entry_reference, mails["inspector@ex.ro"])

    def test_nobody_is_told_on_a_day_off(self):
        self._in_progress()
        self.clock.move_to("2026-04-13 04:30:00")  # Easter Monday
        before = self.env["mail.mail"].search_count([])
        cron = self.env.ref("pcu_requests.ir_cron_remind")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_the_scheduler_tells_on_a_working_day(self):
        request = self._in_progress()
        self.clock.move_to("2026-04-14 04:30:00")
        before = self.env["mail.mail"].search_count([])
        cron = self.env.ref("pcu_requests.ir_cron_remind")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)
        self.assertEqual(request.told_light, "today")

    def _run_queue(self):
        with self.enter_registry_test_mode():
            self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()

    def test_reminder_outlives_a_mail_server_that_is_down(self):
        self._in_progress()
        self.env["mail.mail"].search([("state", "=", "outgoing")]).cancel()
        self._day("2026-04-03")
        mail = self.env["mail.mail"].search([("state", "=", "outgoing")])
        self.assertEqual(mail.email_to, "inspector@ex.ro")
        server, sent = type(self.env["ir.mail_server"]), []
        with patch.object(server, "_connect__", side_effect=OSError("refused")):
            self._run_queue()
        self.assertEqual(mail.state, "exception")

        def send_email(_server, message, **_options):
            sent.append(message["To"])
            return message["Message-Id"]

        with (
            patch.object(server, "_connect__"),
            patch.object(server, "_disable_send", return_value=False),
            patch.object(server, "send_email", send_email),
        ):
            self._run_queue()
        self.assertEqual(sent, ["inspector@ex.ro"])
        self.assertFalse(mail.exists(), "sent e-mails of this kind are not kept")

    def test_an_institution_that_fails_keeps_no_other_waiting(self):
        request = self._in_progress()
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        self.clock.move_to("2026-04-14 04:30:00")
        remind = self.request_class._remind_institution

        def stumble(requests, company, *args):
            if company == other:
                raise ValueError("poisoned")
            return remind(requests, company, *args)

        groups = [(other,), (self.company,)]
        with (
            patch.object(self.request_class, "_read_group", lambda *_a: groups),
            patch.object(self.request_class, "_remind_institution", stumble),
            mute_logger("odoo.addons.pcu_base.scheduled"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("pcu_requests.ir_cron_remind").method_direct_trigger()
        request.invalidate_recordset()
        self.assertEqual(request.told_light, "today")

    def test_tacit_approval_is_warned_ten_days_before_and_again_five(self):
        """OUG 27/2003 art. 7: by then the applicant must hear of a wrong file."""
        self.procedure.term_type_id = self.env.ref("pcu_base.term_type_tac")
        self.clock.move_to("2026-09-04 08:00:00")
        self._in_progress()  # due on Monday, 5 October
        self.assertEqual(self._day("2026-09-24"), {})
        text = self._day("2026-09-25")["inspector@ex.ro"]
        self.assertIn("Silence will be approval", text)
        self.assertIn("Due soon", self._day("2026-09-28")["inspector@ex.ro"])

    def test_no_name_leaves_the_house(self):
        self._in_progress()
        text = self._day("2026-04-03")["inspector@ex.ro"]
        self.assertNotIn(self.citizen.name, text)

    def test_solved_requests_are_left_alone(self):
        self._decided()
        self.assertEqual(self._day("2026-04-15"), {})

    def test_a_longer_term_is_told_anew(self):
        self.procedure.term_type_id = self.env.ref("pcu_base.term_type_pet")
        request = self._in_progress()
        self._day("2026-04-14")
        request.with_user(self.head)._extend_term(15, "Motiv.")
        self.assertEqual(self._day("2026-04-15"), {})
        self.assertEqual(request.told_light, "normal")
        self.assertEqual(list(self._day("2026-04-27")), ["inspector@ex.ro"])

    def test_the_substitute_of_an_absent_head_hears(self):
        self._in_progress()
        self.urbanism.substitute_ids = self.colleague
        self.colleague.group_ids |= self.env.ref("pcu_base.group_head")
        self.clock.move_to("2026-04-15 04:00:00")
        self.env["pcu.absence"].create(
            {"user_id": self.head.id, "substitute_id": self.colleague.id,
             "date_from": "2026-04-15", "date_to": "2026-04-17"}
        )  # fmt: skip
        self.assertEqual(
            set(self._day("2026-04-15")), {"inspector@ex.ro", "colleague@ex.ro"}
        )

    def test_a_run_touches_only_what_changes(self):
        """Fifty open requests and no colour that turns: two queries, no row."""
        for _ in range(50):
            self._filed()
        self.env.flush_all()
        self._day("2026-04-03")
        self.clock.move_to("2026-04-06 04:30:00")
        self.env.invalidate_all()
        company = self.company
        calendar = self.env["pcu.legal.day"]._calendar(company)
        today = local_day()
        with self.assertQueryCount(1):
            self.env["pcu.request"]._remind_institution(company, calendar, today)

    def test_many_requests_that_turn_together_cost_few_queries(self):
        """Writes go by colour, not by row."""
        for _ in range(30):
            self._filed()
        self.env.flush_all()
        self.clock.move_to("2026-04-03 04:30:00")
        self.env.invalidate_all()
        calendar = self.env["pcu.legal.day"]._calendar(self.company)
        today = local_day()
        self._remind()  # warms what every first mail of a process loads
        self.env["pcu.request"].search([]).write(
            {"told_light": "normal", "next_turn": today}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self.env["pcu.request"]._remind_institution(self.company, calendar, today)
