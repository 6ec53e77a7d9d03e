"""Selection and destruction: two persons, a delay, no hold, a certificate."""

import hashlib
import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from pdfminer.high_level import extract_text
from psycopg2 import DatabaseError

from .common import ArchiveCase

AFTER_THE_DELAY = "2026-04-12 08:00:01"


@tagged("post_install", "-at_install")
class SelectionCase(ArchiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_force()
        cls.second = cls._archive_user("second", "group_archive_commission")
        cls.commission = cls.env["pcu.selection.commission"].create(
            {
                "name": "Dispoziția 31",
                "company_id": cls.company.id,
                "president_id": cls.head.id,
                "secretary_id": cls.archivist.id,
                "member_ids": [(6, 0, cls.member.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        # For each test anew, because a rollback doesn't bring bytes back.
        # Letters of 2022 are kept three years: selected from 1 January 2026.
        self.file = self._archived(self.letters, files=("a.txt", "b.txt"))
        self.documents = self.file.entry_ids.document_ids

    def _selection(self, **values):
        selection = (
            self.env["pcu.selection"]
            .with_user(self.archivist)
            .create(
                {
                    "name": "3",
                    "company_id": self.company.id,
                    "commission_id": self.commission.id,
                    **values,
                }
            )
        )
        selection.action_collect()
        return selection

    def _confirmed(self):
        selection = self._selection()
        selection.action_decide()
        selection.write(
            {"confirmation_number": "B-77", "confirmation_date": "2026-03-12"}
        )
        selection.action_confirm()
        return selection

    def _approved(self):
        selection = self._confirmed()
        selection.action_approve()
        return selection

    def _hold(self):
        return self.env["pcu.hold"].create(
            {
                "name": "Dosar 1",
                "reason": "Litigiu",
                "company_id": self.company.id,
                "file_ids": [(6, 0, self.file.ids)],
            }
        )

    def _sweep(self):
        """Run the cron; a test's transaction can't commit, so the sweep runs in it."""
        attachments = type(self.env["ir.attachment"])
        with (
            patch.object(
                attachments,
                "_gc_file_store",
                lambda model: model._gc_file_store_unsafe(),
            ),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 1
            ),
        ):
            self.env["pcu.selection"]._cron_finish()


@tagged("post_install", "-at_install")
class TestSelection(SelectionCase):
    def test_files_whose_term_is_over_are_proposed(self):
        young = self._archived(self.permits)
        permanent = self._archived(self.decisions, day="1990-05-07 08:00:00")
        selection = self._selection()
        self.assertEqual(selection.file_ids, self.file)
        self.assertFalse((young | permanent).selection_id)

    def test_held_file_is_not_proposed(self):
        self._hold()
        with self.assertRaisesRegex(UserError, "or a hold covers it"):
            self._selection()

    def test_term_ends_with_the_year(self):
        with self.assertRaisesRegex(UserError, "come to the end of its term"):
            self._selection(date="2025-12-31")
        self.assertTrue(self._selection(name="4", date="2026-01-01").file_ids)

    def test_commission_has_an_odd_number_of_members(self):
        with self.assertRaisesRegex(ValidationError, "odd number"):
            self.commission.member_ids |= self.second
        with self.assertRaisesRegex(ValidationError, "different persons"):
            self.commission.secretary_id = self.head
        with self.assertRaisesRegex(ValidationError, "different persons"):
            self.commission.secretary_id = self.member

    def test_nothing_is_confirmed_without_number_and_date(self):
        selection = self._selection()
        selection.action_decide()
        with self.assertRaisesRegex(UserError, "without the confirmation"):
            selection.action_confirm()
        selection.write(
            {"confirmation_number": "B-1", "confirmation_date": "2026-03-01"}
        )
        with self.assertRaisesRegex(UserError, "older than the minutes"):
            selection.action_confirm()

    def test_steps_follow_each_other(self):
        selection = self._selection()
        for act in (
            selection.action_confirm,
            selection.action_approve,
            selection.with_user(self.member).action_destroy,
        ):
            with self.assertRaisesRegex(UserError, "this step is for"):
                act()

    def test_state_and_persons_are_not_written_by_hand(self):
        selection = self._confirmed()
        for values in (
            {"state": "approved"},
            {"approved_by_id": self.head.id},
            {"not_before": "2020-01-01 00:00:00"},
        ):
            with self.assertRaisesRegex(UserError, "by its actions only"):
                selection.write(values)
        with self.assertRaisesRegex(UserError, "doesn't change any more"):
            selection.confirmation_number = "alt"

    def test_file_is_kept_by_the_commission(self):
        selection = self._selection()
        selection.action_decide()
        self.file.with_user(self.archivist).action_leave_selection()
        self.assertFalse(selection.file_ids)
        with self.assertRaisesRegex(UserError, "confirmed the minutes as they are"):
            self._confirmed_with_other_name()

    def _confirmed_with_other_name(self):
        selection = self._selection(name="5")
        selection.action_decide()
        selection.write(
            {"confirmation_number": "B-77", "confirmation_date": "2026-03-12"}
        )
        selection.action_confirm()
        selection.file_ids.action_leave_selection()

    def test_cancelled_selection_gives_the_files_back(self):
        selection = self._approved()
        selection.action_cancel()
        self.assertEqual(selection.state, "cancelled")
        self.assertEqual(
            (self.file.state, self.file.selection_id.id), ("archived", False)
        )
        with self.assertRaisesRegex(UserError, "can't be cancelled"):
            selection.action_cancel()

    def test_minutes_are_printed_with_the_commission(self):
        _name, content = self._selection()._print_pdf()
        text = "".join(extract_text(io.BytesIO(content)).split())
        for words in ("Dispoziția31/", "II/A/2", "Corespondență", "archive_member"):
            self.assertIn(words, text)


@tagged("post_install", "-at_install")
class TestDestruction(SelectionCase):
    def _refused(self, user, reason, error=UserError):
        selection = self.env["pcu.selection"].search([("name", "=", "3")])
        with self.assertRaisesRegex(error, reason):
            selection.with_user(user).action_destroy()
        self.assertTrue(self.documents[0]._read(), "the bytes are still there")
        self.assertEqual(self.file.state, "archived")

    def test_bytes_go_row_and_fingerprint_stay(self):
        selection = self._approved()
        digests = self.documents.mapped("sha256")
        names = self.documents.mapped("name")
        self.documents._set_search_text("cuvinte din document")
        with freeze_time(AFTER_THE_DELAY):
            selection.with_user(self.member).action_destroy()
            self.assertEqual(selection.state, "destroying")
            self._sweep()
        self.assertEqual((selection.state, self.file.state), ("destroyed", "destroyed"))
        self.assertEqual(self.documents.mapped("sha256"), digests)
        self.assertEqual(self.documents.mapped("name"), names)
        for document in self.documents:
            self.assertFalse(document._bytes_in_store())
            self.assertFalse(document.attachment_id.raw)
            self.assertIn("destroyed on 12.04.2026", document.type_note)
            for act in (document._read, document.action_download,
                        document.action_verify):  # fmt: skip
                with self.assertRaisesRegex(UserError, "was destroyed on"):
                    act()
        self.env.cr.execute(
            "SELECT count(*) FROM pcu_document WHERE id = ANY(%s)"
            " AND search_vector <> ''",
            [self.documents.ids],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,), "no word is found any more")

    def test_certificate_is_kept_with_the_fingerprints(self):
        selection = self._approved()
        with freeze_time(AFTER_THE_DELAY):
            selection.with_user(self.member).action_destroy()
            self._sweep()
        certificate = selection.sudo().certificate_id
        content = certificate._read()
        self.assertEqual(certificate.sha256, hashlib.sha256(content).hexdigest())
        text = "".join(extract_text(io.BytesIO(content)).split())
        for document in self.documents:
            self.assertIn(document.sha256, text)
        listed = selection.sudo().file_ids.name
        for words in (
            "B-77", listed, self.archivist.name, self.member.name, "12.04.2026",
        ):  # fmt: skip
            self.assertIn("".join(words.split()), text)
        row = self.env["pcu.archive.movement"].search([], limit=1)
        self.assertEqual((row.kind, row.file_count), ("destroyed", 1))
        self.assertTrue(
            certificate.with_user(self.archivist).has_access("read"),
            "the archivist keeps it",
        )

    def test_day_of_destruction_is_romanian(self):
        """Half past midnight the movement is of the new day, in UTC of the old one."""
        selection = self._approved()
        with freeze_time("2026-04-12 21:30:00"):
            selection.with_user(self.member).action_destroy()
        row = self.env["pcu.archive.movement"].search([], limit=1)
        self.assertEqual((row.kind, row.date), ("destroyed", date(2026, 4, 13)))

    def test_certificate_of_paper_alone_lists_its_files_and_who_signs(self):
        selection = self._approved().sudo()
        selection._as_program().write(
            {
                "executed_by_id": self.member.id,
                "executed_at": selection.not_before,
            }
        )
        none = self.env["pcu.document"]
        (paper,) = selection._prepare_certificate(none, none)
        self.assertEqual([row[2] for row in paper.rows], [
            f"{file.name}, {file.year}, vol. {file.volume}"
            for file in selection.file_ids
        ])  # fmt: skip
        self.assertEqual(paper.signatures[1][1], self.member.name)

    def test_same_bytes_of_a_document_that_stays_are_kept_and_said(self):
        other = self.env["pcu.document"]._create_from_bytes(
            [{"name": "x.txt", "content": self.documents[0]._read(),
              "company_id": self.company.id}]
        )  # fmt: skip
        selection = self._approved()
        with freeze_time(AFTER_THE_DELAY):
            selection.with_user(self.member).action_destroy()
            self._sweep()
        self.assertEqual((selection.state, selection.kept_count), ("destroyed", 1))
        self.assertTrue(other._is_intact())

    def test_certificate_waits_until_the_bytes_are_gone(self):
        selection = self._approved()
        with freeze_time(AFTER_THE_DELAY):
            selection.with_user(self.member).action_destroy()
            with patch.object(
                type(self.env["ir.attachment"]),
                "_gc_file_store_unsafe",
                lambda _s: None,
            ):
                self._sweep()
            self.assertEqual(selection.state, "destroying")
            self.assertFalse(selection.sudo().certificate_id)
            self._sweep()
        self.assertEqual(selection.state, "destroyed")

    # -- refusals ----------------------------------------------------------

    def test_not_before_the_delay(self):
        self._approved()
        with freeze_time("2026-04-11 07:59:59"):
            self._refused(self.member, "can be carried out from")

    def test_act_is_offered_to_the_second_person_after_the_delay(self):
        selection = self._approved()
        member, first = selection.with_user(self.member), selection
        self.assertFalse(member.can_destroy)
        with freeze_time(AFTER_THE_DELAY):
            self.env.invalidate_all()
            self.assertTrue(member.can_destroy)
            self.assertFalse(first.with_user(self.archivist).can_destroy)

    def test_delay_is_the_institutions(self):
        self.company.pcu_destruction_delay = 90
        self._approved()
        with freeze_time(AFTER_THE_DELAY):
            self._refused(self.member, "can be carried out from 10.06.2026")

    def test_not_by_the_same_person(self):
        self.archivist.group_ids |= self.env.ref("pcu_archive.group_archive_commission")
        self._approved()
        with freeze_time(AFTER_THE_DELAY):
            self._refused(self.archivist, "approved this destruction yourself")

    def test_not_by_somebody_outside_the_commission(self):
        self._approved()
        with freeze_time(AFTER_THE_DELAY):
            self._refused(self.second, "Only a member of the commission")
            self._refused(self.auditor, "Only a member of the commission")
            self._refused(self.admin, "", AccessError)

    def test_not_while_a_hold_stands(self):
        self._approved()
        hold = self._hold()
        with freeze_time(AFTER_THE_DELAY):
            self._refused(self.member, "is held for")
            hold.release_reason = "Hotărâre definitivă"
            hold.action_release()
            self.env["pcu.selection"].search([("name", "=", "3")]).with_user(
                self.member
            ).action_destroy()

    def test_not_approved_without_confirmation(self):
        selection = self._selection()
        selection.action_decide()
        with self.assertRaisesRegex(UserError, "this step is for"):
            selection.action_approve()

    def test_permanent_series_is_never_selected(self):
        permanent = self._archived(self.decisions, day="1990-05-07 08:00:00")
        selection = self._selection()
        permanent._as_program().write({"selection_id": selection.id})
        with self.assertRaisesRegex(UserError, "kept permanently"):
            selection.action_decide()

    def test_member_neither_proposes_nor_approves(self):
        selection = self._confirmed().with_user(self.member)
        for act in (selection.action_approve, selection.action_cancel):
            with self.assertRaises(AccessError):
                act()

    # -- the database by itself ----------------------------------------------

    def _sql_refused(
        self, statement, *values, words="cannot be|what is recorded|check"
    ):
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(DatabaseError, words),
            self.env.cr.savepoint(),
        ):
            self.env.execute_query(SQL(f"{statement} RETURNING id", *values))

    def test_database_lets_no_byte_go_without_the_recorded_facts(self):
        """A program that forgets every check is stopped all the same."""
        selection = self._approved()
        attachment = self.documents.attachment_id.ids
        empty = (
            "UPDATE ir_attachment SET store_fname = NULL, file_size = 0,"
            " index_content = NULL WHERE id = ANY(%s)"
        )
        self._sql_refused(empty, attachment)
        self._sql_refused(
            "UPDATE pcu_document SET destroyed_at = now() WHERE id = ANY(%s)",
            self.documents.ids,
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(DatabaseError),
            self.env.cr.savepoint(),
        ):
            self.documents._destroy_bytes()
        self._hold()
        destroying = (
            "UPDATE pcu_selection SET state = 'destroying', executed_by_id = %s,"
            " executed_at = %s WHERE id = %s"
        )
        late = AFTER_THE_DELAY
        self._sql_refused(destroying, self.archivist.id, late, selection.id)
        self._sql_refused(destroying, self.member.id, "2026-03-13", selection.id)
        self.env.execute_query(
            SQL(f"{destroying} RETURNING id", self.member.id, late, selection.id)
        )
        # All facts are there now but the hold, which the database sees too.
        self._sql_refused(empty, attachment)

    def test_database_lets_only_the_bytes_go(self):
        selection = self._approved()
        with freeze_time(AFTER_THE_DELAY):
            selection.with_user(self.member).action_destroy()
        document = self.documents[0]
        self._sql_refused(
            "UPDATE pcu_document SET sha256 = repeat('0', 64) WHERE id = %s",
            document.id,
        )
        self._sql_refused("DELETE FROM pcu_document WHERE id = %s", document.id)
        self._sql_refused(
            "UPDATE pcu_document SET destroyed_at = NULL WHERE id = %s", document.id
        )
        self._sql_refused(
            "DELETE FROM ir_attachment WHERE id = %s", document.attachment_id.id
        )

    def test_database_keeps_the_facts_of_a_selection(self):
        selection = self._approved()
        for column, value in (
            ("confirmation_number", "x"), ("approved_by_id", 1), ("state", "draft"),
            ("not_before", "2020-01-01"), ("state", "destroyed"),
        ):  # fmt: skip
            with self.subTest(column):
                self._sql_refused(
                    "UPDATE pcu_selection SET %s = %s WHERE id = %s",
                    SQL.identifier(column),
                    value,
                    selection.id,
                )
        self._sql_refused("DELETE FROM pcu_selection WHERE id = %s", selection.id)
