"""Holds can be widened and released, never shrunk or deleted."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestHold(ArchiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_force()
        cls.file = cls._archived(cls.letters)
        cls.other = cls._archived(cls.permits)
        cls.hold = (
            cls.env["pcu.hold"]
            .with_user(cls.archivist)
            .create(
                {
                    "name": "Dosar 1234/118/2026",
                    "reason": "Litigiu în curs",
                    "company_id": cls.company.id,
                    "file_ids": [(6, 0, cls.file.ids)],
                }
            )
        )

    def test_standing_hold_covers_its_files(self):
        held = self.env["pcu.hold"]._get_held(self.file | self.other)
        self.assertEqual(held, {self.file: self.hold})
        self.assertEqual(self.file.hold_ids, self.hold)

    def test_hold_on_a_document_covers_its_file(self):
        self.hold.write({"entry_ids": [(4, self.other.entry_ids.id)]})
        self.assertIn(self.other, self.env["pcu.hold"]._get_held(self.other))

    def test_hold_covers_something(self):
        with self.assertRaisesRegex(ValidationError, "which files or documents"):
            self.env["pcu.hold"].create({"name": "x", "reason": "y"})

    def test_nothing_is_taken_out_of_a_hold(self):
        for act in (
            lambda: self.hold.write({"file_ids": [(6, 0, self.other.ids)]}),
            lambda: self.hold.write({"released_at": "2026-01-01 00:00:00"}),
            self.hold.unlink,
        ):
            with self.assertRaises(UserError):
                act()
        self.hold.write({"file_ids": [(4, self.other.id)]})
        self.assertEqual(len(self.hold.file_ids), 2)

    def test_hold_is_released_with_a_reason_once(self):
        with self.assertRaisesRegex(UserError, "reason for the release"):
            self.hold.action_release()
        self.hold.release_reason = "Hotărâre definitivă"
        self.hold.action_release()
        self.assertFalse(self.env["pcu.hold"]._get_held(self.file))
        self.assertEqual(self.hold.released_by_id, self.archivist)
        with self.assertRaises(UserError):
            self.hold.action_release()

    def test_searching_standing_holds(self):
        holds = self.env["pcu.hold"]
        self.assertIn(self.hold, holds.search([("active_hold", "=", True)]))
        self.assertNotIn(self.hold, holds.search([("active_hold", "=", False)]))
