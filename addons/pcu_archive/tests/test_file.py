"""Files: one per code, department and year, in volumes."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestFile(ArchiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_force()

    def test_first_solved_document_opens_the_file(self):
        file = self._solved(self.permits).file_id
        self.assertRecordValues(
            file,
            [
                {
                    "code": "II/A/1",
                    "year": 2026,
                    "volume": 1,
                    "department_id": self.urbanism.id,
                    "state": "open",
                    "company_id": self.company.id,
                    "ends_on": date(2037, 1, 1),
                    "name": "Certificate de urbanism",
                }
            ],
        )

    def test_year_is_that_of_the_solving(self):
        entry = self._routed(classification_id=self.permits.id)
        with freeze_time("2027-01-04 08:00:00"):
            entry.action_solve("favourable")
        self.assertEqual(entry.file_id.year, 2027)

    def test_file_is_closed_with_dates_and_sheets_from_the_register(self):
        file = self._solved(self.permits, page_count=3).file_id
        with freeze_time("2026-05-20 08:00:00"):
            self._solved(self.permits, page_count=4)
        file.with_user(self.head).action_close()
        self.assertRecordValues(
            file,
            [
                {
                    "state": "closed",
                    "first_date": date(2026, 3, 12),
                    "last_date": date(2026, 5, 20),
                    "sheet_count": 7,
                    "closed_by_id": self.head.id,
                }
            ],
        )

    def test_counted_sheets_are_not_overwritten(self):
        file = self._solved(self.permits, page_count=3).file_id
        file.with_user(self.archivist).sheet_count = 250
        file.action_close()
        self.assertEqual(file.sheet_count, 250)

    def test_next_volume_takes_what_comes(self):
        first = self._solved(self.permits).file_id
        second = first.browse(first.action_next_volume()["res_id"])
        self.assertEqual((first.state, second.volume), ("closed", 2))
        self.assertEqual(self._solved(self.permits).file_id, second)

    def test_closed_file_opens_another_volume_for_a_late_document(self):
        first = self._solved(self.permits).file_id
        first.action_close()
        self.assertEqual(self._solved(self.permits).file_id.volume, 2)

    @mute_logger("odoo.sql_db")
    def test_only_one_volume_is_open(self):
        file = self._solved(self.permits).file_id
        with self.assertRaises(IntegrityError):
            self.env["pcu.file"].create(
                {
                    "classification_id": file.classification_id.id,
                    "department_id": file.department_id.id,
                    "year": file.year,
                    "volume": 2,
                    "company_id": self.company.id,
                }
            )

    def test_empty_file_is_not_closed_without_dates(self):
        file = self.env["pcu.file"].create(
            {"classification_id": self.permits.id, "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "is empty"):
            file.action_close()
        file.write({"first_date": "2026-01-05", "last_date": "2026-02-05"})
        file.action_close()
        self.assertEqual(file.state, "closed")

    def test_other_department_does_not_close_it(self):
        file = self._solved(self.permits).file_id
        with self.assertRaises(UserError):
            file.with_user(self.colleague).action_close()
        with self.assertRaisesRegex(UserError, "its own department"):
            file.with_user(self.auditor).action_close()
        file.action_close()
        with self.assertRaisesRegex(UserError, "its own department"):
            file.with_user(self.auditor).action_next_volume()

    def test_document_follows_a_corrected_code(self):
        entry = self._solved(self.permits)
        entry.with_user(self.operator).classification_id = self.letters
        self.assertEqual(entry.file_id.code, "II/A/2")
        self.assertEqual(entry.file_code, "II/A/2")

    def test_code_does_not_change_in_a_closed_file(self):
        entry = self._solved(self.permits)
        entry.file_id.action_close()
        with self.assertRaisesRegex(UserError, "which is closed"):
            entry.classification_id = self.letters
        entry.file_id.action_reopen()
        entry.classification_id = self.letters

    def test_file_and_state_are_not_written_by_hand(self):
        entry = self._solved(self.permits)
        with self.assertRaisesRegex(UserError, "by being solved"):
            entry.with_user(self.operator).file_id = False
        for values in ({"state": "destroyed"}, {"year": 2020}):
            with self.assertRaises(UserError):
                entry.file_id.with_user(self.archivist).write(values)

    def test_used_file_is_not_deleted(self):
        file = self._solved(self.permits).file_id
        with self.assertRaisesRegex(UserError, "Only an empty open file"):
            file.unlink()

    def test_term_from_an_event_waits_for_its_date(self):
        file = self._solved(self.aid).file_id
        self.assertFalse(file.ends_on)
        file.event_date = "2028-07-01"
        self.assertEqual(file.ends_on, date(2034, 1, 1))

    def test_permanent_file_has_no_end(self):
        self.assertFalse(self._solved(self.decisions).file_id.ends_on)

    def test_list_costs_the_same_for_many_files(self):
        for code in (self.permits, self.letters, self.decisions, self.aid):
            self._solved(code)
        files = self.env["pcu.file"].with_user(self.inspector)
        specification = {
            name: {}
            for name in ("code", "year", "volume", "name", "entry_count", "first_date",
                         "last_date", "sheet_count", "retention_label", "ends_on",
                         "state")
        } | {"department_id": {"fields": {"display_name": {}}}}  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.inspector.pcu_visible_department_ids, "in the cache")
        with self.assertQueryCount(8):
            found = files.web_search_read([], specification)
        self.assertEqual(found["length"], 4)

    def test_many_solved_at_once_stay_in_batches(self):
        entries = self.env["pcu.register.entry"].concat(
            *[self._routed(classification_id=self.permits.id) for _each in range(10)]
        )
        self.env.flush_all()
        with self.assertQueryCount(60):
            entries.action_solve("favourable")
            self.env.flush_all()

    def test_impossible_dates_are_refused(self):
        file = self._solved(self.permits).file_id
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            file.write({"first_date": "2026-02-02", "last_date": "2026-01-01"})
