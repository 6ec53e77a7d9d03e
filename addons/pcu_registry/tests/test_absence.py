from freezegun import freeze_time
from lxml import html
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestAbsence(RegistryCase):
    """Entries, parts and copies of an absent person lie with the substitute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.substitute = cls._user("substitute", "group_inspector")
        cls.urbanism.member_ids += cls.substitute

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-03-10 10:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def _away(self):
        return self.env(user=self.inspector)["pcu.absence"].create(
            {
                "substitute_id": self.substitute.id,
                "date_from": "2026-03-10",
                "date_to": "2026-03-12",
            }
        )

    def _held(self, **kwargs):
        entry = self._registered()
        entry.action_route(self.urbanism, self.inspector, "Verificați", **kwargs)
        return entry

    def test_held_entries_move_on_behalf_of_the_absent(self):
        sent, accepted = self._held(), self._held()
        accepted.routing_ids.with_user(self.inspector).action_accept()
        solved = self._held()
        solved.with_user(self.inspector).action_solve("favourable")
        self._away()
        for entry in (sent, accepted):
            self.assertEqual(entry.holder_id, self.substitute)
            self.assertEqual(entry.pcu_on_behalf_of_id, self.inspector)
            self.assertEqual(entry.activity_ids.user_id, self.substitute)
        self.assertEqual(solved.holder_id, self.inspector, "finished work stays")
        self.assertTrue(sent.with_user(self.substitute).can_accept)
        self.assertFalse(
            accepted.with_user(self.substitute).can_accept, "needn't accept it again"
        )
        self.assertEqual(sent._get_last_leg().resolution_text, "Verificați")

    def test_substitute_solves_and_the_rest_comes_back(self):
        solved, open_one, new = self._held(), self._held(), self._registered()
        absence = self._away()
        new.action_route(self.urbanism, self.inspector, "Urgent")
        self.assertEqual(new.holder_id, self.substitute)
        self.assertEqual(new._get_last_leg().user_id, self.substitute)
        self.assertEqual(new._get_last_leg().pcu_on_behalf_of_id, self.inspector)
        solved.with_user(self.substitute).action_solve("favourable")
        absence.action_end()
        self.assertEqual(solved.holder_id, self.substitute)
        for entry in (open_one, new):
            self.assertEqual(entry.holder_id, self.inspector)
            self.assertFalse(entry.pcu_on_behalf_of_id)
            self.assertEqual(entry.activity_ids.user_id, self.inspector)
        self.assertEqual(open_one.activity_ids.summary, "Verificați")
        self.assertEqual(new.activity_ids.summary, "Urgent")

    def test_entry_sent_on_by_the_substitute_does_not_come_back(self):
        entry = self._held()
        absence = self._away()
        entry.action_route(self.taxes, self.colleague)
        self.assertFalse(entry.pcu_on_behalf_of_id)
        absence.action_end()
        self.assertEqual(entry.holder_id, self.colleague)

    def test_parts_and_copies_move_too(self):
        entry = self._registered()
        entry.action_route(
            self.taxes, self.colleague, shares=[(self.urbanism, self.inspector)]
        )
        note = self._registered()
        note.action_route(
            self.taxes, self.colleague, copies=[(self.urbanism, self.inspector)]
        )
        absence = self._away()
        part = entry.routing_ids.filtered(lambda leg: leg.kind == "share")
        copy = note.routing_ids.filtered(lambda leg: leg.kind == "info")
        self.assertEqual((part + copy).user_id, self.substitute)
        entry.with_user(self.substitute).action_accept_routing()
        copy.with_user(self.substitute).action_accept()
        absence.action_end()
        self.assertEqual(part.user_id, self.inspector, "the part isn't done yet")
        self.assertEqual(copy.user_id, self.substitute, "this one was taken note of")
        self.assertEqual(entry.holder_id, self.colleague)

    def test_what_waits_in_the_pool_stays_in_the_pool(self):
        entry = self._registered()
        entry.action_route(self.urbanism)
        self._away()
        self.assertFalse(entry.holder_id)

    def test_returned_by_the_substitute_goes_back_to_who_sent_it(self):
        entry = self._held()
        self._away()
        entry.routing_ids.filtered(lambda leg: leg.state == "sent").with_user(
            self.substitute
        ).action_return("Nu e de competența noastră")
        self.assertEqual(entry.state, "registered")
        self.assertFalse(entry.holder_id)

    def test_picture_says_for_whom(self):
        entry = self._held()
        self._away()
        entry.invalidate_recordset()
        text = html.fromstring(entry.route_html).text_content()
        self.assertIn(f"for {self.inspector.name}", text)

    def test_journal_says_what_moved_and_what_came_back(self):
        entry = self._held()
        self._away().action_end()
        acts = self.env["pcu.journal"].search(
            [("model", "=", entry._name), ("res_id", "=", entry.id)], order="id"
        )
        self.assertEqual(acts.mapped("action")[-2:], ["work_moved", "work_given_back"])
        self.assertEqual(acts[-2].data["to_user"], self.substitute.id)

    def test_moving_many_stays_in_batches(self):
        for _each in range(40):
            self._held()
        self.env.flush_all()
        absence = self.env["pcu.absence"].with_context(tracking_disable=True)
        with self.assertQueryCount(110):
            absence.create(
                {
                    "user_id": self.inspector.id,
                    "substitute_id": self.substitute.id,
                    "date_from": "2026-03-10",
                    "date_to": "2026-03-12",
                }
            )
            self.env.flush_all()
