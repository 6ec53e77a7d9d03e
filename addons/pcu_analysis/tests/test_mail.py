"""The report that comes by itself: on time, once, to whom it concerns."""

import psycopg2
from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AnalysisCase


@tagged("post_install", "-at_install")
class TestMail(AnalysisCase):
    """Reports by e-mail."""

    def setUp(self):
        super().setUp()
        self._world()
        for user in self.head | self.mayor | self.secretary:
            user.email = f"{user.login}@ex.ro"
        self.env["res.company"].search([]).pcu_analysis_rhythm = "none"
        self.company.pcu_analysis_rhythm = "weekly"

    def _send(self, moment):
        """Run the scheduler's method; returns the e-mails it queued."""
        before = self.env["mail.mail"].search([])
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("pcu_analysis.ir_cron_send").method_direct_trigger()
        return self.env["mail.mail"].search([]) - before

    def test_each_head_gets_the_own_figures_once(self):
        """Monday morning, and not again on Tuesday or after a restart."""
        mails = self._send("2026-03-16 05:00:00")
        to = {mail.email_to: mail for mail in mails}
        self.assertEqual(set(to), {"head@ex.ro", "mayor@ex.ro", "secretary@ex.ro"})
        self.assertIn("3", to["head@ex.ro"].subject)
        self.assertIn("4", to["mayor@ex.ro"].subject)
        attached = to["head@ex.ro"].attachment_ids
        self.assertTrue(attached.raw.startswith(b"%PDF"))
        self.assertNotIn("Ion Țăranu", to["mayor@ex.ro"].body_html)
        self.assertFalse(self._send("2026-03-16 05:05:00"))
        self.assertFalse(self._send("2026-03-17 05:00:00"))
        self.assertEqual(len(self._send("2026-03-23 05:00:00")), 3)

    def test_not_before_the_first_working_day(self):
        """Easter Monday is a day off: the report comes on Tuesday."""
        self._send("2026-04-10 05:00:00")
        self.assertFalse(self._send("2026-04-13 05:00:00"))
        self.assertEqual(len(self._send("2026-04-14 05:00:00")), 3)

    def test_monthly_or_never(self):
        """The administrator chooses."""
        self.company.pcu_analysis_rhythm = "monthly"
        self.assertEqual(len(self._send("2026-03-16 05:00:00")), 3, "missed on the 2nd")
        self.assertFalse(self._send("2026-03-23 05:00:00"))
        self.assertEqual(len(self._send("2026-04-01 05:00:00")), 3)
        self.company.pcu_analysis_rhythm = "none"
        self.assertFalse(self._send("2026-05-04 05:00:00"))

    def test_the_database_refuses_a_second_one(self):
        """Two schedulers at the same time send one."""
        self._send("2026-03-16 05:00:00")
        row = self.env["pcu.analysis.mail"].search([], limit=1)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            row.copy()

    def test_a_head_without_address_is_passed_over(self):
        """And the others get theirs."""
        self.head.email = False
        self.assertEqual(len(self._send("2026-03-16 05:00:00")), 2)
