"""Scheduled work goes on past what fails."""

from unittest.mock import Mock

from odoo.addons.pcu_base.scheduled import in_turn
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

LOGGER = "odoo.addons.pcu_base.scheduled"


@tagged("post_install", "-at_install")
class TestScheduled(TransactionCase):
    def _rename(self, partner):
        partner.name = "Nou"
        partner.flush_recordset()
        if partner.ref == "bad":
            raise ValueError("poisoned")

    def _run(self, items, work):
        """Do the work as the scheduler does, on a cursor that commits."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            in_turn(self.env(cr=cr), items.with_env(self.env(cr=cr)), work)
        self.env.invalidate_all()

    def test_one_that_fails_is_undone_logged_and_passed_over(self):
        partners = self.env["res.partner"].create(
            [{"name": "Vechi", "ref": ref} for ref in ("good", "bad", "last")]
        )
        with self.assertLogs(LOGGER, "ERROR") as logged:
            self._run(partners, self._rename)
        self.assertEqual(partners.mapped("name"), ["Nou", "Vechi", "Nou"])
        self.assertIn(str(partners[1]), logged.output[0])

    def test_work_ends_with_the_scheduler_s_time(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        work = Mock(side_effect=ValueError)
        cron = type(self.env["ir.cron"])
        with mute_logger(LOGGER), self.assertRaises(AssertionError):
            # Outside the scheduler's cursor nothing may be committed.
            in_turn(self.env, partners, work)
        self.patch(cron, "_commit_progress", lambda *_args, **_kwargs: 0)
        in_turn(self.env, partners, lambda item: item.write({"ref": "done"}))
        self.assertEqual(partners.mapped("ref"), ["done", False])
