"""Signs of life: addresses for the monitoring, the watch over the scheduler."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ExchangeMixin


@tagged("post_install", "-at_install")
class TestHealth(ExchangeMixin, HttpCase):
    """Asked from outside; little is told to strangers."""

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if "/pcu/" in r.url:
            return super(ExchangeMixin, cls)._request_handler(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def heard(self, minutes):
        """Let the last sign of life be so many minutes ago."""
        moment = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        cron = self.env.ref("pcu_connector.ir_cron_wake")
        self.env.cr.execute(
            "UPDATE ir_cron SET lastcall = %s, create_date = %s WHERE id = %s",
            [moment, moment, cron.id],
        )
        self.platform.last_poll_at = moment
        self.env.flush_all()
        cron.invalidate_recordset()
        return cron

    def test_silence_is_told_by_the_address(self):
        self.heard(2)
        answer = self.url_open("/pcu/health")
        self.assertEqual((answer.status_code, answer.json()["status"]), (200, "ok"))
        self.heard(11)
        answer = self.url_open("/pcu/health")
        self.assertEqual((answer.status_code, answer.json()["status"]), (503, "silent"))
        self.assertEqual(set(answer.json()), {"status", "silence_seconds"})

    def test_a_copy_is_told_by_the_address(self):
        """A move looks like a copy: whoever watches must hear that nothing leaves."""
        self.heard(2)
        self.platform.sudo().instance_uuid = "another"
        answer = self.url_open("/pcu/health")
        self.assertEqual((answer.status_code, answer.json()["status"]), (503, "copy"))

    def test_figures_are_given_for_the_token_only(self):
        self.registered()
        token = {"Authorization": "Bearer geheim"}
        self.assertEqual(self.url_open("/pcu/metrics", headers=token).status_code, 404)
        self.env["ir.config_parameter"].set_param(
            "pcu_connector.metrics_token", "geheim"
        )
        self.assertEqual(self.url_open("/pcu/metrics").status_code, 404)
        answer = self.url_open("/pcu/metrics", headers=token)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(
            'pcu_items{platform="edirect-test",state="acked"} 1',
            answer.text.split("\n"),
        )
        self.assertNotIn("Ana Popescu", answer.text)

    def test_switched_off_action_is_switched_on_and_told(self):
        cron = self.heard(60)
        cron.active = False
        self.env["pcu.platform"]._cron_watch()
        self.assertTrue(cron.active)
        self.assertIn("switched on again", self.platform.message_ids[0].body)
        messages = len(self.platform.message_ids)
        self.env["pcu.platform"]._cron_watch()
        self.assertEqual(len(self.platform.message_ids), messages)

    def test_bar_is_shown_to_who_can_do_something(self):
        self.heard(60)
        for login, group, told in (
            ("health_op", "pcu_base.group_registry_operator", True),
            ("health_insp", "pcu_base.group_inspector", None),
        ):
            self.make_user(login, group)
            self.authenticate(login, login)
            info = self.make_jsonrpc_request("/web/session/get_session_info", {})
            self.assertEqual(info.get("pcu_connector_silent"), told)
