"""What installing the module sets up."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestInstall(TransactionCase):
    def test_nothing_is_told_to_the_publisher(self):
        cron = self.env.ref("mail.ir_cron_module_update_notification")
        self.assertFalse(cron.active)

    def test_pictures_are_not_shrunk(self):
        get_param = self.env["ir.config_parameter"].get_param
        self.assertEqual(get_param("base.image_autoresize_max_px"), "0")

    def test_crons_run(self):
        """Both can be called at any time, as often as one likes."""
        for name in ("ir_cron_pcu_journal_seal", "ir_cron_pcu_legal_days"):
            cron = self.env.ref(f"pcu_base.{name}")
            self.assertTrue(cron.active)
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
