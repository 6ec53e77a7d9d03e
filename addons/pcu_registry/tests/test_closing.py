"""Daily closings: what is sealed, what is refused, what a stranger can check."""

import doctest
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .. import closing
from .common import RegistryCase

SCRIPT = "pcu_registry/static/tools/verify_closing.py"
MONDAY, TUESDAY = date(2020, 3, 9), date(2020, 3, 10)


class ClosingCase(RegistryCase):
    """Entries on Monday and Tuesday, documents, an annulment on Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.closings = cls.env["pcu.register.closing"]
        with freeze_time("2020-03-09 08:00:00"):
            cls.first, cls.second = cls._registered(), cls._registered()
            cls.document = cls._document(cls.first)
        with freeze_time("2020-03-10 00:10:00"):
            cls._close(MONDAY)
        with freeze_time("2020-03-10 09:00:00"):
            cls.third = cls._registered()
            cls.late_document = cls._document(cls.first, b"al doilea")
            cls.second.action_annul("Înregistrat de două ori")
        cls.day = cls.closings.search([])

    def setUp(self):
        super().setUp()
        # A test's transaction isn't committed; there is always time left.
        self.patch(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60
        )

    @classmethod
    def _document(cls, entry, content=b"cerere"):
        values = {**entry._prepare_document_values(), "name": "Cerere Popescu.txt"}
        return cls.env["pcu.document"]._create_from_bytes(
            [{**values, "content": content}]
        )

    @classmethod
    def _close(cls, day):
        return cls.closings._close_day(cls.register, day)

    def _lines(self, record):
        return [json.loads(line) for line in record._read_file().splitlines()]


@tagged("post_install", "-at_install")
class TestClosing(ClosingCase):
    """What one day's closing holds and refuses."""

    def test_file_holds_entries_and_digests_of_documents(self):
        header, *rows, end = self._lines(self.day)
        self.assertEqual(header["day"], "2020-03-09")
        self.assertEqual(header["previous"], closing.GENESIS)
        self.assertEqual(end["counts"], {"entry": 2, "document": 1})
        self.assertEqual([row.get("number") for row in rows], [1, 2, 1])
        self.assertEqual(rows[-1]["sha256"], self.document.sha256)
        self.assertEqual(self.day.digest, self.day.document_id.sha256)
        self.assertEqual(self.first.closing_id, self.day)

    def test_file_gives_no_personal_data_away(self):
        text = self.day._read_file().decode()
        for word in ("Popescu", "Țăranu", "urbanism"):
            self.assertNotIn(word, text)

    def test_next_day_is_chained_and_takes_what_came_later(self):
        with freeze_time("2020-03-11 03:00:00"):
            tuesday = self._close(TUESDAY)
        header, *rows, _end = self._lines(tuesday)
        self.assertEqual(header["previous"], self.day.digest)
        self.assertEqual(
            [(row["type"], row["number"]) for row in rows],
            [("entry", 3), ("document", 1), ("annulment", 2)],
        )
        self.assertEqual(self.second.closing_id, self.day)
        self.assertEqual(self.late_document.closing_id, tuesday)

    def test_day_that_is_not_over_is_refused(self):
        """Ten past eleven at night in Romania is still the same day."""
        with (
            freeze_time("2020-03-10 21:10:00"),
            self.assertRaisesRegex(UserError, "isn't over"),
        ):
            self._close(TUESDAY)
        with freeze_time("2020-03-10 22:10:00"):
            self.assertTrue(self._close(TUESDAY))

    @freeze_time("2020-03-13 08:00:00")
    def test_days_are_closed_once_and_in_order(self):
        with self.assertRaisesRegex(UserError, "already closed"):
            self._close(MONDAY)
        with self.assertRaisesRegex(UserError, "next one is 10.03.2020"):
            self._close(date(2020, 3, 12))

    def test_entry_that_waits_keeps_its_day_open(self):
        with freeze_time("2020-03-10 10:00:00"):
            waiting = self._draft()
            waiting._programmatic().write(
                waiting._prepare_waiting_values(self.register)
            )
        with freeze_time("2020-03-11 03:00:00"):
            with self.assertRaisesRegex(UserError, "wait for their number"):
                self._close(TUESDAY)
            with self.assertLogs("odoo.addons.pcu_registry", "WARNING"):
                self.closings._cron_close_days()
            self.assertEqual(self.closings._get_last(self.register), self.day)
            self.env["pcu.register.entry"]._number_waiting(self.register.year_ids.ids)
            self.assertEqual(self._close(TUESDAY).entry_count, 2)

    @freeze_time("2020-03-16 03:00:00")
    def test_missed_days_are_caught_up_with_the_empty_ones(self):
        self.closings._cron_close_days()
        made = self.closings.search(
            [("register_id", "=", self.register.id)], order="day"
        )
        self.assertEqual([record.day.day for record in made], list(range(9, 16)))
        self.assertEqual(made.mapped("entry_count"), [2, 1, 0, 0, 0, 0, 0])
        self.closings._cron_close_days()
        self.assertFalse(self.closings._get_open_days(self.register))

    @freeze_time("2020-03-13 03:00:00")
    def test_days_of_a_register_put_into_the_archive_are_closed_all_the_same(self):
        self.register.active = False
        self.closings._cron_close_days()
        self.assertFalse(self.closings._get_open_days(self.register))

    @freeze_time("2020-03-20 08:00:00")
    def test_imported_row_of_a_closed_day_goes_into_the_next_closing(self):
        with freeze_time("2020-03-09 12:00:00"):
            late = self._registered()
        tuesday = self._close(TUESDAY)
        self.assertEqual(late.closing_id, tuesday)
        self.assertIn("2020-03-09", [row.get("date") for row in self._lines(tuesday)])

    def test_reply_has_the_number_of_another_entry(self):
        with freeze_time("2020-03-10 11:00:00"):
            self._registered(
                direction="outgoing",
                recipient_id=self.citizen.id,
                answers_id=self.first.id,
            )
        with freeze_time("2020-03-11 03:00:00"):
            tuesday = self._close(TUESDAY)
        entries = [row for row in self._lines(tuesday) if row["type"] == "entry"]
        self.assertEqual(
            [(row["number"], row["reply"]) for row in entries], [(1, True), (3, False)]
        )
        self.assertFalse(tuesday._count_changed())

    def test_same_rows_make_the_same_bytes(self):
        record = {"type": "entry", "b": 1, "a": "ș", "day": MONDAY}
        files = []
        for _each in range(2):
            out = io.BytesIO()
            closing.write_file(out, {"register": "RG"}, [dict(record)])
            files.append(out.getvalue())
        self.assertEqual(*files)
        self.assertIn(
            '{"a":"ș","b":1,"day":"2020-03-09","type":"entry"}', str(files[0], "utf-8")
        )

    def test_doctests_of_the_kernel(self):
        self.assertFalse(doctest.testmod(closing).failed)

    def test_correction_after_the_closing_is_told(self):
        result = self.day.action_verify()
        self.assertEqual(result["params"]["type"], "success")
        self.first.action_correct({"summary": "Altceva"}, "Greșeală de scriere")
        result = self.day.action_verify()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertIn("one entry", result["params"]["message"])

    def test_damaged_file_is_told(self):
        path = Path(self.day.document_id._path())
        good = path.read_bytes()
        self.addCleanup(path.write_bytes, good)
        path.write_bytes(good.replace(b'"number":1', b'"number":9'))
        result = self.day.action_verify()
        self.assertEqual(result["params"]["type"], "danger")

    def test_nothing_goes_into_the_closing_of_another_day(self):
        """What its file doesn't hold never counts as closed."""
        with freeze_time("2020-03-10 10:00:00"):
            entry = self._registered(self.operator)
        with self.assertRaisesRegex(UserError, "can't be written directly"):
            entry.closing_id = self.day
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError) as refusal,
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE pcu_register_entry SET closing_id = %s WHERE id = %s",
                [self.day.id, entry.id],
            )
        self.assertEqual(
            refusal.exception.diag.constraint_name, "pcu_register_entry_take"
        )
        with freeze_time("2020-03-11 03:00:00"):
            with (
                patch.object(
                    type(self.env.cr), "now", lambda _cr: datetime(2020, 3, 9)
                ),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError, msg="made before"),
                self.env.cr.savepoint(),
            ):
                self._close(TUESDAY)
            self.env.invalidate_all(flush=False)
            self.assertEqual(self._close(TUESDAY), entry.closing_id)

    def test_database_refuses_to_change_a_closing(self):
        self.env.flush_all()
        closing_id = self.day.id
        for query in (
            "UPDATE pcu_register_closing SET digest = previous_digest WHERE id = %s",
            "DELETE FROM pcu_register_closing WHERE id = %s",
            "UPDATE pcu_register_entry SET closing_id = NULL WHERE closing_id = %s",
            "UPDATE pcu_document SET closing_id = NULL WHERE closing_id = %s",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [closing_id])
        with self.assertRaisesRegex(UserError, "never changed"):
            self.day.entry_count = 0
        with self.assertRaisesRegex(UserError, "never deleted"):
            self.day.unlink()

    def test_year_with_open_days_is_not_closed(self):
        year = self.first.register_year_id
        with freeze_time("2021-01-04 08:00:00"):
            with self.assertRaises(RedirectWarning) as refused:
                year.with_user(self.admin).with_context(lang="ro_RO").action_close()
            message, action, _button, _context = refused.exception.args
            # 10 March to 31 December; 297 is "97", so with "de"
            self.assertIn("297 de zile, prima este 10.03.2020", message)
            self.assertEqual(self.env["ir.actions.actions"].browse(action).type,
                             "ir.actions.act_window")  # fmt: skip
            self.assertEqual(year.state, "open")
            self.closings.with_user(self.admin).action_close_days()
            told = year.with_user(self.admin).action_close()["params"]
        self.assertEqual((year.state, told["type"]), ("closed", "success"))
        self.assertIn("No gap", year.check_ids[:1].note, "the last check is kept")
        self.assertIn(year.check_ids[:1].note, told["message"])

    def test_button_of_the_list_works_as_the_client_presses_it(self):
        """Without a chosen row the client sends an empty list of ids."""
        closings = self.closings.with_user(self.operator)
        with freeze_time("2020-03-12 08:00:00"):
            action = call_kw(closings, "action_close_days", [[]], {})
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(self.closings._get_last(self.register).day.day, 11)

    def test_who_may_close_and_read(self):
        for user in (self.operator, self.auditor, self.admin):
            record = self.day.with_user(user)
            self.assertTrue(record._read_file())
            for verb in ("write", "create", "unlink"):
                self.assertFalse(record.has_access(verb))
        for user in (self.inspector, self.head):
            with self.assertRaises(AccessError):
                self.day.with_user(user)._read_file()
        for user in (self.auditor, self.inspector, self.head):
            with self.assertRaisesRegex(AccessError, "closed by the registry"):
                self.closings.with_user(user).action_close_days()
        with freeze_time("2020-03-12 08:00:00"):
            self.closings.with_user(self.operator).action_close_days()
        self.assertEqual(self.closings._get_last(self.register).day.day, 11)

    def test_who_may_export(self):
        model = self.env["pcu.register.closing.export"]
        for user in (self.operator, self.auditor, self.admin):
            self.assertTrue(model.with_user(user).has_access("create"))
        for user in (self.inspector, self.head):
            self.assertFalse(model.with_user(user).has_access("create"))

    def test_list_of_closings_costs_the_same_for_many(self):
        with freeze_time("2020-04-01 03:00:00"):
            self.closings._cron_close_days()
        records = self.closings.with_user(self.auditor)
        fields = ["display_name", "day", "register_id", "entry_count", "digest"]
        records.search([]).read(fields)
        self.env.invalidate_all()
        with self.assertQueryCount(7):
            records.search([]).read(fields)

    def test_other_institution_sees_no_closing(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_auditor")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        record = self.day.with_user(stranger).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(record.has_access("read"))


@tagged("post_install", "-at_install")
class TestCheckingWithoutTheSuite(ClosingCase):
    """The shipped script, as the process an auditor runs."""

    def setUp(self):
        super().setUp()
        with freeze_time("2020-03-13 03:00:00"):
            self.closings._cron_close_days()
        wizard = self.env["pcu.register.closing.export"].with_user(self.auditor)
        self.wizard = wizard.create(
            {
                "register_id": self.register.id,
                "date_from": MONDAY,
                "date_to": date(2020, 3, 31),
            }
        )
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        with zipfile.ZipFile(io.BytesIO(self.wizard._zip())) as archive:
            archive.extractall(self.folder)
        self.days = sorted(self.folder.glob("*.jsonl"))
        self.last = self.closings._get_last(self.register).digest

    def _run(self, *options):
        """Run the exported script with a bare Python: no path, no packages."""
        return subprocess.run(
            [sys.executable, "-I", "-S", self.folder / "verify_closing.py",
             self.folder, *options],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def _assert_refused(self, words, *options):
        result = self._run(*options)
        self.assertEqual(result.returncode, 1)
        self.assertIn(words, result.stderr)
        self.assertNotIn("Traceback", result.stderr)

    def test_script_is_short(self):
        lines = Path(file_path(SCRIPT)).read_text().splitlines()
        self.assertLessEqual(len(lines), 50)

    def test_true_chain_is_accepted(self):
        result = self._run(self.last)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("no. 1 of 2020-03-09 to no. 4 of 2020-03-12", result.stdout)
        self.assertIn("3 numbers", result.stdout)

    def test_export_is_the_same_each_time(self):
        self.assertEqual(self.wizard._zip(), self.wizard._zip())

    def test_changed_row(self):
        text = self.days[0].read_text()
        self.days[0].write_text(text.replace("incoming", "outgoing", 1))
        self._assert_refused("a row was changed")

    def test_changed_row_with_its_digest_made_anew(self):
        """The file is whole in itself, but the next day knows another one."""
        self._rewrite(self.days[0], lambda rows: rows[0].update(direction="outgoing"))
        self._assert_refused("does not follow the file before")

    def test_whole_chain_made_anew_has_another_end(self):
        self._rewrite(self.days[-1], lambda rows: rows.clear(), {"institution": "X"})
        self.assertEqual(self._run().returncode, 0)
        self._assert_refused("not the one expected", self.last)

    def test_missing_row(self):
        lines = self.days[0].read_text().splitlines(keepends=True)
        self.days[0].write_text("".join(lines[:1] + lines[2:]))
        self._assert_refused("rows are missing")

    def test_missing_day(self):
        self.days[1].unlink()
        self._assert_refused("closing of 2020-03-10 is missing")

    def test_missing_last_day(self):
        self.days[-1].unlink()
        self._assert_refused("not the one expected", self.last)

    def test_swapped_files(self):
        first, second = (day.read_bytes() for day in self.days[:2])
        self.days[0].write_bytes(second)
        self.days[1].write_bytes(first)
        self._assert_refused("not the file of this day")

    def test_wrong_previous_digest(self):
        self._rewrite(self.days[1], list, {"previous": "f" * 64})
        self._assert_refused("does not follow the file before")

    def test_number_twice(self):
        self._rewrite(self.days[1], lambda rows: rows.append(dict(rows[0])))
        self._assert_refused("number 3 of 2020 stands twice")

    def test_reply_is_no_number_twice(self):
        self._rewrite(
            self.days[-1],
            lambda rows: rows.append(
                {"type": "entry", "year": 2020, "number": 1, "reply": True}
            ),
        )
        self.assertEqual(self._run().returncode, 0)

    def test_no_closing_at_all(self):
        for day in self.days:
            day.write_bytes(b"%PDF-1.4")
        self._assert_refused("can't be read as a closing")

    def _rewrite(self, path, change, header=None):
        """Forge a file as somebody would who knows how it is made."""
        old, *rows, _end = [json.loads(line) for line in path.read_text().splitlines()]
        change(rows)
        with path.open("wb") as out:
            closing.write_file(out, {**old, **(header or {})}, rows)

    def test_export_is_journaled_and_empty_period_refused(self):
        self.wizard.action_export()
        acts = self.env["pcu.journal"].search([("action", "=", "closing_exported")])
        self.assertEqual(len(acts), 4)
        self.assertEqual(acts.user_id, self.auditor)
        self.wizard.date_from = date(2020, 3, 20)
        with self.assertRaisesRegex(UserError, "no closing"):
            self.wizard.action_export()
