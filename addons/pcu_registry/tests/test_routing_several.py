import doctest
from datetime import timedelta

from freezegun import freeze_time
from lxml import html
from odoo import fields
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .. import route_picture
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestRoutingSeveral(RegistryCase):
    """Several recipients with one lead, resolutions, time held, the picture."""

    def _route(self, entry, *others, user=None, kind="copies", **kwargs):
        entry.with_user(self.operator).action_route(
            self.urbanism, user, kwargs.pop("text", "Spre soluționare"),
            **{kind: [(department, None) for department in others]}, **kwargs,
        )  # fmt: skip
        return entry.routing_ids

    def _leg(self, entry, kind):
        return entry.routing_ids.filtered(lambda leg: leg.kind == kind)

    # ------------------------------------------------------------------ copies

    def test_copy_is_read_by_its_department_and_moves_nothing(self):
        entry = self._registered()
        document = self.env["pcu.document"]._create_from_bytes(
            [{**entry._prepare_document_values(), "name": "a.txt", "content": b"a"}]
        )
        for record in (entry, document):
            with self.assertRaises(AccessError):
                record.with_user(self.colleague).check_access("read")
        self._route(entry, self.taxes, user=self.inspector)
        self.assertEqual(entry.department_id, self.urbanism)
        self.assertEqual(entry.holder_id, self.inspector)
        for record in (entry, document):
            record.with_user(self.colleague).check_access("read")
            found = record.with_user(self.colleague).search([("id", "=", record.id)])
            self.assertEqual(found.ids, record.ids)
            with self.assertRaises(AccessError):
                record.with_user(self.colleague).check_access("write")

    def test_copy_for_a_person_is_not_for_the_department(self):
        other = self._user("other", "group_inspector")
        self.taxes.member_ids += other
        entry = self._registered()
        entry.action_route(self.urbanism, copies=[(self.taxes, self.colleague)])
        entry.with_user(self.colleague).check_access("read")
        self.assertFalse(entry.with_user(other).has_access("read"))

    def test_returned_part_is_not_readable_any_more(self):
        entry = self._registered()
        self._route(entry, self.taxes, kind="shares")
        leg = self._leg(entry, "share").with_user(self.colleague)
        leg.action_return("Nu este de competența noastră")
        self.assertFalse(entry.with_user(self.colleague).has_access("read"))
        self.assertEqual(entry.department_id, self.urbanism, "the lead keeps it")

    def test_copy_is_taken_note_of_and_not_returned(self):
        entry = self._registered()
        entry.action_route(self.urbanism, copies=[(self.taxes, self.colleague)])
        mine = entry.with_user(self.colleague)
        self.assertTrue(mine.can_note)
        self.assertFalse(mine.can_accept or mine.can_return)
        leg = self._leg(entry, "info")
        with self.assertRaisesRegex(UserError, "take note of it"):
            leg.with_user(self.colleague).action_return("Nu")
        self.assertIn(self.colleague, entry.activity_ids.user_id)
        mine.action_accept_routing()
        self.assertEqual((leg.state, leg.accepted_by_id), ("noted", self.colleague))
        self.assertNotIn(self.colleague, entry.activity_ids.user_id)

    def test_copy_survives_solving_and_falls_with_annulment(self):
        solved, annulled = self._registered(), self._registered()
        for entry in (solved, annulled):
            self._route(entry, self.taxes, user=self.inspector)
        solved.with_user(self.inspector).action_solve("favourable")
        annulled.action_annul("Înregistrat greșit")
        self.assertEqual(self._leg(solved, "info").state, "sent")
        self.assertEqual(self._leg(annulled, "info").state, "ended")

    def test_solver_does_not_answer_for_those_who_take_part(self):
        entry = self._registered()
        self._route(entry, self.taxes, kind="shares", user=self.inspector)
        entry.with_user(self.inspector).action_solve("favourable")
        self.assertEqual(self._leg(entry, "lead").state, "accepted")
        self.assertEqual(self._leg(entry, "share").state, "passed")

    def test_nobody_is_named_twice(self):
        entry = self._registered()
        with self.assertRaisesRegex(UserError, "is there twice"):
            self._route(entry, self.urbanism)
        with self.assertRaisesRegex(UserError, "is there twice"):
            self._route(entry, self.taxes, self.taxes)
        self.assertFalse(entry.routing_ids)

    def test_head_gives_copies_within_the_department_only(self):
        entry = self._registered()
        self._route(entry)
        with self.assertRaisesRegex(UserError, "within the own department"):
            entry.with_user(self.head).action_route(
                self.urbanism, self.inspector, copies=[(self.taxes, None)]
            )

    # ------------------------------------------------------------------ taking part

    def test_part_done_is_told_to_who_leads(self):
        entry = self._registered()
        self._route(entry, self.taxes, kind="shares", user=self.inspector)
        leg = self._leg(entry, "share").with_user(self.colleague)
        with self.assertRaisesRegex(UserError, "Accept"):
            leg.action_done()
        leg.action_accept()
        self.assertEqual(entry.holder_id, self.inspector, "a part isn't the lead")
        entry.with_user(self.colleague).action_finish_routing()
        self.assertEqual(leg.state, "done")
        self.assertTrue(
            entry.activity_ids.filtered(
                lambda a: a.user_id == self.inspector and "done its part" in a.summary
            )
        )

    def test_lead_is_not_reported_as_a_part(self):
        entry = self._registered()
        leg = self._route(entry, user=self.inspector)
        leg.with_user(self.inspector).action_accept()
        with self.assertRaisesRegex(UserError, "marks the document as solved"):
            leg.with_user(self.inspector).action_done()

    def test_routing_on_keeps_the_reminders_of_those_who_take_part(self):
        entry = self._registered()
        entry.action_route(
            self.urbanism, self.inspector, shares=[(self.taxes, self.colleague)]
        )
        entry.action_route(self.urbanism, self.head)
        self.assertEqual(entry.activity_ids.user_id, self.colleague + self.head)

    # ------------------------------------------------------------------ returning late

    def test_accepted_entry_is_returned_while_it_lies_there(self):
        entry = self._registered()
        leg = self._route(entry, user=self.inspector)
        leg.with_user(self.inspector).action_accept()
        self.assertTrue(entry.with_user(self.inspector).can_return)
        leg.with_user(self.inspector).action_return("Nu e de competența noastră")
        self.assertEqual((leg.state, entry.state), ("returned", "registered"))
        self.assertEqual(leg.returned_by_id, self.inspector)
        self.assertEqual(
            self.env["pcu.register.entry"].search(
                [("state", "=", "registered"), ("routing_ids.state", "=", "returned")]
            ),
            entry,
        )

    def test_colleague_does_not_return_what_another_took_from_the_pool(self):
        entry = self._registered()
        leg = self._route(entry)
        leg.with_user(self.inspector).action_accept()
        self.assertFalse(entry.with_user(self.head).can_return)
        with self.assertRaisesRegex(UserError, "only they can"):
            leg.with_user(self.head).action_return("Nu e de competența noastră")
        self.assertTrue(entry.with_user(self.inspector).can_return)

    def test_accepted_entry_that_moved_on_is_not_returned(self):
        entry = self._registered()
        leg = self._route(entry, user=self.inspector)
        leg.with_user(self.inspector).action_accept()
        entry.action_route(self.taxes)
        with self.assertRaisesRegex(UserError, "already been accepted"):
            leg.with_user(self.inspector).action_return("Târziu")

    def test_usual_reason_is_written_and_can_be_completed(self):
        entry = self._registered()
        self._route(entry, user=self.inspector)
        form = Form(
            self.env(user=self.inspector)["pcu.routing.return"].with_context(
                active_model=entry._name, active_ids=entry.ids
            )
        )
        form.usual_reason = "not_competent"
        self.assertEqual(form.reason, "Not within our competence")
        form.reason += ": taxe"
        form.save().action_confirm()
        self.assertEqual(
            entry.routing_ids.return_reason, "Not within our competence: taxe"
        )

    # ------------------------------------------------------------------ resolution

    def test_resolution_says_who_gave_it_and_when(self):
        mayor = self._user("mayor", "group_head")
        self.company.pcu_head_id = mayor
        entry = self._registered()
        form = Form(
            self.env(user=self.operator)["pcu.register.route"].with_context(
                active_ids=entry.ids
            )
        )
        form.department_id = self.urbanism
        form.user_id = self.inspector
        form.text = "Pentru verificare și răspuns"
        form.resolution_by_id = mayor
        with form.other_ids.new() as other:
            other.kind = "share"
            other.department_id = self.taxes
        form.save().action_confirm()
        lead, share = self._leg(entry, "lead"), self._leg(entry, "share")
        self.assertEqual(lead.resolution_by_id, mayor)
        self.assertEqual(lead.resolution_date, local_day())
        self.assertEqual(share.department_id, self.taxes)

    def test_only_those_named_for_it_give_resolutions(self):
        entry = self._registered()
        secretary = self._user("secretary", "group_head")
        with self.assertRaisesRegex(UserError, "Resolutions are given by"):
            self._route(entry, resolution_by_id=secretary.id)
        self.company.pcu_resolution_user_ids = secretary
        self._route(entry, resolution_by_id=secretary.id)
        self.assertEqual(entry.routing_ids.resolution_by_id, secretary)

    def test_resolution_without_text_or_from_the_future_is_refused(self):
        self.company.pcu_head_id = self.head
        entry = self._registered()
        wizard = self.env["pcu.register.route"].create(
            {
                "entry_ids": entry.ids,
                "department_id": self.urbanism.id,
                "resolution_by_id": self.head.id,
                "resolution_date": fields.Date.today(),
            }
        )
        with self.assertRaisesRegex(UserError, "Write the resolution"):
            wizard.action_confirm()
        with self.assertRaisesRegex(UserError, "dated in the future"):
            self._route(
                entry,
                resolution_by_id=self.head.id,
                resolution_date=fields.Date.today() + timedelta(days=2),
            )
        self.assertFalse(entry.routing_ids)

    def test_answer_is_not_asked_for_yesterday(self):
        entry = self._registered()
        with self.assertRaisesRegex(UserError, "has passed"):
            self._route(entry, due_date=fields.Date.today() - timedelta(days=2))
        day = fields.Date.today() + timedelta(days=5)
        self._route(entry, user=self.inspector, due_date=day)
        self.assertEqual(entry.activity_ids.date_deadline, day)

    # ------------------------------------------------------------------ time held

    def test_days_count_from_the_last_move_until_it_is_solved(self):
        with freeze_time("2026-03-02 08:00:00"):
            entry = self._registered()
        with freeze_time("2026-03-05 08:00:00"):
            self.assertEqual(entry.held_days, 3)
            self._route(entry, user=self.inspector)
        entry.invalidate_recordset()
        with freeze_time("2026-03-15 07:59:00"):
            self.assertEqual(entry.held_days, 9)
            self.assertNotIn(entry, self._search_held(">=", 10))
            self.assertIn(entry, self._search_held("<", 10))
            self.assertIn(entry, self._search_held("<=", 9))
        entry.invalidate_recordset()
        with freeze_time("2026-03-15 08:00:00"):
            self.assertEqual(entry.held_days, 10)
            self.assertIn(entry, self._search_held(">=", 10))
            self.assertIn(entry, self._search_held(">", 9))
            self.assertNotIn(entry, self._search_held(">", 10))
            entry.with_user(self.inspector).action_solve("favourable")
            self.assertEqual(entry.held_days, 0)
            self.assertNotIn(entry, self._search_held(">", 9))

    def _search_held(self, operator, days):
        return self.env["pcu.register.entry"].search([("held_days", operator, days)])

    def test_writing_the_same_holder_does_not_restart_the_days(self):
        with freeze_time("2026-03-02 08:00:00"):
            entry = self._registered()
            self._route(entry, user=self.inspector)
        with freeze_time("2026-03-09 08:00:00"):
            entry.write({"holder_id": self.inspector.id})
            self.assertEqual(entry.held_days, 7)

    def test_list_is_sorted_by_days(self):
        with freeze_time("2026-03-02 08:00:00"):
            old = self._registered()
        with freeze_time("2026-03-05 08:00:00"):
            new = self._registered()
        ours = [("id", "in", (old + new).ids)]
        entries = self.env["pcu.register.entry"]
        self.assertEqual(entries.search(ours, order="held_days desc"), old + new)
        self.assertEqual(entries.search(ours, order="held_days asc"), new + old)
        self.assertTrue(entries.fields_get(["held_days"])["held_days"]["sortable"])

    # ------------------------------------------------------------------ the picture

    def _picture(self, entry):
        entry.invalidate_recordset()
        return html.fromstring(entry.route_html)

    def test_picture_tells_the_way_in_words_and_in_order(self):
        self.company.pcu_head_id = self.head
        with freeze_time("2026-03-02 08:00:00"):
            entry = self._registered()
        with freeze_time("2026-03-02 09:00:00"):
            leg = self._route(
                entry,
                text="<b>Urgent</b>",
                resolution_by_id=self.head.id,
                resolution_date="2026-03-02",
            )
        with freeze_time("2026-03-04 09:00:00"):
            leg.with_user(self.inspector).action_return("Nu e de competența noastră")
        with freeze_time("2026-03-05 09:00:00"):
            entry.with_user(self.operator).action_route(
                self.taxes, self.colleague, copies=[(self.urbanism, None)]
            )
        with freeze_time("2026-03-08 09:00:00"):
            picture = self._picture(entry)
        titles = [node.text for node in picture.iterfind("li//strong")]
        self.assertEqual(
            titles,
            [
                "Registered",
                "Responsible: Urbanism",
                f"Returned by {self.inspector.name}",
                f"Responsible: Taxe și impozite – {self.colleague.name}",
                "For information: Urbanism",
            ],
        )
        text = picture.text_content()
        expected = ("<b>Urgent</b>", self.head.name, "stayed 2 days", "Returned",
                    "with them for 3 days", "Nu e de competența noastră")  # fmt: skip
        for words in expected:
            self.assertIn(words, text)
        current = picture.cssselect("[aria-current=step]")
        self.assertEqual(len(current), 1)
        self.assertIn("Taxe și impozite", current[0].text_content())

    def test_picture_ends_with_the_solution(self):
        entry = self._registered()
        self._route(entry, user=self.inspector)
        entry.with_user(self.inspector).action_solve("favourable", note="CU 12")
        picture = self._picture(entry)
        last = picture.findall("li")[-1].text_content()
        for words in ("Solved", "Favourable", "CU 12", self.inspector.name):
            self.assertIn(words, last)
        self.assertFalse(picture.cssselect("[aria-current]"), "nobody holds it now")

    def test_doctests_of_the_drawing(self):
        self.assertFalse(doctest.testmod(route_picture).failed)

    def test_picture_of_an_annulled_entry_ends_with_who_and_why(self):
        with freeze_time("2026-03-02 08:00:00"):
            entry = self._registered()
            self._route(entry, user=self.inspector)
        with freeze_time("2026-03-05 08:00:00"):
            entry.with_user(self.inspector).action_solve("favourable")
        with freeze_time("2026-03-06 08:00:00"):
            entry.with_user(self.operator).action_annul("<i>De două ori</i>")
        steps = self._picture(entry).xpath("//li")
        words = [" ".join(step.text_content().split()) for step in steps]
        self.assertIn("Solved", words[-2])
        self.assertIn("Annulled", words[-1])
        self.assertIn(self.operator.name, words[-1])
        self.assertIn("<i>De două ori</i>", words[-1])
        self.assertFalse(self._picture(entry).xpath("//*[@aria-current]"))

    def test_picture_of_an_entry_annulled_before_it_was_solved(self):
        with freeze_time("2026-03-02 08:00:00"):
            entry = self._registered()
            self._route(entry, user=self.inspector)
        with freeze_time("2026-03-06 08:00:00"):
            entry.action_annul("Greșit")
        with freeze_time("2026-05-06 08:00:00"):
            words = " ".join(self._picture(entry).text_content().split())
        self.assertIn("stayed 4 days", words)
        self.assertNotIn("Solved", words)

    def test_draft_has_no_picture(self):
        self.assertFalse(self._draft().route_html)

    # ------------------------------------------------------------------ rights, speed

    def test_further_recipients_are_named_by_operator_and_head(self):
        model = self.env["pcu.register.route.other"]
        for user in (self.operator, self.head):
            self.assertTrue(model.with_user(user).has_access("create"))
        for user in (self.inspector, self.auditor, self.admin):
            self.assertFalse(model.with_user(user).has_access("create"))

    def test_list_of_an_inspector_costs_the_same_for_one_and_for_many(self):
        for _each in range(12):
            entry = self._registered()
            self._route(entry, self.taxes, user=self.inspector)
        names = ("reference", "department_id", "holder_id", "held_days")
        specification = {name: {} for name in names}
        entries = self.env(user=self.inspector)["pcu.register.entry"]
        entries.web_search_read([], specification, limit=1)
        for limit in (1, 12):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(limit=limit), self.assertQueryCount(8):
                entries.web_search_read([], specification, limit=limit)
