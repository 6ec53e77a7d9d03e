"""The pure modules explain themselves by doctests; they run with the suite."""

from odoo.addons.pcu_base.tests.common import Examples
from odoo.tests import BaseCase

from .. import request_states


class TestPure(Examples, BaseCase):
    """Doctests and the table of transitions."""

    PURE = (
        "catalogue",
        "fees",
        "procedure_content",
        "request_states",
        "retry_ladder",
        "term_lights",
    )

    def test_every_state_has_its_row(self):
        """No state is forgotten in the table, and no target is unknown."""
        states = {key for key, _label in request_states.STATES}
        self.assertEqual(states, set(request_states.TRANSITIONS))
        for targets in request_states.TRANSITIONS.values():
            self.assertLessEqual(targets, states)

    def test_ends_are_ends(self):
        """What has been closed, withdrawn or refused moves nowhere."""
        for state in ("closed", "withdrawn", "refused"):
            self.assertFalse(request_states.TRANSITIONS[state])
