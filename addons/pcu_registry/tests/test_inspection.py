"""The check of all registers, and its printed report."""

import io
from pathlib import Path

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from pypdf import PdfReader

from .test_closing import ClosingCase


@tagged("post_install", "-at_install")
class TestInspection(ClosingCase):
    """Numbers and closings of all registers, in one result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["pcu.register"].create(
            {"name": "Dispoziții", "code": "DSP", "company_id": cls.company.id}
        )
        (cls.auditor | cls.operator).partner_id.lang = False

    def _inspect(self, user):
        records = self.env["pcu.register.inspection"].with_user(user)
        records = records.with_company(self.company)
        # As the client presses the button of a list in which no row is chosen.
        return records.browse(call_kw(records, "action_inspect", [[]], {})["res_id"])

    def _text(self, record):
        reader = PdfReader(io.BytesIO(record._draw()))
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    @freeze_time("2026-12-31 22:30:00")
    def test_name_of_the_report_has_the_romanian_day(self):
        self.assertIn("2027-01-01", self._inspect(self.auditor).content_name)

    def test_report_says_that_all_is_well(self):
        record = self._inspect(self.auditor)
        self.assertFalse(record.broken)
        self.assertEqual(record.verdict, "In order")
        self.assertEqual(
            record.check_ids.register_year_id,
            self.register.year_ids | self.other.year_ids,
        )
        text = self._text(record)
        for words in (
            "Primăria Teilor", self.auditor.name, "none was given twice", "DSP", "1–3",
            "one closing to 09.03.2020", self.day.digest, "page 1 of 1",
        ):  # fmt: skip
            self.assertIn(words, text)

    def test_unused_numbers_of_a_range_are_told_as_unused(self):
        number_range = self.env["pcu.register.range"].create(
            {"name": "Rețea oprită", "register_id": self.other.id, "size": 10}
        )
        number_range.action_set_aside()
        self._registered(register_id=self.other.id)
        self._registered(register_id=self.other.id, range_id=number_range.id)
        record = self._inspect(self.auditor)
        self.assertFalse(record.broken)
        year = number_range.register_year_id
        note = record.check_ids.filtered(lambda c: c.register_year_id == year).note
        self.assertIn("1–11 are given or set aside", note)
        self.assertIn("not used so far: 2–10 (Rețea oprită)", note)
        self.assertNotIn("all there", note)
        self.assertIn("2–10 (Rețea oprită)", self._text(record))
        self.assertEqual(
            year.with_user(self.auditor).action_check_continuity()["params"]["message"],
            note,
        )

    def test_year_without_numbers_does_not_claim_any(self):
        year = self.env["pcu.register.year"].create(
            {"register_id": self.other.id, "year": 2015}
        )
        self._inspect(self.auditor)
        self.assertEqual(year.check_note, "No number has been given yet.")

    def test_gap_is_told_also_in_a_closed_year(self):
        year = self.first.register_year_id
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE pcu_register_year DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE pcu_register_year SET last_number = 5, state = 'closed'"
            " WHERE id = %s",
            [year.id],
        )
        self.env.invalidate_all()
        record = self._inspect(self.auditor)
        self.assertTrue(record.broken)
        self.assertIn("4–5 missing", self._text(record))
        self.assertIn("SOMETHING IS WRONG", self._text(record))
        acts = self.env["pcu.journal"].search([("res_id", "=", year.id)])
        self.assertIn("register_continuity_broken", acts.mapped("action"))

    def test_report_says_later_what_it_said_then(self):
        with freeze_time("2020-03-10 10:00:00"):
            record = self._inspect(self.auditor)
            before = self._text(record)
            self._registered()
        self.assertEqual(self._text(record), before)

    def test_damaged_closing_is_told(self):
        path = Path(self.day.document_id._path())
        good = path.read_bytes()
        self.addCleanup(path.write_bytes, good)
        path.write_bytes(good + b" ")
        record = self._inspect(self.operator)
        self.assertTrue(record.broken)
        self.assertEqual(record.verdict, "Something is wrong")
        self.assertIn("isn't the one that was made", record.closing_note)

    def test_night_checks_every_institution(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.env["pcu.register.year"]._cron_check_continuity()
        found = self.env["pcu.register.inspection"].sudo().search([])
        self.assertLessEqual({self.company, other}, set(found.company_id))

    def test_who_may_check_and_read(self):
        record = self._inspect(self.operator)
        for user in (self.operator, self.auditor, self.admin):
            self.assertTrue(record.with_user(user)._draw())
            for verb in ("write", "create", "unlink"):
                self.assertFalse(record.with_user(user).has_access(verb))
        for user in (self.inspector, self.head):
            with self.assertRaises(AccessError):
                record.with_user(user)._draw()
            with self.assertRaises(AccessError):
                self._inspect(user)
        stranger = self._user("stranger", "group_auditor")
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        record = record.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(record.has_access("read"))
