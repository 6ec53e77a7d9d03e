"""The journal is added to and nothing else; what is tampered with shows."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2 import DatabaseError

from .common import CNP, PcuBaseCase


@tagged("post_install", "-at_install")
class TestJournal(PcuBaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.env["pcu.journal"]
        cls.journal._seal()

    def log(self, action="registered", **values):
        return self.journal._log(self.urban, action, **values)

    # -- adding --------------------------------------------------------

    @freeze_time("2026-11-10 08:00:00")
    def test_row_says_who_when_what_and_why(self):
        journal = self.journal.with_user(self.operator)
        row = journal._log(self.urban, "annulled", reason="Dublură", number=7)
        self.assertRecordValues(
            row,
            [
                {
                    "user_id": self.operator.id,
                    "company_id": self.company.id,
                    "action": "annulled",
                    "model": "pcu.department",
                    "res_id": self.urban.id,
                    "res_label": self.urban.display_name,
                    "reason": "Dublură",
                    "data": {"number": 7},
                }
            ],
        )
        self.assertEqual(str(row.at), "2026-11-10 08:00:00")

    def test_one_row_per_record_in_one_statement(self):
        self.log()
        records = self.urban + self.social + self.permits
        records.mapped("display_name")
        with self.assertQueryCount(1):
            rows = self.journal._log(records, "routed")
        self.assertEqual(rows.mapped("res_id"), records.ids)

    def test_act_without_a_record(self):
        row = self.journal._log(self.env["pcu.document"], "export_made")
        self.assertEqual((len(row), row.company_id), (1, self.company))

    def test_no_cnp_whatever_is_given(self):
        row = self.log(reason=f"CNP {CNP}", sender={"codes": [CNP]}, day=CNP)
        self.assertNotIn(CNP, f"{row.reason} {row.data}")
        self.assertIn("*********1144", row.reason)

    # -- append only ---------------------------------------------------

    def test_program_cannot_change_or_delete(self):
        row = self.log()
        with self.assertRaises(UserError):
            row.write({"reason": "x"})
        with self.assertRaises(UserError):
            row.unlink()

    @mute_logger("odoo.sql_db")
    def test_database_refuses(self):
        row = self.log()
        for statement in (
            "UPDATE pcu_journal SET reason = 'x' WHERE id = %s",
            "UPDATE pcu_journal SET digest = 'x', reason = 'y' WHERE id = %s",
            "UPDATE pcu_journal SET digest = 'x' WHERE id = %s",
            "DELETE FROM pcu_journal WHERE id = %s",
            "TRUNCATE pcu_journal -- %s",
        ):
            self.refused(statement, row)
        self.journal._seal()
        self.refused("UPDATE pcu_journal SET digest = 'x' WHERE id = %s", row)
        self.refused("UPDATE pcu_journal SET digest = NULL WHERE id = %s", row)
        self.refused(
            "INSERT INTO pcu_journal (at, user_id, action, digest) "
            "SELECT at, user_id, action, 'x' FROM pcu_journal WHERE id = %s",
            row,
        )

    def refused(self, statement, row):
        with (
            self.subTest(statement),
            self.assertRaises(DatabaseError),
            self.cr.savepoint(flush=False),
        ):
            self.cr.execute(statement, [row.id])

    # -- chain ---------------------------------------------------------

    def test_rows_are_chained_in_order_and_once(self):
        rows = self.log() + self.log("routed") + self.log("annulled")
        self.assertFalse(any(rows.mapped("digest")))
        self.assertEqual(self.journal._seal(), 3)
        first, second, third = rows
        self.assertEqual(second.sequence, first.sequence + 1)
        self.assertEqual(second.previous_digest, first.digest)
        self.assertEqual(third.previous_digest, second.digest)
        self.assertEqual(self.journal._seal(), 0)
        self.assertFalse(self.journal._verify_chain())

    def test_row_committed_late_is_chained_after(self):
        """The chain follows the sealing, not the id: no writer waits for another."""
        late, early = self.log(), self.log()
        self.journal._seal()
        self.assertLess(late.sequence, early.sequence)
        self.log(reason="after the first seal")
        self.assertEqual(self.journal._seal(), 1)
        self.assertFalse(self.journal._verify_chain())

    def tamper(self, statement, *params):
        """Do what only the owner of the database can do."""
        self.cr.execute("ALTER TABLE pcu_journal DISABLE TRIGGER pcu_journal_guard")
        self.cr.execute(statement, params)
        self.cr.execute("ALTER TABLE pcu_journal ENABLE TRIGGER pcu_journal_guard")
        self.env.invalidate_all(flush=False)

    def test_changed_row_is_found(self):
        rows = self.log() + self.log() + self.log()
        self.journal._seal()
        self.env.flush_all()
        self.tamper("UPDATE pcu_journal SET reason = 'x' WHERE id = %s", rows[1].id)
        self.assertEqual(self.journal._verify_chain(), rows[1])
        action = self.journal.with_user(self.auditor).action_verify_chain()
        self.assertEqual(action["params"]["type"], "danger")

    def test_changed_details_are_found(self):
        rows = self.log(amount=10) + self.log()
        self.journal._seal()
        self.env.flush_all()
        self.tamper(
            """UPDATE pcu_journal SET data = '{"amount": 11}' WHERE id = %s""",
            rows[0].id,
        )
        self.assertEqual(self.journal._verify_chain(), rows[0])

    def test_missing_row_shows_at_the_next_one(self):
        rows = self.log() + self.log() + self.log()
        self.journal._seal()
        self.env.flush_all()
        self.tamper("DELETE FROM pcu_journal WHERE id = %s", rows[1].id)
        self.assertEqual(self.journal._verify_chain(), rows[2])

    def test_untouched_journal_is_found_whole(self):
        self.log()
        self.journal._cron_seal()
        action = self.journal.with_user(self.auditor).action_verify_chain()
        self.assertEqual(action["params"]["type"], "success")
