from datetime import timedelta

from freezegun import freeze_time
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import ALL, NONE, READ, PcuBaseCase


@tagged("post_install", "-at_install")
class TestAbsence(PcuBaseCase):
    """The one switch: who is away, who stands in, what moves and what comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_user("pcu_colleague", "group_inspector")
        cls.urban.member_ids += cls.colleague
        cls.party = cls.env["res.partner"].create({"name": "Petent"})

    def setUp(self):
        super().setUp()
        # 10 March 2026, noon in Bucharest
        clock = freeze_time("2026-03-10 10:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def _absence(self, first="2026-03-10", last="2026-03-12", by=None, **values):
        return self.env(user=by or self.inspector)["pcu.absence"].create(
            {
                "user_id": self.inspector.id,
                "substitute_id": self.colleague.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    def _remind(self, user, summary="Sună petentul"):
        return self.party.with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=summary
        )

    def _night(self, day):
        """Let the cron see the first minutes of a day in Bucharest."""
        with freeze_time(f"{day} 00:05:00"), self.enter_registry_test_mode():
            self.env.ref("pcu_base.ir_cron_pcu_absence").method_direct_trigger()
        self.env.invalidate_all()

    # ------------------------------------------------------------------ moving

    def test_absence_that_begins_today_moves_at_once(self):
        mine, done = self._remind(self.inspector), self._remind(self.inspector, "Gata")
        done.action_done()
        other = self._remind(self.head)
        absence = self._absence()
        self.assertEqual(absence.state, "active")
        self.assertEqual(mine.user_id, self.colleague)
        self.assertEqual(mine.pcu_on_behalf_of_id, self.inspector)
        self.assertIn(self.inspector.name, mine.summary)
        self.assertEqual((other.user_id, done.user_id), (self.head, self.inspector))
        self.assertEqual(absence.open_count, 1)

    def test_absence_that_begins_later_waits_for_its_day(self):
        reminder = self._remind(self.inspector)
        absence = self._absence("2026-03-16", "2026-03-17")
        self.assertEqual(absence.state, "planned")
        self._night("2026-03-15")
        self.assertEqual(reminder.user_id, self.inspector)
        self._night("2026-03-16")
        self.assertEqual(reminder.user_id, self.colleague)

    def test_new_work_goes_to_the_substitute_during_the_absence_only(self):
        before = self._absence("2026-03-11", "2026-03-12")
        early = self._remind(self.inspector)
        self.assertEqual(early.user_id, self.inspector)
        self._night("2026-03-11")
        new = self._remind(self.inspector)
        self.assertEqual(new.user_id, self.colleague)
        self.assertTrue(new.summary.endswith("Sună petentul"))
        moved = before.sudo().item_ids.mapped("res_id")
        self.assertEqual(set(moved), {early.id, new.id})
        self._night("2026-03-13")
        self.assertEqual(self._remind(self.inspector).user_id, self.inspector)

    def test_last_day_still_belongs_to_the_substitute(self):
        reminder = self._remind(self.inspector)
        absence = self._absence()
        self._night("2026-03-12")
        self.assertEqual(reminder.user_id, self.colleague)
        self._night("2026-03-13")
        self.assertEqual(reminder.user_id, self.inspector)
        self.assertEqual(absence.state, "ended")

    def test_only_what_was_moved_and_is_still_open_comes_back(self):
        back = self._remind(self.inspector)
        done = self._remind(self.inspector, "Se face")
        passed_on = self._remind(self.inspector, "Se dă mai departe")
        own = self._remind(self.colleague, "Al colegei")
        absence = self._absence()
        done.with_user(self.colleague).action_done()
        passed_on.sudo().user_id = self.head
        absence.with_user(self.inspector).action_end()
        self.assertEqual(back.user_id, self.inspector)
        self.assertEqual(back.summary, "Sună petentul", "no longer on behalf of")
        self.assertFalse(back.pcu_on_behalf_of_id)
        self.assertEqual(passed_on.user_id, self.head)
        self.assertEqual((own.user_id, done.user_id), (self.colleague,) * 2)
        states = {item.res_id: item.state for item in absence.sudo().item_ids}
        self.assertEqual(
            states, {back.id: "returned", done.id: "kept", passed_on.id: "kept"}
        )

    def test_reminder_that_the_substitute_cannot_open_stays(self):
        device = self.env["pcu.legal.day"].search([], limit=1)
        self.assertTrue(device)
        hidden = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("ir.cron"),
                "res_id": self.env.ref("pcu_base.ir_cron_pcu_absence").id,
                "user_id": self.inspector.id,
                "summary": "Administrare",
            }
        )
        absence = self._absence()
        self.assertEqual(hidden.user_id, self.inspector)
        self.assertEqual(absence.sudo().item_ids.state, "left")

    def test_who_is_absent_and_takes_something_in_person_keeps_it(self):
        self._absence()
        reminder = self._remind(self.head)
        reminder.with_user(self.inspector).sudo().user_id = self.inspector
        self.assertEqual(reminder.user_id, self.inspector)

    def test_nobody_marks_work_as_on_behalf_of_another(self):
        reminder = self._remind(self.inspector)
        reminder.with_user(self.inspector).write({"pcu_on_behalf_of_id": self.head.id})
        self.assertFalse(reminder.pcu_on_behalf_of_id)

    def test_moving_is_journaled_and_told_once(self):
        for _each in range(3):
            self._remind(self.inspector)
        self.env["pcu.journal"].search([])
        absence = self._absence()
        acts = self.env["pcu.journal"].search(
            [("model", "=", "pcu.absence"), ("res_id", "=", absence.id)]
        )
        self.assertEqual(set(acts.mapped("action")), {"absence_set", "absence_began"})
        notices = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.colleague.partner_id.id)]
        )
        told = notices.mail_message_id.filtered(lambda m: "stand in" in (m.body or ""))
        self.assertEqual(len(told), 1)

    # ------------------------------------------------------------------ refusals

    def _refused(self, text, *args, **kwargs):
        # What is refused in a request is rolled back; here by the savepoint.
        with (
            self.assertRaisesRegex(ValidationError, text),
            self.env.cr.savepoint(),
        ):
            self._absence(*args, **kwargs)

    def test_absence_needs_a_substitute(self):
        self._refused("Choose who stands in", substitute_id=False)
        self._refused("themselves", substitute_id=self.inspector.id)

    def test_days_are_in_order_and_not_over(self):
        self._refused("last day comes before", "2026-03-12", "2026-03-11")
        self._refused("days are over", "2026-03-02", "2026-03-09")

    def test_substitute_works_in_the_same_departments(self):
        other = self.make_user("pcu_other", "group_inspector")
        self._refused("doesn't work in Department URB", substitute_id=other.id)
        self.urban.member_ids += other
        self.assertTrue(self._absence(substitute_id=other.id))

    def test_substitute_has_the_same_role(self):
        self.urban.member_ids += self.clerk
        self._refused("isn't “Inspector”", substitute_id=self.clerk.id)

    def test_substitute_of_a_head_is_a_head(self):
        self._refused("isn't “Head of department”", by=self.head, user_id=self.head.id)

    def test_closed_account_stands_in_for_nobody(self):
        self.colleague.active = False
        self._refused("no open account")

    def test_substitute_of_another_institution_is_refused(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.colleague.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self._refused("no open account")

    def test_nobody_is_absent_twice(self):
        self._absence("2026-03-16", "2026-03-20")
        self._refused("already absent", "2026-03-20", "2026-03-21")
        self._absence("2026-03-21", "2026-03-22")

    def test_absent_substitute_is_refused(self):
        self._absence(
            "2026-03-16", "2026-03-20", by=self.head,
            user_id=self.colleague.id, substitute_id=self._third().id,
        )  # fmt: skip
        self._refused("is absent too", "2026-03-18", "2026-03-25")

    def test_circle_is_refused(self):
        self._absence("2026-03-16", "2026-03-20")
        third = self._third()
        self._refused(
            "stands in for", "2026-03-20", "2026-03-23", by=self.head,
            user_id=self.colleague.id, substitute_id=third.id,
        )  # fmt: skip
        self._refused(
            "is absent too", "2026-03-20", "2026-03-23", by=self.head,
            user_id=self.colleague.id, substitute_id=self.inspector.id,
        )  # fmt: skip

    def _third(self):
        third = self.make_user("pcu_third", "group_inspector")
        self.urban.member_ids += third
        return third

    # ------------------------------------------------------------------ changing

    def test_running_absence_changes_only_its_end(self):
        absence = self._absence()
        absence.date_to = "2026-03-20"
        with self.assertRaisesRegex(UserError, "already"):
            absence.substitute_id = self.head
        with (
            freeze_time("2026-03-14 10:00:00"),
            self.assertRaisesRegex(UserError, "days are over"),
        ):
            absence.date_to = "2026-03-12"
        with self.assertRaisesRegex(UserError, "stays on record"):
            absence.unlink()

    def test_state_is_not_written_by_hand(self):
        absence = self._absence("2026-03-16", "2026-03-20")
        with self.assertRaisesRegex(UserError, "by its days"):
            absence.state = "active"
        with self.assertRaisesRegex(UserError, "by its days"):
            self._absence("2026-04-16", "2026-04-20", state="ended")

    def test_planned_absence_is_cancelled_and_running_one_ended(self):
        planned = self._absence("2026-03-16", "2026-03-20")
        with self.assertRaisesRegex(UserError, "Only a running"):
            planned.action_end()
        planned.action_cancel()
        self.assertEqual(planned.state, "cancelled")
        running = self._absence()
        with self.assertRaisesRegex(UserError, "Only a planned"):
            running.action_cancel()
        running.action_end()
        with self.assertRaisesRegex(UserError, "stays as it was"):
            running.reason = "Altul"

    def test_plan_moved_to_today_begins_today(self):
        absence = self._absence("2026-03-16", "2026-03-20")
        absence.date_from = "2026-03-10"
        self.assertEqual(absence.state, "active")

    def test_plan_that_was_slept_through_moves_nothing(self):
        """The server stood still for the whole of it."""
        absence = self._absence("2026-03-16", "2026-03-17")
        reminder = self._remind(self.inspector)
        self._night("2026-03-20")
        self.assertEqual(absence.state, "cancelled")
        self.assertEqual(reminder.user_id, self.inspector)

    # ------------------------------------------------------------------ rights

    def test_everybody_sets_the_own_and_a_head_those_of_the_department(self):
        absence = self._absence("2026-03-16", "2026-03-20")
        self.assertVerbs(
            absence, inspector=ALL, head=ALL, admin=ALL, colleague=READ, auditor=READ,
            operator=NONE, clerk=NONE, stranger=NONE,
        )  # fmt: skip

    def test_nobody_sends_a_colleague_away(self):
        with self.assertRaises(AccessError):
            self._absence(by=self.colleague, substitute_id=self.head.id)
        self.assertTrue(self._absence(by=self.head))

    def test_substitute_does_not_end_it(self):
        absence = self._absence()
        with self.assertRaises(AccessError):
            absence.with_user(self.colleague).action_end()

    def test_nobody_writes_what_was_moved(self):
        self._remind(self.inspector)
        item = self._absence().sudo().item_ids
        readers = (self.inspector, self.colleague, self.head, self.admin, self.auditor)
        for user in readers:
            self.assertEqual(self.verbs(item, user), {"read"})
        for user in (self.operator, self.clerk, self.stranger):
            self.assertEqual(self.verbs(item, user), set())

    def test_item_names_the_work_to_those_who_may_read_it(self):
        self._remind(self.inspector)
        item = self._absence().sudo().item_ids
        self.assertTrue(item.res_label)
        self.assertNotIn("not yours", item.with_user(self.colleague).res_label)

    # ------------------------------------------------------------------ speed

    def test_nobody_absent_costs_no_query_when_work_is_written(self):
        self._remind(self.head)
        reminder = self._remind(self.inspector)
        self.env["pcu.absence"]._get_active_map()
        with self.assertQueryCount(0):
            reminder._pcu_redirect({"user_id": self.inspector.id})

    def test_days_count_in_the_town_hall_not_in_london(self):
        """At half past midnight in Bucharest it is still yesterday in UTC."""
        with freeze_time("2026-03-15 22:30:00"):
            self.assertEqual(local_day(), Date.to_date("2026-03-16"))
            self.assertEqual(self._absence("2026-03-16", "2026-03-16").state, "active")
            self.assertEqual(
                Date.today() + timedelta(days=1), Date.to_date("2026-03-16")
            )
