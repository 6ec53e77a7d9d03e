"""Inventories, hand-over minutes and the register of entries and exits."""

import io

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from pdfminer.high_level import extract_text

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestInventory(ArchiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_force()

    def _text(self, record):
        name, content = record._print_pdf()
        self.assertTrue(name.endswith(".pdf"))
        return " ".join(extract_text(io.BytesIO(content)).split())

    def test_one_inventory_for_each_year_and_term(self):
        with freeze_time("2025-06-02 08:00:00"):
            old = self._solved(self.permits, page_count=2).file_id
        files = (
            old
            | self._solved(self.permits, page_count=5).file_id
            | self._solved(self.letters, page_count=7).file_id
        )
        files.action_close()
        files.with_user(self.archivist).action_make_inventories()
        self.assertEqual(len(files.inventory_id), 3)
        self.assertEqual(
            sorted(files.inventory_id.mapped(lambda i: (i.year, i.retention_years))),
            [(2025, 10), (2026, 3), (2026, 10)],
        )

    def test_files_of_one_term_share_an_inventory(self):
        plans = self._solved(self.permits)
        plans.file_id.action_next_volume()
        self._solved(self.permits)
        files = self.env["pcu.file"].search([("code", "=", "II/A/1")])
        files[-1:].action_close()
        files.filtered(lambda f: f.state == "open").action_close()
        files.action_make_inventories()
        self.assertEqual(len(files), 2)
        self.assertEqual(len(files.inventory_id), 1)
        self.assertEqual(files.inventory_id.file_count, 2)

    def test_open_file_is_on_no_inventory(self):
        file = self._solved(self.permits).file_id
        with self.assertRaisesRegex(UserError, "list closed files"):
            file.action_make_inventories()

    def test_file_opened_again_leaves_its_inventory(self):
        file = self._constituted(self.permits)
        file.action_reopen()
        self.assertFalse(file.inventory_id)

    def test_form_has_the_legal_columns(self):
        file = self._constituted(self.permits)
        text = self._text(file.inventory_id)
        for words in (
            "Primăria Teilor", "II/A/1", "Certificate de urbanism", "12.03.2026",
        ):  # fmt: skip
            self.assertIn(words, text)

    def test_inventory_is_not_written_by_hand(self):
        inventory = self._constituted(self.permits).inventory_id
        for values in ({"year": 2020}, {"state": "handed_over"}, {"file_ids": [(5,)]}):
            with self.assertRaises(UserError):
                inventory.with_user(self.archivist).write(values)

    # -- hand-over -------------------------------------------------------

    def test_signed_minutes_bring_the_files_into_the_archive(self):
        file = self._constituted(self.permits, day="2024-05-06 08:00:00")
        minutes = self._handover()
        minutes.with_user(self.archivist).action_take_inventories()
        minutes.with_user(self.archivist).action_sign()
        self.assertEqual(file.state, "archived")
        self.assertEqual(file.inventory_id.state, "handed_over")
        row = self.env["pcu.archive.movement"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            row, [{"number": 1, "kind": "in", "file_count": 1, "sheet_count": 4}]
        )
        self.assertIn("HAND-OVER MINUTES", self._text(minutes).upper().replace(
            "PROCES-VERBAL DE PREDARE-PRIMIRE", "HAND-OVER MINUTES"))  # fmt: skip
        self.assertIn("4", self._text(row))

    def test_files_go_in_the_second_year_or_with_a_reason(self):
        for day, early in (
            ("2025-12-30 08:00:00", True),
            ("2024-12-30 08:00:00", False),
        ):
            with self.subTest(day):
                self._constituted(self.permits, day=day)
                minutes = self._handover(name=day)
                minutes.action_take_inventories()
                if early:
                    with self.assertRaisesRegex(
                        UserError, "handed over from 01.01.2027"
                    ):
                        minutes.action_sign()
                    minutes.early_reason = "Compartimentul se desființează"
                minutes.action_sign()
                self.assertEqual(minutes.state, "signed")

    def test_two_persons_sign(self):
        self._constituted(self.permits, day="2024-05-06 08:00:00")
        minutes = self._handover(handed_by_id=self.archivist.id)
        minutes.action_take_inventories()
        with self.assertRaisesRegex(UserError, "two persons"):
            minutes.action_sign()

    def test_empty_minutes_are_not_signed(self):
        minutes = self._handover()
        with self.assertRaisesRegex(UserError, "no inventory that waits"):
            minutes.action_take_inventories()
        with self.assertRaisesRegex(UserError, "no inventory on these minutes"):
            minutes.action_sign()

    def test_signed_minutes_and_archived_files_stay(self):
        file = self._archived(self.permits)
        minutes = file.inventory_id.handover_id
        for act in (
            minutes.action_sign,
            minutes.unlink,
            lambda: minutes.write({"note": "x"}),
            file.inventory_id.unlink,
            file.action_reopen,
            lambda: file.write({"sheet_count": 1}),
        ):
            with self.assertRaises(UserError):
                act()
        file.with_user(self.archivist).location = "Raft 3"

    def _add_paper(self, file, kind="received"):
        entry = file.entry_ids[:1]
        return self.env["pcu.document"]._create_from_bytes(
            [
                {
                    **entry._prepare_document_values(),
                    "kind": kind,
                    "name": "venit-tarziu.pdf",
                    "content": b"%PDF-1.4 tarziu",
                }
            ]
        )

    def test_file_in_the_archive_takes_no_more_documents(self):
        file = self._archived(self.permits)
        entry, before = file.entry_ids, file.entry_ids.document_ids
        refused = self.assertRaisesRegex(UserError, f"{file.code}.*entry of its own")
        with refused, self.env.cr.savepoint():
            self._add_paper(file)
        upload = self.env["ir.attachment"].create({"name": "a.pdf", "raw": b"%PDF-1"})
        refused = self.assertRaisesRegex(UserError, "handed over to the archive")
        with refused, self.env.cr.savepoint():
            entry.write({"new_file_ids": [(6, 0, upload.ids)]})
        self.assertFalse(entry._takes_documents())
        self.assertTrue(upload.exists(), "what the clerk brought isn't lost")
        entry.invalidate_recordset()
        self.assertEqual(entry.document_ids, before)

    def test_document_of_elsewhere_is_not_moved_into_the_archive(self):
        file = self._archived(self.permits)
        other = self._add_paper(self._constituted(self.letters))
        with self.assertRaisesRegex(UserError, "handed over to the archive"):
            file.entry_ids._attach_documents(other)

    def test_closed_file_still_takes_documents_and_the_archive_takes_copies(self):
        self.assertTrue(self._add_paper(self._constituted(self.permits)))
        self.assertTrue(self._add_paper(self._archived(self.letters), kind="copy"))

    def test_register_of_the_archive_only_grows(self):
        self._archived(self.permits)
        row = self.env["pcu.archive.movement"].search([], limit=1)
        for act in (row.unlink, lambda: row.write({"file_count": 9})):
            with self.assertRaisesRegex(UserError, "its rows stay"):
                act()
