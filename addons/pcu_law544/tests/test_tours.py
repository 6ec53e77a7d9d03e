"""A story in the browser, in Romanian: refused in five days."""

from odoo.tests import HttpCase, tagged

from .common import Law544Case


@tagged("post_install", "-at_install")
class TestTours(Law544Case, HttpCase):
    """What an inspector clicks."""

    def test_information_refused_in_five_days(self):
        """Ground, reason, done; the decision shows both."""
        self.inspector.lang = "ro_RO"
        request = self._taken()
        self.start_tour(
            f"/odoo/action-pcu_law544.pcu_request_action_law544/{request.id}",
            "pcu_law544_refused",
            login="inspector",
        )
        self.assertEqual(request.refusal_ground_id, self.commercial)
        self.assertFalse(request.refused_late)
        self.assertEqual(request.state, "decided")
