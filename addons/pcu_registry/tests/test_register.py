from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.pcu_register_entry import PROGRAM
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestRegister(RegistryCase):
    """Books, their years and the row of their numbers."""

    def test_institution_gets_a_general_register(self):
        self.assertEqual(self.register.code, "RG")
        self.assertEqual(self.register.year_ids.state, "open")

    def test_number_format_is_checked(self):
        with self.assertRaisesRegex(ValidationError, "exactly once"):
            self.register.number_format = "{date}"
        with self.assertRaisesRegex(ValidationError, "month"):
            self.register.number_format = "{number}/{month}"

    def test_year_goes_on_from_paper(self):
        self.register.year_ids.opening_number = 512
        self.assertEqual(self._registered().number, 512)
        self.assertFalse(self.register.year_ids._check_continuity())
        with self.assertRaisesRegex(UserError, "already been given"):
            self.register.year_ids.opening_number = 600

    def test_journal_names_an_entry_by_the_number_it_got_later(self):
        entry = self._registered(self.operator)
        rows = self.env["pcu.journal"].with_user(self.auditor).search(
            [("model", "=", entry._name), ("res_id", "=", entry.id)]
        )  # fmt: skip
        first = rows.filtered(lambda row: row.action == "entry_registered")
        self.assertIn("waiting", first.res_label, "as it was written down")
        self.assertEqual(first.res_name, entry.reference)
        found = rows.search([("res_name", "ilike", entry.reference)])
        self.assertIn(first, found)
        self.assertNotIn(first, rows.search([("res_name", "ilike", "x/y")]))

    def test_journal_asks_once_for_all_names(self):
        for _each in range(10):
            self._registered(self.operator)
        rows = self.env["pcu.journal"].with_user(self.auditor)
        self.assertListStaysFlat(rows.search([], limit=20), self.auditor)

    def test_next_year_opens_in_december(self):
        years = self.env["pcu.register.year"]
        year = self.register.year_ids.year
        years._cron_open_next_year(date(year, 11, 30))
        self.assertEqual(self.register.year_ids.mapped("year"), [year])
        years._cron_open_next_year(date(year, 12, 1))
        years._cron_open_next_year(date(year, 12, 2))
        self.assertEqual(set(self.register.year_ids.mapped("year")), {year, year + 1})

    def test_running_year_is_not_closed(self):
        """It says so first, whatever else there is to do before."""
        self.env["pcu.register.range"].create(
            {"name": "Recensământ", "register_id": self.register.id, "size": 3}
        ).action_set_aside()
        self._registered()
        self.assertFalse(self.register.year_ids.is_over)
        with self.assertRaisesRegex(UserError, "isn't over"):
            self.register.year_ids.action_close()

    def test_nothing_is_registered_in_a_closed_year(self):
        with freeze_time("2020-05-05 10:00:00"):
            self._registered()
        old = self.register.year_ids.filtered(lambda y: y.year == 2020)
        self.env["pcu.register.closing"].with_user(self.admin).action_close_days()
        old.with_user(self.admin).action_close()
        with (
            freeze_time("2020-12-31 10:00:00"),
            self.assertRaisesRegex(UserError, "closed"),
        ):
            self._registered()
        with self.assertRaisesRegex(UserError, "by its buttons"):
            old.with_user(self.admin).state = "open"
        with self.assertRaisesRegex(UserError, "by its buttons"):
            old.with_user(self.admin).last_number = 9
        with self.assertRaisesRegex(UserError, "by its buttons"):
            old.with_user(self.admin).create(
                {"register_id": self.register.id, "year": 2019, "state": "closed"}
            )
        old.with_user(self.admin).action_reopen()
        with freeze_time("2020-12-31 10:00:00"):
            self.assertEqual(self._registered().number, 2)

    def test_kernel_leaves_rows_of_a_closed_year(self):
        model = type(self.env["pcu.register.entry"])
        with (
            freeze_time("2020-05-05 10:00:00"),
            patch.object(model, "_number_after_commit"),
        ):
            entry = self._registered()
        year = entry.register_year_id
        year.with_context(pcu_registry=PROGRAM).state = "closed"
        self.env["pcu.register.entry"]._cron_number_waiting()
        self.assertEqual(entry.state, "waiting")

    def test_new_year_is_proposed_as_this_one_without_a_false_name(self):
        with freeze_time("2027-12-31 22:30:00"):
            form = Form(self.env["pcu.register.year"].with_user(self.admin))
            self.assertEqual(form.year, 2028, "the new year has begun in Romania")
            self.assertFalse(self.env["pcu.register.year"].new().display_name)
            form.register_id = self.register
            self.assertEqual(form.save().display_name, f"{self.register.code} 2028")

    def test_continuity_is_told_in_words(self):
        self._registered()
        year = self.register.year_ids
        result = year.with_user(self.auditor).action_check_continuity()
        self.assertEqual(result["params"]["type"], "success")

    def test_gap_is_found_and_journaled(self):
        first = self._registered()
        self._registered()
        year = self.register.year_ids
        self.env.flush_all()
        # A hand in the database: the guards are off, the check must see it.
        self.env.cr.execute("ALTER TABLE pcu_register_entry DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE pcu_register_entry SET number = 7 WHERE id = %s", (first.id,)
        )
        self.assertEqual(
            year._check_continuity(),
            [
                {"kind": "gap", "first": 1, "last": 1},
                {"kind": "gap", "first": 3, "last": 6},
                {"kind": "beyond", "first": 7, "last": 7},
            ],
        )
        self.env["pcu.register.year"]._cron_check_continuity()
        self.assertTrue(
            self.env["pcu.journal"].search_count(
                [("action", "=", "register_continuity_broken")]
            )
        )
        self.assertIn("3–6", year.check_note)

    def test_missing_last_number_is_found(self):
        self._registered()
        year = self.register.year_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pcu_register_year SET last_number = 3 WHERE id = %s", (year.id,)
        )
        year.invalidate_recordset()
        self.assertEqual(
            year._check_continuity(), [{"kind": "gap", "first": 2, "last": 3}]
        )

    def test_used_register_is_not_deleted(self):
        self._registered()
        with self.assertRaisesRegex(UserError, "Archive"):
            self.register.unlink()

    def test_matter_has_one_first_document(self):
        first, second, third = (self._registered() for _each in range(3))
        second.action_connect(first)
        third.action_connect(second)
        self.assertEqual(third.connected_to_id, first)

    def test_search_takes_numbers_for_numbers(self):
        entry = self._registered(summary="Cerere 77 pentru teren")
        entries = self.env["pcu.register.entry"]
        self.assertIn(entry, entries.search([("display_name", "ilike", "1")]))
        self.assertNotIn(entry, entries.search([("display_name", "ilike", "77")]))
        self.assertIn(entry, entries.search([("display_name", "ilike", "teren")]))
