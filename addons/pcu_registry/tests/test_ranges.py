from datetime import datetime
from io import BytesIO
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger
from pypdf import PdfReader

from .common import RegistryCase


class RangeCase(RegistryCase):
    @classmethod
    def _range(cls, size=3, user=None, **values):
        env = cls.env(user=user) if user else cls.env
        record = env["pcu.register.range"].create(
            {
                "name": "Registrul agricol",
                "register_id": cls.register.id,
                "size": size,
                "holder_id": cls.operator.id,
                **values,
            }
        )
        record.action_set_aside()
        return record


@tagged("post_install", "-at_install")
class TestRanges(RangeCase):
    """Numbers set aside: taken off the counter once, used by their holder."""

    def test_range_leaves_the_counter_in_one_step(self):
        self._registered()
        record = self._range(3, self.operator)
        self.assertEqual((record.first_number, record.last_number), (2, 4))
        self.assertEqual(self._registered().number, 5)
        self.assertEqual(self.register.year_ids._check_continuity(), [])

    def test_dead_process_leaves_the_range_to_the_sweep(self):
        model = type(self.env["pcu.register.range"])
        with patch.object(model, "_number_after_commit"):
            record = self._range()
        self.assertEqual((record.state, record.first_number), ("waiting", 0))
        self.env["pcu.register.entry"]._cron_number_waiting()
        self.assertEqual((record.state, record.first_number), ("open", 1))

    def test_numbers_come_from_a_register_where_one_may_register(self):
        """Neither straight nor by the year of another register."""
        other = self.env["pcu.register"].create(
            {"name": "Dispoziții", "code": "D9", "company_id": self.company.id,
             "department_id": self.urbanism.id, "restricted": True}
        )  # fmt: skip
        years = other.year_ids
        with self.assertRaisesRegex(UserError, "can't register in"):
            self._range(user=self.operator, register_id=other.id)
        self._refused(
            lambda: self._range(user=self.operator, register_year_id=years.id)
        )
        self.assertEqual(years.last_number, 0)
        self.assertTrue(self._range(user=self.operator).first_number)

    def test_entry_stands_in_a_year_of_its_register(self):
        other = self.env["pcu.register"].create(
            {"name": "Dispoziții", "code": "D9", "company_id": self.company.id}
        )
        draft = self._draft()._programmatic()
        values = self.env["pcu.register.entry"]._prepare_waiting_values(other)
        self._refused(lambda: draft.write(values) and self.env.flush_all())
        values["register_year_id"] = self.register.year_ids.id
        draft.write(values)
        self.env.flush_all()

    def _refused(self, act):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError) as refusal,
            self.env.cr.savepoint(),
        ):
            act()
        told = self.env["pcu.register.range"]._sql_error_to_message(refusal.exception)
        self.assertIn("belongs to another register", told)

    def test_holder_registers_in_order_until_it_is_used_up(self):
        record = self._range(2)
        entries = [
            self._registered(self.operator, range_id=record.id) for _each in range(2)
        ]
        self.assertEqual([entry.number for entry in entries], [1, 2])
        self.assertEqual(entries[0].state, "registered")
        draft = self._draft(self.operator, range_id=record.id)
        with self.assertRaisesRegex(UserError, "used up"):
            draft.action_register()
        self.assertEqual(self._registered().number, 3)

    def test_entry_opened_from_the_range_takes_its_number(self):
        number_range = self._range(size=2)
        action = number_range.with_user(self.operator).action_new_entry()
        form = Form(
            self.env["pcu.register.entry"]
            .with_user(self.operator)
            .with_context(**action["context"])
        )
        form.sender_id = self.citizen
        form.summary = "Din plajă"
        entry = form.save()._do_register()
        self.assertEqual(entry.number, number_range.first_number)

    def test_deputy_registers_and_others_do_not(self):
        other = self._user("other", "group_registry_operator")
        deputy = self._user("deputy", "group_registry_operator")
        record = self._range(deputy_id=deputy.id)
        self.assertEqual(self._registered(deputy, range_id=record.id).number, 1)
        with self.assertRaisesRegex(UserError, "set aside for"):
            self._registered(other, range_id=record.id)

    def test_range_of_another_register_is_refused(self):
        other = self.env["pcu.register"].create(
            {"name": "Petiții", "code": "PET", "company_id": self.company.id}
        )
        record = self._range(register_id=other.id)
        with self.assertRaisesRegex(UserError, "belongs to the register"):
            self._registered(self.operator, range_id=record.id)

    def test_last_years_range_is_refused_in_january(self):
        with freeze_time("2026-12-15 10:00:00"):
            self.register._year_for(datetime(2026, 12, 15).date())
            record = self._range()
        with (
            freeze_time("2027-01-04 08:00:00"),
            self.assertRaisesRegex(UserError, "ended on 31 December"),
        ):
            self._registered(self.operator, range_id=record.id)

    def test_range_of_a_year_that_is_over_is_not_set_aside(self):
        with freeze_time("2020-05-05 10:00:00"):
            self._registered()
        old = self.register.year_ids.filtered(lambda year: year.year == 2020)
        with self.assertRaisesRegex(UserError, "is over"):
            self._range(register_year_id=old.id)

    def test_unused_numbers_are_listed_and_must_be_explained(self):
        with freeze_time("2020-05-05 10:00:00"):
            self.register._year_for(datetime(2020, 5, 5).date())
            record = self._range(4, purpose="outage")
            self._registered(
                self.operator, range_id=record.id, range_line=2,
                occurred_at="2020-05-05 09:00:00",
            )  # fmt: skip
        year = record.register_year_id
        self.assertEqual(record.unused_text, "1, 3–4")
        runs = year._unused_numbers()
        self.assertEqual([(r["first"], r["last"]) for r in runs], [(1, 1), (3, 4)])
        self.assertEqual(runs[0]["range"], record)
        self.env["pcu.register.closing"].with_user(self.admin).action_close_days()
        with self.assertRaisesRegex(UserError, r"not used: 1 \(.*3–4"):
            year.with_user(self.admin).action_close()
        record.with_user(self.operator).explanation = "Rânduri barate"
        self.assertEqual(year._unused_numbers()[1]["explanation"], "Rânduri barate")
        self._close(year)
        self.assertEqual(year.state, "closed")

    def test_what_is_set_aside_stays(self):
        record = self._range(3, self.operator)
        for values in ({"size": 9}, {"first_number": 9}, {"state": "draft"}):
            with self.assertRaisesRegex(UserError, "stay as they are"):
                record.write(values)
        with self.assertRaisesRegex(UserError, "stay as they are"):
            record.unlink()
        with self.assertRaisesRegex(UserError, "set aside already"):
            record.action_set_aside()
        for query in (
            "UPDATE pcu_register_range SET last_number = 99 WHERE id = %s",
            "UPDATE pcu_register_range SET state = 'draft' WHERE id = %s",
            "DELETE FROM pcu_register_range WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, (record.id,))
        record.write({"explanation": "Nu a mai fost nevoie", "deputy_id": False})

    def test_who_may_do_what(self):
        record = self._range()
        verbs = ("read", "write", "create", "unlink")
        for user in (self.inspector, self.head, self.auditor, self.admin):
            allowed = [v for v in verbs if record.with_user(user).has_access(v)]
            self.assertEqual(allowed, ["read"])
        for verb in verbs:
            self.assertTrue(record.with_user(self.operator).has_access(verb))
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        record = record.with_context(allowed_company_ids=other.ids)
        self.assertFalse(record.with_user(stranger).has_access("read"))


@tagged("post_install", "-at_install")
class TestEmergencySheet(RangeCase):
    """Lines written on paper during an outage are entered with their own time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-11-09 08:00:00"):
            cls.sheet = cls._range(5, purpose="outage", name="Cablu tăiat")

    @freeze_time("2026-11-10 08:00:00")
    def test_line_keeps_its_time_and_both_numbers(self):
        clerk = self._user("second", "group_registry_operator")
        entry = self._registered(
            clerk, range_id=self.sheet.id, range_line=4,
            occurred_at="2026-11-09 13:20:00", emergency_reason="Server oprit",
        )  # fmt: skip
        self.assertEqual((entry.number, entry.reference), (4, "4/09.11.2026"))
        self.assertEqual(entry.registered_at, datetime(2026, 11, 9, 13, 20))
        self.assertEqual(entry.entered_at, datetime(2026, 11, 10, 8))
        self.assertEqual(entry.emergency_number, f"{self.sheet.mark}/4")
        self.assertEqual(entry.emergency_reason, "Server oprit")
        following = self._registered(
            clerk, range_id=self.sheet.id, occurred_at="2026-11-09 13:30:00"
        )
        self.assertEqual(following.number, 5)
        self.assertEqual(following.emergency_reason, "Cablu tăiat")

    @freeze_time("2026-11-10 08:00:00")
    def test_wrong_line_or_time_is_refused(self):
        def enter(**values):
            return self._registered(self.operator, range_id=self.sheet.id, **values)

        moment = "2026-11-09 13:20:00"
        enter(range_line=4, occurred_at=moment)
        with self.assertRaisesRegex(UserError, "entered already"):
            enter(range_line=4, occurred_at=moment)
        with self.assertRaisesRegex(UserError, "no line 6"):
            enter(range_line=6, occurred_at=moment)
        with self.assertRaisesRegex(UserError, "when the line was written"):
            enter(range_line=3)
        with self.assertRaisesRegex(UserError, "can't be later"):
            enter(range_line=3, occurred_at="2026-11-10 09:00:00")
        with self.assertRaisesRegex(UserError, "sheet of that year"):
            enter(range_line=3, occurred_at="2025-11-10 09:00:00")

    def test_sheet_prints_both_numbers_of_each_line(self):
        sheet = self._range(20, purpose="outage", name="Rezervă")
        content = sheet.with_user(self.operator)._draw_sheet()
        pages = PdfReader(BytesIO(content)).pages
        self.assertEqual(len(pages), 2)
        text = "".join(page.extract_text() for page in pages)
        for line, number in ((1, sheet.first_number), (20, sheet.last_number)):
            self.assertIn(f"{sheet.mark}/{line}", text)
            self.assertIn(str(number), text)
        with self.assertRaisesRegex(UserError, "for an outage"):
            self._range().action_print_sheet()

    def test_december_is_entered_in_january(self):
        with freeze_time("2027-01-04 08:00:00"):
            entry = self._registered(
                self.operator, range_id=self.sheet.id,
                occurred_at="2026-12-31 10:00:00",
            )  # fmt: skip
        self.assertEqual((entry.year, entry.reference), (2026, "1/31.12.2026"))

    def test_database_refuses_a_strange_number(self):
        with freeze_time("2026-11-10 08:00:00"):
            entry = self._draft(self.operator)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE pcu_register_entry SET state = 'registered', number = 77,"
                " range_id = %s, range_line = 1, registered_at = now(),"
                " registration_date = now(), year = 2026, register_year_id = %s"
                " WHERE id = %s",
                (self.sheet.id, self.sheet.register_year_id.id, entry.id),
            )


@tagged("post_install", "-at_install")
class TestSheetAddress(RangeCase, HttpCase):
    """The sheet is given to those who may read the range."""

    def test_reader_gets_the_sheet_and_a_stranger_nothing(self):
        sheet = self._range(5, purpose="outage")
        self.operator.password = self.operator.login
        self.authenticate(self.operator.login, self.operator.login)
        answer = self.url_open(f"/pcu/emergency-sheet/{sheet.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertEqual(
            self.url_open("/pcu/emergency-sheet/99999999").status_code, 404
        )
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.operator.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        answer = self.url_open(f"/pcu/emergency-sheet/{sheet.id}")
        self.assertEqual(answer.status_code, 404)
