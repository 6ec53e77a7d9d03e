import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestClosedYear(RegistryCase):
    """A closed year is locked in the database, except what the law still asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2020-05-05 10:00:00"):
            cls.open, cls.solved, cls.draft = (
                cls._registered(), cls._registered(), cls._draft(),
            )  # fmt: skip
            cls.solved.action_solve("favourable")
        cls.year = cls.open.register_year_id
        cls._close(cls.year)
        cls.env.flush_all()

    def _refused(self, query, *params):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError) as refusal,
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, params)
        self.assertEqual(
            refusal.exception.diag.constraint_name, "pcu_register_year_closed"
        )
        return refusal.exception

    def test_nothing_registered_changes(self):
        update = "UPDATE pcu_register_entry SET %s WHERE id = %%s"
        for change in (
            "summary = 'x'",
            "sender_id = NULL",
            "page_count = 9",
            "external_number = '9'",
            "connected_to_id = NULL, summary = 'y'",
            "state = 'annulled', annulment_reason = 'x'",
        ):
            self._refused(update % change, self.open.id)
        error = self._refused(update % "resolution = NULL", self.solved.id)
        self.assertIn("locked", self.open._sql_error_to_message(error))
        self._refused(update % "state = 'routed'", self.solved.id)

    def test_nothing_is_added(self):
        self._refused(
            "INSERT INTO pcu_register_entry (register_id, register_year_id, year,"
            " registered_at, registration_date, state, direction, confidentiality,"
            " company_id) SELECT register_id, register_year_id, year, registered_at,"
            " registration_date, 'waiting', direction, confidentiality, company_id"
            " FROM pcu_register_entry WHERE id = %s",
            self.open.id,
        )
        self._refused(
            "UPDATE pcu_register_entry SET state = 'waiting', register_year_id = %s,"
            " registered_at = now(), registration_date = now(), year = 2020"
            " WHERE id = %s",
            self.year.id,
            self.draft.id,
        )
        self._refused(
            "UPDATE pcu_register_year SET last_number = 99 WHERE id = %s", self.year.id
        )
        self._refused(
            "INSERT INTO pcu_register_range (name, purpose, state, register_id,"
            " register_year_id, size, holder_id, company_id)"
            " SELECT 'x', 'subject', 'draft', register_id, id, 5, 1, company_id"
            " FROM pcu_register_year WHERE id = %s",
            self.year.id,
        )

    def test_what_is_open_is_still_solved(self):
        """A petition of December is answered in January."""
        self.open.action_route(self.urbanism, self.inspector)
        self.open.with_user(self.inspector).action_solve("favourable")
        self.env.flush_all()
        self.assertEqual(self.open.state, "solved")
        self.open.sent_date = "2021-01-20"
        self.env.flush_all()
        self._refused(
            "UPDATE pcu_register_entry SET sent_date = '2021-02-02' WHERE id = %s",
            self.open.id,
        )

    def test_acts_are_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "nothing in it is annulled"):
            self.open.with_user(self.operator).action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "nothing in it is corrected"):
            self.open.with_user(self.operator).action_correct({"summary": "x"}, "y")
        with self.assertRaisesRegex(UserError, "connect the later"):
            self.open.with_user(self.operator).action_connect(self.solved)

    def test_opened_again_it_can_be_changed(self):
        self.year.with_user(self.admin).action_reopen()
        self.open.with_user(self.operator).action_correct({"summary": "x"}, "Greșeală")
        self.env.flush_all()
        self.assertEqual(self.open.summary, "x")
        journal = self.env["pcu.journal"].search(
            [("model", "=", self.year._name), ("res_id", "=", self.year.id)]
        )
        self.assertIn("register_year_reopened", journal.mapped("action"))


@tagged("post_install", "-at_install")
class TestLate(RegistryCase):
    """What came in last year gets this year's number, and an explanation."""

    @freeze_time("2027-01-04 08:00:00")
    def test_december_needs_an_explanation_in_january(self):
        draft = self._draft(self.operator, received_on="2026-12-30")
        with self.assertRaisesRegex(UserError, "numbers of 2026 ended"):
            draft.action_register()
        draft.late_reason = "Predat la sediu în ultima zi, după program"
        draft.action_register()
        self.assertEqual((draft.year, draft.number), (2027, 1))

    @freeze_time("2027-01-04 08:00:00")
    def test_yesterday_needs_none_and_tomorrow_is_refused(self):
        self.assertTrue(self._registered(self.operator, received_on="2027-01-03"))
        with self.assertRaisesRegex(UserError, "after today"):
            self._registered(self.operator, received_on="2027-01-05")

    def test_year_that_was_never_opened_opens_by_itself(self):
        with freeze_time("2031-02-03 10:00:00"):
            self.assertEqual(self._registered().number, 1)
