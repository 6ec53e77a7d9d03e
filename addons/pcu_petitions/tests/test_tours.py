"""Two stories in the browser, in Romanian."""

from odoo.tests import HttpCase, tagged

from .common import PetitionsCase


@tagged("post_install", "-at_install")
class TestTours(PetitionsCase, HttpCase):
    """What an inspector clicks."""

    def setUp(self):
        super().setUp()
        self.inspector.lang = "ro_RO"

    def _open(self, request, tour):
        self.start_tour(
            f"/odoo/action-pcu_petitions.pcu_request_action_petitions/{request.id}",
            tour,
            login="inspector",
        )

    def test_petition_sent_on(self):
        """Send on, choose the authority, done."""
        request = self._on_desk(email="ion@example.com")
        self._open(request, "pcu_petition_redirected")
        self.assertEqual(request.redirected_to_id, self.county)
        self.assertEqual(request.state, "closed")

    def test_anonymous_petition(self):
        """The banner says why, one button files it."""
        nobody = self.env.ref("pcu_petitions.partner_anonymous")
        request = self._on_desk(applicant=nobody)
        self._open(request, "pcu_petition_anonymous")
        self.assertEqual(request.closing_kind, "anonymous")
