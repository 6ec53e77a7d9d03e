"""Not more calls than allowed, and not more rows than can be registered."""

import shutil
from datetime import datetime, time
from unittest.mock import patch

from odoo import fields
from odoo.tests import mute_logger, tagged

from .. import exchange_states as es
from ..models.pcu_exchange_quota import DAY
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestPace(ExchangeCase):
    """The budget of calls, the backlog, the disk."""

    def spent(self):
        return self.env["pcu.exchange.quota"].search([("period", "=", DAY)]).calls

    def spend(self, calls, began_at):
        self.env["pcu.exchange.quota"].create(
            {
                "platform_id": self.platform.id,
                "period": DAY,
                "began_at": began_at,
                "calls": calls,
            }
        )
        self.env.flush_all()

    def test_every_call_is_counted(self):
        self.platform.calls_per_day = 1000
        self.registered(files=[("a.pdf", b"a")])
        self.assertEqual(self.spent(), len(self.remote.calls))
        self.assertIn(str(self.spent()), self.platform.quota_text)

    def test_reading_leaves_what_is_kept_for_answers(self):
        """Listing stops at its share; the receipt of what is here still leaves."""
        submission_id = self.remote.submit()
        self.poll()
        self.env["pcu.exchange.item"]._sweep(0)
        self.platform.write({"calls_per_day": 100, "answers_share": 20})
        self.spend(80, datetime.combine(fields.Datetime.now(), time.min))
        calls = len(self.remote.calls)
        self.poll()
        self.assertEqual(len(self.remote.calls), calls)
        self.assertEqual(self.platform.state, "running")
        self.assertGreater(
            (self.platform.next_poll_at - self.env.cr.now()).total_seconds(), 5
        )
        item = self.item_of(submission_id)
        self.assertEqual(item.attempts, 0)
        adapter = self.platform._make_adapter()
        self.addCleanup(adapter.close)
        adapter._http._meter(True)
        self.env.invalidate_all()
        self.assertEqual(self.spent(), 81)

    def test_new_day_has_a_new_budget(self):
        self.platform.calls_per_day = 5
        self.spend(5, "2020-01-01 00:00:00")
        self.platform._transact("_take_call", True)
        self.env.invalidate_all()
        self.assertEqual(self.spent(), 1)

    def test_full_backlog_stops_the_listing_until_some_have_their_number(self):
        self.platform.write({"max_waiting": 2, "page_size": 1})
        ids = [self.remote.submit() for _n in range(4)]
        self.poll()
        items = self.env["pcu.exchange.item"].search([])
        self.assertEqual(len(items), 2)
        self.assertIn("Nothing new is listed", self.platform.health_text)
        self.work()
        self.pull()
        self.pull()
        self.assertEqual({self.item_of(i).state for i in ids}, {es.ACKED})

    @mute_logger("odoo.addons.pcu_connector.models.pcu_exchange_item_steps")
    def test_last_room_of_the_disk_is_left_to_the_register(self):
        """Downloads wait, what is complete is registered, nothing is to blame."""
        submission_id = self.remote.submit(files=[("a.pdf", b"a")])
        plain_id = self.remote.submit()
        self.poll()
        usage = shutil.disk_usage("/")._replace(free=10)
        with patch.object(shutil, "disk_usage", lambda _path: usage):
            self.work()
        waiting, plain = self.item_of(submission_id), self.item_of(plain_id)
        self.assertEqual(plain.state, es.ACKED)
        self.assertFalse(waiting.request_id)
        self.assertEqual((waiting.problem_code, waiting.attempts), ("disk", 0))
        self.make_due()
        self.work()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)
