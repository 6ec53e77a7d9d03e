import doctest
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import numbering
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestNumbering(RegistryCase):
    """A number is given once, without a gap, to rows that are safe."""

    @contextmanager
    def _process_dies_after_commit(self):
        """Leave rows committed and waiting, as a killed process does."""
        with patch.object(type(self.env["pcu.register.entry"]), "_number_after_commit"):
            yield

    def test_numbers_follow_each_other(self):
        """Documents registered one after another get 1, 2 and 3."""
        entries = [self._registered(self.operator) for _each in range(3)]
        self.assertEqual([entry.number for entry in entries], [1, 2, 3])
        self.assertEqual(entries[0].state, "registered")
        self.assertEqual(self.register.year_ids.last_number, 3)

    @freeze_time("2026-11-10 08:00:00")
    def test_reference_is_number_and_date(self):
        self.assertEqual(self._registered().reference, "1/10.11.2026")

    def test_database_writes_references_as_python_does(self):
        day = date(2026, 3, 9)
        for number_format in ("{number}/{date}", "{code}-{number:06d}/{year}"):
            for number in (7, 12345678):
                self.env.cr.execute(
                    "SELECT pcu_register_reference(%s, 'RG', %s, %s)",
                    (number_format, number, day),
                )
                self.assertEqual(
                    self.env.cr.fetchone()[0],
                    numbering.format_reference(number_format, number, day, "RG"),
                )

    def test_saving_gives_no_number(self):
        self.assertFalse(self._draft().number)

    def test_registering_again_changes_nothing(self):
        entry = self._registered()
        entry._do_register()
        self.assertEqual(entry.number, 1)
        with self.assertRaisesRegex(UserError, "already registered"):
            entry.action_register()

    def test_missing_columns_are_named(self):
        entry = self._draft(sender_id=False, summary=" ")
        with self.assertRaisesRegex(UserError, "summary.*issuer"):
            entry.action_register()

    def test_sweep_numbers_what_a_dead_process_left(self):
        """The order of numbers is the order of registration."""
        with self._process_dies_after_commit():
            with freeze_time("2026-11-10 08:00:05"):
                later = self._registered()
            with freeze_time("2026-11-10 08:00:01"):
                earlier = self._registered()
        self.assertEqual((later.state, later.number), ("waiting", 0))
        self.env["pcu.register.entry"]._cron_number_waiting()
        self.assertEqual((earlier.number, later.number), (1, 2))

    def test_next_registration_numbers_what_was_left(self):
        with self._process_dies_after_commit():
            left = self._registered()
        following = self._registered()
        self.assertEqual((left.number, following.number), (1, 2))

    def test_hook_follows_the_number_of_what_a_program_registered(self):
        seen = []
        with patch.object(
            type(self.env["pcu.register.entry"]),
            "_after_numbered",
            lambda entries: seen.extend(entries.mapped("number")),
        ):
            self._registered()
            self._registered_by_program("platform:1")
        self.assertEqual(seen, [2], "a clerk's own entry pays for no hook")

    def test_day_and_year_are_romanian(self):
        """Ten past midnight on 1 January in Romania is still 31 December in UTC."""
        with freeze_time("2026-12-31 21:50:00"):
            last = self._registered()
        with freeze_time("2026-12-31 22:10:00"):
            first = self._registered()
        self.assertEqual(last.registration_date, date(2026, 12, 31))
        self.assertEqual(first.registration_date, date(2027, 1, 1))
        self.assertEqual((first.year, first.number), (2027, 1))

    def test_own_key_is_registered_once(self):
        values = {
            "register_id": self.register.id,
            "company_id": self.company.id,
            "sender_id": self.citizen.id,
            "summary": "Cerere",
        }
        entries = self.env["pcu.register.entry"]
        both = entries._register_new(
            [
                {**values, "origin_key": "edirect:1"},
                {**values, "origin_key": "edirect:2"},
            ]
        )
        again = entries._register_new(
            [
                {**values, "origin_key": "edirect:2"},
                {**values, "origin_key": "edirect:3"},
            ]
        )
        self.assertEqual(both.mapped("number"), [1, 2])
        self.assertEqual(again[0], both[1])
        self.assertEqual(again[1].number, 3)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._registered()._programmatic().origin_key = "edirect:1"
            self.env.flush_all()

    def _registered_by_program(self, key, **values):
        values = {"sender_id": self.citizen.id, "summary": "Cerere", **values}
        return self.env["pcu.register.entry"]._register_new(
            [{**values, "origin_key": key}]
        )

    def test_draft_with_the_key_of_a_program_is_not_what_it_registered(self):
        """Neither found instead of the submission nor in its way."""
        draft = self._draft()
        draft._programmatic().origin_key = "edirect:1"
        entry = self._registered_by_program("edirect:1")
        self.assertTrue(entry.number)
        self.assertNotEqual(entry, draft)
        self.assertEqual(self._registered_by_program("edirect:1"), entry)

    def test_what_acts_write_is_not_written_by_hand(self):
        """The screen shows it only; a remote call must not write it either."""
        draft, entry = self._draft(self.operator), self._registered(self.operator)
        refused = self.assertRaisesRegex(UserError, "can't be written directly")
        for name, value in {
            "origin_key": "edirect:1",
            "closing_id": 1,
            "held_since": "2020-01-01 00:00:00",
        }.items():
            with self.subTest(field=name):
                with refused:
                    self._draft(self.operator, **{name: value})
                for record in draft, entry:
                    with refused:
                        record.write({name: value})
        for name, value in {
            "department_id": self.urbanism.id,
            "holder_id": self.inspector.id,
            "resolution": "favourable",
        }.items():
            with self.subTest(field=name), refused:
                entry.write({name: value})
        draft.department_id = self.urbanism
        entry.action_route(self.urbanism, self.inspector)
        self.assertEqual(entry.holder_id, self.inspector)
        entry.action_solve("favourable")
        entry.resolution = "partial"
        self.assertEqual(entry.resolution, "partial")

    def test_registering_stays_lean(self):
        """Every writer waits on this path: count what it asks of the database."""
        self._registered(self.operator)
        draft = self._draft(self.operator)
        self.env.flush_all()
        with self.assertQueryCount(5):
            draft._do_register()
        values = {
            "register_id": self.register.id,
            "company_id": self.company.id,
            "sender_id": self.citizen.id,
            "summary": "Cerere",
        }
        with self.assertQueryCount(5):
            self.env["pcu.register.entry"]._register_new([dict(values)])
        with self.assertQueryCount(5):
            self.env["pcu.register.entry"]._register_new(
                [dict(values) for _each in range(50)]
            )

    def test_doctests_of_the_kernel(self):
        self.assertFalse(doctest.testmod(numbering).failed)


