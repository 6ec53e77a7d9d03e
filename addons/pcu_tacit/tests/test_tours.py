"""A story in the browser, in Romanian: silence would have approved."""

from datetime import timedelta

from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_petitions.tests.common import PetitionsCase
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTours(PetitionsCase, HttpCase):
    """What an inspector reads and clicks."""

    #: The days are counted from today: a browser can't wait while the clock stands.
    frozen_at = None

    def test_tacit_approval_warned(self):
        """The list, the banner; an answer in time ends the warning."""
        self.env["ir.module.module"].search(
            [("name", "=", "pcu_tacit")]
        )._update_translations(["ro_RO"])
        self.inspector.write({"lang": "ro_RO", "email": "inspector@example.com"})
        permit = self._procedure(
            "TAC",
            "Acord de funcționare",
            self.urbanism,
            term_type_id=self.env.ref("pcu_base.term_type_tac").id,
            slot_ids=False,
        )
        request = self.env["pcu.request"]._file(
            {
                "company_id": self.company.id,
                "procedure_id": permit.id,
                "applicant_id": self.citizen.id,
                "channel": "counter",
            }
        )
        request.sudo().due_date = local_day() + timedelta(days=4)
        request.with_user(self.inspector).action_take()
        self.start_tour(
            "/odoo/action-pcu_tacit.pcu_request_action_tacit_near",
            "pcu_tacit_warned",
            login="inspector",
        )
        self.assertEqual(request.outcome, "unfavourable")
        self.assertFalse(request.is_tacit or request.tacit_near)
