"""A copy of the database speaks to nobody until it is confirmed."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models.pcu_database import PLACE

BASE = "odoo.addons.base.models"
MAIL = "odoo.addons.mail.models"


@tagged("post_install", "-at_install")
class TestDatabase(TransactionCase):
    """Where it lies is what no copy takes along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = cls.env["pcu.database"]
        cls.system = new_test_user(
            cls.env, "test_system", groups="base.group_system,base.group_user"
        )
        cls.clerk = new_test_user(cls.env, "test_clerk", groups="base.group_user")

    def move(self):
        """Let the database be one that was copied from elsewhere."""
        self.env["ir.config_parameter"].set_param(PLACE, "7/12345")

    def mail(self):
        return self.env["mail.mail"].create(
            {"email_to": "ana@exemplu.invalid", "body_html": "<p>x</p>"}
        )

    def test_where_it_was_installed_is_the_real_one(self):
        self.assertFalse(self.database._is_copy())
        self.assertFalse(self.env.company.pcu_is_copy)
        place = self.env["ir.config_parameter"].get_param(PLACE)
        self.assertEqual(place, self.database._get_place())

    def test_another_cluster_or_another_database_is_a_copy(self):
        cluster, oid = self.database._get_place().split("/")
        for place in (f"{cluster}/1{oid}", f"1{cluster}/{oid}"):
            self.env["ir.config_parameter"].set_param(PLACE, place)
            self.assertTrue(self.database._is_copy())
            self.assertTrue(self.env.company.pcu_is_copy)

    def test_emails_of_a_copy_wait_in_their_queue(self):
        mail = self.mail()
        self.move()
        self.assertHeldBack(mail.send)
        self.assertEqual(mail.state, "outgoing")
        self.database.with_user(self.system)._confirm()
        with patch(f"{BASE}.ir_mail_server.IrMail_Server._connect__") as connected:
            mail.send()
        self.assertEqual(connected.call_count, 1)

    def test_connections_from_a_copy_are_refused_in_words(self):
        self.move()
        for model in ("ir.mail_server", "fetchmail.server"):
            with self.assertRaisesRegex(UserError, "copy of the real one"):
                self.env[model]._connect__()

    def test_mailboxes_are_left_alone(self):
        self.move()
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "server": "mail.invalid", "server_type": "imap"}
        )
        with patch(f"{MAIL}.fetchmail.FetchmailServer._connect__") as connected:
            self.assertHeldBack(server._fetch_mail)
        connected.assert_not_called()

    def test_webhooks_and_reports_stay_in_the_house(self):
        self.move()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Hook",
                "model_id": self.env.ref("base.model_res_partner").id,
                "state": "webhook",
                "webhook_url": "http://hook.invalid/",
            }
        )
        record = self.env.user.partner_id
        with patch("requests.post") as post:
            self.assertHeldBack(
                action.with_context(active_model=record._name, active_id=record.id).run
            )
            self.env.cr.postcommit.run()
            self.assertHeldBack(
                self.env["publisher_warranty.contract"].update_notification
            )
        post.assert_not_called()

    def test_only_the_system_administrator_confirms(self):
        self.move()
        company = self.env.company
        with self.assertRaises(AccessError):
            company.with_user(self.clerk).action_pcu_confirm_database()
        self.assertTrue(self.database._is_copy())
        company.with_user(self.system).action_pcu_confirm_database()
        self.assertFalse(self.database._is_copy())
        row = self.env["pcu.journal"].search([], order="id desc", limit=1)
        self.assertEqual((row.action, row.user_id), ("database_confirmed", self.system))

    def assertHeldBack(self, act):
        """Ask that the act is held back, and that the log says so."""
        with self.assertLogs("odoo.addons.pcu_base.models.pcu_database") as log:
            act()
        self.assertIn("held back", log.output[0])
