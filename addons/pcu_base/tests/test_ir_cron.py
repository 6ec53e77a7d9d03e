"""No scheduled action of a town hall is given up."""

from datetime import timedelta

from odoo.addons.base.models.ir_cron import CompletionStatus
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestIrCron(TransactionCase):
    def _fail_for_a_week(self, cron):
        self.env.flush_all()
        job = {
            "id": cron.id,
            "cron_name": cron.name,
            "active": True,
            "failure_count": 7,
            "first_failure_date": self.env.cr.now() - timedelta(days=8),
        }
        self.env["ir.cron"]._update_failure_count(job, CompletionStatus.FAILED)
        cron.invalidate_recordset()

    def test_ours_goes_on_and_counts(self):
        """Once the cause is gone it does what waited, and nobody has to know."""
        cron = self.env.ref("pcu_base.ir_cron_pcu_journal_seal")
        self._fail_for_a_week(cron)
        self.assertTrue(cron.active)
        self.assertEqual(cron.failure_count, 8)

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_others_are_odoo_s(self):
        cron = self.env.ref("base.autovacuum_job")
        self._fail_for_a_week(cron)
        self.assertFalse(cron.active)
