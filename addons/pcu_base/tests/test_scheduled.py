"""Scheduled actions are woken once, whoever calls."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..scheduled import wake
from .common import PcuBaseCase


@tagged("post_install", "-at_install")
class TestWaking(PcuBaseCase):
    """One call that waits serves all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env["ir.cron"].search([], limit=1)
        cls.calls = cls.env["ir.cron.trigger"]
        cls.calls.search([("cron_id", "=", cls.cron.id)]).unlink()

    def waiting(self):
        return self.calls.search_count([("cron_id", "=", self.cron.id)])

    def test_second_call_writes_nothing(self):
        before = self.waiting()
        wake(self.cron)
        self.assertEqual(self.waiting(), before + 1)
        wake(self.cron)
        self.assertEqual(self.waiting(), before + 1)

    def test_later_call_does_not_serve_now(self):
        self.cron._trigger(fields.Datetime.now() + timedelta(hours=1))
        before = self.waiting()
        wake(self.cron)
        self.assertEqual(self.waiting(), before + 1)

    def test_who_may_not_edit_actions_may_call(self):
        before = self.waiting()
        wake(self.cron.with_user(self.make_user("caller", "group_user")))
        self.assertEqual(self.waiting(), before + 1)
