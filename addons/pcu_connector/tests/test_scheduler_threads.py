"""The scheduler comes back after the database was away."""

import threading
from unittest.mock import Mock, patch

from odoo.tests import BaseCase, mute_logger, tagged

from .. import scheduler_threads as threads


@tagged("at_install", "pcu_pure")
class TestSchedulerThreads(BaseCase):
    """Only what has lived is brought back, and once."""

    def setUp(self):
        super().setUp()
        self.patch(threads, "_seen", set())
        self.end = threading.Event()
        self.addCleanup(self.end.set)
        self.server = Mock()
        self.server.cron_thread.side_effect = lambda _number: self.end.wait(60)
        patcher = patch.object(threads.service, "server", self.server)
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_a_dead_thread_is_started_anew_once(self):
        """With its own number, and not again while it lives."""
        first = threading.Thread(target=lambda: None, name=f"{threads.PREFIX}77")
        with patch("threading.enumerate", return_value=[first]):
            self.assertEqual(threads.watch(), 0)
        with mute_logger(threads.__name__):
            self.assertEqual(threads.watch(), 1)
        self.server.cron_thread.assert_called_once_with(77)
        self.assertEqual(threads.watch(), 0)

    def test_what_never_lived_is_not_started(self):
        """A server with workers, a shell and a test have no such threads."""
        self.assertEqual(threads.watch(), 0)
        self.server.cron_thread.assert_not_called()
