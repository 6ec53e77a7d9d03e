"""Pure modules: their doctests, and the edges of retry and signature."""

from unittest.mock import patch

from odoo.addons.pcu_base.tests.common import Examples
from odoo.tests import BaseCase, tagged

from .. import client_references, paging, retry_ladder
from ..adapters import payloads
from ..adapters.base import BadAnswer


@tagged("at_install", "pcu_pure")
class TestPure(Examples, BaseCase):
    """Rules that need no database."""

    PURE = (
        "adapters.demarche_queries",
        "adapters.demarche_reading",
        "adapters.guarded",
        "adapters.payloads",
        "adapters.svarinn",
        "adapters.transport",
        "catalogue_reading",
        "client_references",
        "manual_package",
        "metrics",
        "polling_pace",
        "reconciling",
        "retry_ladder",
        "waiting_ladder",
        "wakeup_signature",
    )

    def test_server_faults_end_after_two_days(self):
        """A submission is given up only when the platform failed for two days."""
        self.assertEqual(retry_ladder.judge("server", 50, 3600, None).state, "wait")
        self.assertEqual(retry_ladder.judge("server", 50, 172800, None).state, "dead")

    def test_unreachable_never_kills_a_row(self):
        """An outage of weeks costs no submission its tries."""
        verdict = retry_ladder.judge("not_sent", 900, 30 * 86400, None)
        self.assertEqual((verdict.state, verdict.counts), ("wait", False))

    def test_bug_gets_three_tries(self):
        """What nobody expected is tried three times, then a person looks."""
        states = [retry_ladder.judge("bug", n, 0, None).state for n in (1, 2, 3)]
        self.assertEqual(states, ["wait", "wait", "dead"])

    def test_same_effect_same_reference(self):
        """A reference depends on what it names and on nothing else."""
        make = client_references.effect_reference
        first = make("db", "i", "s", "state", 1)
        self.assertEqual(first, make("db", "i", "s", "state", 1))
        others = {
            make("db2", "i", "s", "state", 1),
            make("db", "i2", "s", "state", 1),
            make("db", "i", "s2", "state", 1),
            make("db", "i", "s", "receipt", 1),
            make("db", "i", "s", "state", 2),
        }
        self.assertEqual(len(others | {first}), 6)

    def test_broken_rows_do_not_hide_good_ones(self):
        """A row without identity is counted, the others come through."""
        page = payloads.SubmissionPage.parse(
            {"items": [{"id": "a"}, {}, "x", {"id": None}], "next_cursor": "c"}
        )
        self.assertEqual((len(page.items), page.broken), (1, 3))

    def test_a_list_that_goes_round_in_circles_ends(self):
        """Each page is read once, however the platform goes on to say "more"."""
        ways = {"": "a", "a": "b", "b": "a"}
        read = []

        def call(position, _size):
            read.append(position)
            return payloads.SubmissionPage(next_cursor=ways[position], has_more=True)

        self.assertEqual(len(list(paging.pages(call, "", 10))), 3)
        self.assertEqual(read, ["", "a", "b"])

    def test_a_list_without_an_end_is_left(self):
        """New places for ever are no list; who reads it is not held for ever."""
        read = []

        def call(position, _size):
            read.append(position)
            following = str(len(read))
            return payloads.SubmissionPage(next_cursor=following, has_more=True)

        with patch.object(paging, "MAX_PAGES", 5), self.assertRaises(BadAnswer):
            list(paging.pages(call, "", 10))
        self.assertEqual(len(read), 5)

    def test_unstorable_characters_become_visible(self):
        """NUL and lone surrogates can't stop a submission."""
        self.assertEqual(payloads.clean("a\x00\ud800b"), "a\ufffd\ufffdb")

    def test_deep_nesting_is_cut(self):
        """A hostile depth is replaced, not followed."""
        value = []
        for _level in range(500):
            value = [value]
        self.assertIn("[…]", str(payloads.clean(value)))
