from freezegun import freeze_time
from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestAbsence(RequestsCase):
    """Requests of an absent inspector: moved, marked, given back."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-03-10 10:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def _away(self):
        return self.env(user=self.inspector)["pcu.absence"].create(
            {
                "substitute_id": self.colleague.id,
                "date_from": "2026-03-10",
                "date_to": "2026-03-12",
            }
        )

    def test_substitute_works_on_the_request_and_gives_it_back(self):
        """The request, its paper and its reminders go together, both ways."""
        request = self._in_progress()
        absence = self._away()
        self.assertEqual(request.user_id, self.colleague)
        self.assertEqual(request.pcu_on_behalf_of_id, self.inspector)
        self.assertEqual(request.entry_id.holder_id, self.colleague)
        self.assertTrue(request.with_user(self.colleague).can_solve)
        absence.action_end()
        self.assertEqual(request.user_id, self.inspector)
        self.assertEqual(request.entry_id.holder_id, self.inspector)
        self.assertFalse(request.pcu_on_behalf_of_id)

    def test_request_assigned_meanwhile_goes_to_the_substitute(self):
        """The head assigns as always; the switch does the rest."""
        request = self._filed()
        absence = self._away()
        request.with_user(self.head)._hand_over(self.urbanism, self.inspector, "Urgent")
        self.assertEqual(request.user_id, self.colleague)
        self.assertEqual(request.pcu_on_behalf_of_id, self.inspector)
        absence.action_end()
        self.assertEqual(request.user_id, self.inspector)

    def test_request_decided_meanwhile_stays_with_the_substitute(self):
        """What has ended is not reopened by giving it back."""
        request = self._in_progress()
        absence = self._away()
        request.with_user(self.colleague)._decide("favourable", "Se aprobă.")
        absence.action_end()
        self.assertEqual(request.user_id, self.colleague)

    def test_request_of_a_department_without_the_substitute_stays(self):
        """Moved to where the substitute does not work it could not be solved."""
        self.taxes.member_ids += self.inspector
        request = self._in_progress()
        self.taxes.member_ids += self.colleague
        request.sudo()._hand_over(self.taxes, self.inspector)
        self.taxes.member_ids -= self.inspector
        self.taxes.member_ids -= self.colleague
        absence = self._away()
        item = absence.sudo().item_ids.filtered(lambda i: i.model == "pcu.request")
        self.assertEqual(item.state, "left")
        self.assertEqual(request.user_id, self.inspector)
