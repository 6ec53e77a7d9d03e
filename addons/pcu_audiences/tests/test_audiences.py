"""Audiences: programme, slots, booking, resolution, answer."""

from datetime import datetime

import psycopg2
from freezegun import freeze_time
from odoo.addons.pcu_base.tests.common import VERBS
from odoo.addons.pcu_petitions.tests.common import PetitionsCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

KEEPER = set(VERBS)
RIGHTS = {
    "pcu.audience.programme": {
        "operator": KEEPER,
        "inspector": {"read"},
        "head": {"read"},
        "auditor": {"read"},
        "administrator": KEEPER,
    },
    "pcu.audience.slot": {
        "operator": {"read"},
        "inspector": {"read"},
        "head": {"read"},
        "auditor": {"read"},
        "administrator": {"read"},
    },
}


@tagged("post_install", "-at_install")
class TestAudiences(PetitionsCase):
    """Who is received when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"].search(
            [("name", "=", "pcu_audiences")]
        )._update_translations(["ro_RO"])
        cls.audiences = cls._procedure(
            "AUD", "Audiență la primar", cls.urbanism, kind="audience", slot_ids=False
        )

    def setUp(self):
        super().setUp()
        # Fridays, 10 to 11, by twenty minutes; 10 April 2026 is Good Friday.
        self.programme = (
            self.env["pcu.audience.programme"]
            .with_user(self.operator)
            .create(
                {
                    "host_id": self.head.id,
                    "weekday": "4",
                    "hour_from": 10,
                    "hour_to": 11,
                    "slot_minutes": 20,
                    "place": "Sala mică",
                }
            )
        )
        self.programme.action_make_slots()
        self.slot = self.programme.slot_ids[0]

    def _asked(self):
        return self.env["pcu.request"]._file(
            {
                "company_id": self.company.id,
                "procedure_id": self.audiences.id,
                "applicant_id": self.citizen.id,
                "email": "ion@example.com",
                "subject": "Situația străzii Florilor",
                "channel": "counter",
            }
        )

    def test_slots_lie_on_working_days_in_romanian_time(self):
        """Eight weeks of Fridays without Good Friday and 1 May; summer time counts."""
        starts = self.programme.slot_ids.mapped("start")
        self.assertEqual(starts[0], datetime(2026, 3, 13, 8, 0))
        self.assertEqual(starts[3], datetime(2026, 3, 20, 8, 0))
        self.assertIn(datetime(2026, 4, 3, 7, 0), starts, "summer time")
        days = {start.date().isoformat() for start in starts}
        self.assertFalse(days & {"2026-04-10", "2026-05-01"})
        self.assertEqual(len(starts), 3 * len(days))
        self.programme.action_make_slots()
        self.assertEqual(self.programme.slot_ids.mapped("start"), starts, "once")

    def test_booked_and_told_when_and_where(self):
        """Day, hour and place in the message; both numbers; no CNP."""
        sent = self._catch_mail()
        self.citizen.pcu_cnp = "1800101221144"
        request = self._asked()
        dialog = self.env["pcu.audience.book"].with_user(self.operator)
        dialog.create(
            {"request_id": request.id, "slot_id": self.slot.id}
        ).action_confirm()
        self.assertEqual(request.audience_slot_id, self.slot)
        request.notice_ids.filtered(lambda n: n.kind == "audience")._advance()
        (message,) = sent
        self.assertIn(request.entry_reference, message["Subject"])
        text = self._text(message)
        for words in (request.entry_reference, "13.03.2026 10:00", "Sala mică"):
            self.assertIn(words, text)
        self.assertNotIn("1800101221144", text)

    def test_nobody_is_booked_twice(self):
        """Neither a slot, nor a host, nor by the back door."""
        first, second = self._asked(), self._asked()
        first.with_user(self.operator)._book_audience(self.slot)
        with self.assertRaisesRegex(UserError, "taken"):
            second.with_user(self.operator)._book_audience(self.slot)
        self.assertFalse(second.audience_slot_id)
        slots = self.env["pcu.audience.slot"]
        values = {"programme_id": self.programme.id, "stop": self.slot.stop}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            slots.create(values | {"start": self.slot.start}).flush_recordset()
        with self.assertRaises(ValidationError):
            self.programme.copy({"hour_from": 10.5, "hour_to": 12})
        with self.assertRaises(AccessError):
            self.slot.with_user(self.operator).request_id = second

    def test_one_step_is_offered_first(self):
        """Booking, and only then an answer."""
        request = self._asked().with_user(self.inspector)
        request.action_take()
        self.assertEqual(request.next_action, "book")
        request._book_audience(self.slot)
        request.invalidate_recordset(["next_action"])
        self.assertEqual(request.next_action, "decide")

    def test_another_time_gives_the_slot_back(self):
        """So does the end of the request before the audience."""
        request = self._asked().with_user(self.operator)
        request._book_audience(self.slot)
        request._book_audience(self.programme.slot_ids[1])
        self.assertFalse(self.slot.request_id)
        self.assertEqual(request.audience_slot_id, self.programme.slot_ids[1])
        request.with_user(self.inspector)._withdraw("A renunțat")
        self.assertFalse(self.programme.slot_ids[1].request_id)

    def test_past_slot_is_not_booked(self):
        """What has begun is over."""
        with freeze_time("2026-03-13 08:01:00"), self.assertRaises(UserError):
            self._asked().with_user(self.operator)._book_audience(self.slot)

    def test_only_registry_and_department_book(self):
        """And only audiences."""
        request = self._asked()
        for user in (self.stranger, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user)._book_audience(self.slot)
        with self.assertRaises(UserError):
            self._petition().with_user(self.operator)._book_audience(self.slot)

    def test_answer_follows_from_the_resolution(self):
        """Result and resolution first, then the answer; a refusal needs neither."""
        request = self._asked().with_user(self.inspector)
        request.action_take()
        request._book_audience(self.slot)
        with self.assertRaisesRegex(UserError, "what came of"):
            request._decide("favourable", "Se repară.")
        request.audience_result = "held"
        with self.assertRaisesRegex(UserError, "resolution"):
            request._decide("favourable", "Se repară.")
        request.audience_resolution = "Compartimentul drumuri, până la 1 aprilie"
        request._decide("favourable", "Strada se repară în aprilie.")
        self.assertEqual(request.state, "decided")
        other = self._asked().with_user(self.inspector)
        other.action_take()
        other._decide("unfavourable", "Nu este de competența primarului.")
        self.assertEqual(other.state, "decided")

    def test_each_role_and_verb(self):
        """The table of rights is what the database of rights says."""
        records = {
            "pcu.audience.programme": self.programme,
            "pcu.audience.slot": self.slot,
        }
        self.check_rights(RIGHTS, records)
        dialogs = {"pcu.audience.book": ("operator", "inspector", "head")}
        self.assertDialogs(dialogs, RIGHTS["pcu.audience.slot"])
        self.assertModelsListed("pcu_audiences", RIGHTS, dialogs)

    def test_a_slot_hides_who_booked_it_confidentially(self):
        """Its department and who receives see it; the registry makes no second one."""
        request = self._asked()
        request.with_user(self.inspector)._book_audience(self.slot)
        stranger = self.slot.with_user(self.stranger)
        self.assertTrue(stranger.has_access("read"))
        request.sudo().confidential = True
        self.env.flush_all()
        self.assertFalse(stranger.has_access("read"))
        self.assertFalse(self.slot.with_user(self.operator).has_access("read"))
        for user in (self.inspector, self.head, self.auditor):
            self.assertTrue(self.slot.with_user(user).has_access("read"))
        before = len(self.programme.sudo().slot_ids)
        self.programme.action_make_slots()
        self.assertEqual(len(self.programme.sudo().slot_ids), before)

    def test_lists_cost_no_query_more_for_more_rows(self):
        """Requests with their slots, and the slots."""
        requests = self.env["pcu.request"]
        for slot in self.programme.slot_ids[:8]:
            request = self._asked()
            request.with_user(self.operator)._book_audience(slot)
            requests |= request
        self.assertListStaysFlat(requests, self.inspector)
        self.assertListStaysFlat(self.programme.slot_ids[:8], self.inspector)
