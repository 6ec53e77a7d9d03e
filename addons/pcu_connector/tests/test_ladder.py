"""What waits is told: to whom, when, once, and in Romanian."""

from datetime import datetime

from odoo.tests import freeze_time, tagged

from .. import exchange_states as es
from .. import waiting_ladder
from .common import ExchangeCase

#: A Friday in working hours; Romania is two hours ahead.
FRIDAY = "2026-11-20 08:00:00"
FRIDAY_NOON = "2026-11-20 10:30:00"
SATURDAY = "2026-11-21 09:00:00"
MONDAY = "2026-11-23 09:00:00"
WEDNESDAY = "2026-11-25 09:00:00"


@tagged("post_install", "-at_install")
class TestLadder(ExchangeCase):
    """Clerk, head, administrator, mayor, on working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.env["res.users"].search([("share", "=", False)])
        # Nobody but the people of this test belongs to the institution's desk.
        for group in ("registry_operator", "admin"):
            cls.env.ref(f"pcu_base.group_{group}").user_ids -= users
        cls.clerk = cls.make_user("l_op", "pcu_base.group_registry_operator")
        cls.head = cls.make_user("l_head", "pcu_base.group_head")
        cls.admin = cls.make_user("l_admin", "pcu_base.group_admin")
        cls.clerk.pcu_department_ids = cls.department
        cls.department.head_id = cls.head
        for user in (cls.clerk, cls.head, cls.admin):
            user.email = f"{user.login}@primaria.ro"

    def stuck(self, moment=FRIDAY):
        """File a submission whose file can't be had."""
        with freeze_time(moment):
            self.remote.fail("/files/", status=400, code="broken", times=1)
            submission_id = self.remote.submit(
                [("a.pdf", b"a")], submitted_at="2026-11-20T10:00:00+02:00"
            )
            self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.HELD)
        item.first_seen_at = datetime.fromisoformat(moment)
        return item

    def tell(self, moment):
        """Run the scheduled action; return who got which subject."""
        ours = [("email_to", "=like", "%@primaria.ro")]
        before = self.env["mail.mail"].search(ours)
        if self.platform.last_success_at:
            self.platform.last_success_at = moment
        self.env.flush_all()
        with freeze_time(moment):
            self.env.ref("pcu_connector.ir_cron_tell").method_direct_trigger()
        self.env.invalidate_all()
        self.last = self.env["mail.mail"].search(ours) - before
        return {mail.email_to.partition("@")[0] for mail in self.last}

    def test_each_rung_adds_people_and_tells_them_once(self):
        item = self.stuck()
        self.assertFalse(self.tell("2026-11-20 08:30:00"), "not two hours yet")
        self.assertEqual(self.tell(FRIDAY_NOON), {"l_op"})
        self.assertIn(item.remote_number, self.last.body_html)
        self.assertFalse(self.tell("2026-11-20 11:30:00"), "once")
        self.assertFalse(self.tell(SATURDAY), "nobody works")
        self.assertEqual(self.tell(MONDAY), {"l_op", "l_head"})
        self.assertEqual(self.tell(WEDNESDAY), {"l_op", "l_head", "l_admin"})
        told = self.env["pcu.journal"].search(
            [("action", "=", "exchange_told"), ("res_id", "=", item.id)]
        )
        self.assertEqual(sorted(row.data["rung"] for row in told), [1, 2, 3])

    def test_the_e_mail_names_no_person_and_speaks_romanian(self):
        self.stuck()
        self.tell(FRIDAY_NOON)
        self.assertIn("au nevoie de un om", self.last.subject)
        self.assertIn("Termen legal", self.last.body_html)
        self.assertNotIn("Popescu", self.last.body_html)
        self.assertEqual(self.last.headers, "{'Auto-Submitted': 'auto-generated'}")

    def test_a_term_that_comes_near_counts_more_than_age(self):
        item = self.stuck()
        item.deadline = "2026-11-23"
        self.assertEqual(self.tell(FRIDAY_NOON), {"l_op", "l_head", "l_admin"})

    def test_the_mayor_hears_of_nine_days_and_of_a_term_that_is_over(self):
        """The last rung of the house; the day before it is not his yet."""
        mayor = self.make_user("l_mayor", "pcu_base.group_user")
        mayor.email = "l_mayor@primaria.ro"
        self.company.pcu_head_id = mayor
        item = self.stuck()
        # Between them lie two week-ends and the holidays of 30 November, 1 December.
        self.assertEqual(
            self.tell("2026-12-04 09:00:00"), {"l_op", "l_head", "l_admin"}
        )
        self.assertIn("l_mayor", self.tell("2026-12-07 09:00:00"))
        item.told_rung = 0
        item.deadline = "2026-12-11"
        self.assertNotIn("l_mayor", self.tell("2026-12-04 10:00:00"))
        item.deadline = "2026-12-03"
        self.assertIn("l_mayor", self.tell("2026-12-04 11:00:00"))

    def test_daily_e_mail_repeats_what_waits_on(self):
        self.stuck()
        self.tell(FRIDAY_NOON)
        self.tell(MONDAY)
        self.assertEqual(self.tell("2026-11-24 08:00:00"), {"l_op", "l_head"})
        self.assertFalse(self.tell("2026-11-24 09:00:00"), "one a day")

    def test_nothing_to_tell_is_no_e_mail(self):
        self.registered()
        self.assertFalse(self.tell(MONDAY))

    def test_what_was_solved_begins_anew(self):
        item = self.stuck()
        self.tell(FRIDAY_NOON)
        item.action_retry()
        self.assertEqual(item.state, es.ACKED)
        self.assertFalse(self.tell(MONDAY))
        self.assertEqual(item.told_rung, 0)

    def test_put_aside_is_silent_until_its_day(self):
        item = self.stuck()
        item._park(self.env.uid, "2026-11-25", "Așteptăm")
        self.assertFalse(self.tell(MONDAY))
        self.assertIn("l_op", self.tell(WEDNESDAY))

    def test_platform_that_stands_still_is_the_administrator_s(self):
        self.platform.write({"state": "stopped", "incident_code": "auth"})
        self.assertEqual(self.tell(MONDAY), {"l_admin"})
        self.assertIn("eDirect", self.last.body_html)

    def test_copy_of_the_database_tells_nobody(self):
        self.stuck()
        self.platform.instance_uuid = "another"
        self.assertFalse(self.tell(WEDNESDAY))

    def test_who_has_no_address_gets_a_to_do(self):
        self.stuck()
        self.clerk.email = False
        self.assertFalse(self.tell(FRIDAY_NOON))
        self.assertEqual(self.platform.activity_ids.user_id, self.clerk)

    def test_closing_time_is_not_waited_through(self):
        """Filed on Friday evening: two hours are over on Monday at ten."""
        calendar = self.env["pcu.legal.day"]._calendar(self.company)
        evening, far = datetime(2026, 11, 20, 22), datetime(2027, 1, 20).date()
        for hour, rung in ((9, 0), (10, 1)):
            now = datetime(2026, 11, 23, hour)
            self.assertEqual(waiting_ladder.rung(evening, now, far, calendar), rung)