@tagged("post_install", "-at_install")
class TestLastWall(RegistryCase):
    """What the database itself refuses, whoever asks."""

    def _refused(self, query, *params):
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, params)

    def test_number_never_changes(self):
        entry = self._registered()
        update = "UPDATE pcu_register_entry SET %s WHERE id = %%s"
        for change in (
            "number = 77",
            "number = NULL",
            "reference = 'x'",
            "registered_at = now()",
            "registration_date = '2020-01-01'",
            "year = 2020",
            "state = 'draft'",
            "state = 'waiting'",
        ):
            self._refused(update % change, entry.id)

    def test_number_is_unique_in_its_year(self):
        entry = self._registered()
        self._refused(
            "INSERT INTO pcu_register_entry (register_id, register_year_id, year,"
            " number, registered_at, registration_date, state, direction,"
            " confidentiality, company_id)"
            " SELECT register_id, register_year_id, year, number, registered_at,"
            " registration_date, state, direction, confidentiality, company_id"
            " FROM pcu_register_entry WHERE id = %s",
            entry.id,
        )

    def test_registered_row_is_never_deleted(self):
        entry = self._registered()
        self._refused("DELETE FROM pcu_register_entry WHERE id = %s", entry.id)
        self._refused("TRUNCATE pcu_register_entry CASCADE")

    def test_counter_only_goes_up(self):
        self._registered()
        self._refused(
            "UPDATE pcu_register_year SET last_number = 0 WHERE id = %s",
            self.register.year_ids.id,
        )

    def test_draft_may_go(self):
        self.assertTrue(self._draft(self.operator).unlink())

    def test_program_is_refused_in_words(self):
        entry = self._registered(self.operator)
        with self.assertRaisesRegex(UserError, "never deleted"):
            entry.unlink()
        with self.assertRaisesRegex(UserError, "keeps its number"):
            entry.direction = "outgoing"
        with self.assertRaisesRegex(UserError, "come from its actions"):
            entry.write({"number": 5})
        with self.assertRaisesRegex(UserError, "come from its actions"):
            self._draft(self.operator, state="registered", number=5)
