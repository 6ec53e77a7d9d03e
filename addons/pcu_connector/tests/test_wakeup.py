"""The wake-up call: it says "look", and only to whom holds the secret."""

import time

from odoo.tests import HttpCase, tagged

from .. import wakeup_signature
from .common import ExchangeMixin


@tagged("post_install", "-at_install")
class TestWakeup(ExchangeMixin, HttpCase):
    """Signature, age, unknown platforms."""

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if "/pcu/wakeup/" in r.url:
            return super(ExchangeMixin, cls)._request_handler(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def call(self, code="edirect-test", secret=None, age=0, body=b'{"a": 1}'):
        secret = "wake" if secret is None else secret
        stamp = str(int(time.time() - age))
        self.platform.next_poll_at = "2999-01-01"
        self.env.flush_all()
        answer = self.url_open(
            f"/pcu/wakeup/{code}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-PCU-Timestamp": stamp,
                "X-PCU-Signature": wakeup_signature.sign(secret, stamp, body),
            },
        )
        self.platform.invalidate_recordset()
        return answer.status_code

    def asked(self):
        return self.platform.next_poll_at.year < 2999

    def test_genuine_call_asks_for_a_look(self):
        """A signed, fresh call makes the platform due at once."""
        self.assertEqual(self.call(), 204)
        self.assertTrue(self.asked())

    def test_others_look_alike_and_do_nothing(self):
        """Wrong secret, stale stamp, unknown platform: the same refusal."""
        for refused in (
            {"secret": "guess"},
            {"age": 301},
            # A loaded machine takes its time until it looks at the clock.
            {"age": -360},
            {"code": "nobody"},
        ):
            with self.subTest(**refused):
                self.assertEqual(self.call(**refused), 403)
                self.assertFalse(self.asked())

    def test_without_a_secret_nobody_wakes(self):
        """An empty secret is not a secret that everybody knows."""
        self.platform.wakeup_secret = False
        self.assertEqual(self.call(secret=""), 403)

    def test_huge_body_is_refused(self):
        """A wake-up names an institution; it is no place for more."""
        self.assertEqual(self.call(body=b"x" * 5000), 413)
        self.assertFalse(self.asked())

    def test_stopped_platform_is_not_woken(self):
        """A platform that waits for a person is left alone."""
        self.platform.state = "stopped"
        self.assertEqual(self.call(), 204)
        self.assertFalse(self.asked())
