"""Who is complained about solves nothing of it (OG 27/2002 art. 11)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PetitionsCase


@tagged("post_install", "-at_install")
class TestImpartiality(PetitionsCase):
    """Assign, route, take, decide; the person, subordinates, substitutes."""

    def _about(self, user, **vals):
        request = self._petition("Purtarea funcționarului", **vals)
        request.with_user(self.operator).complained_user_ids = user
        return request

    def test_person_complained_about_neither_takes_nor_decides(self):
        """A colleague does."""
        request = self._about(self.inspector)
        self.assertFalse(request.with_user(self.inspector).can_solve)
        with self.assertRaisesRegex(AccessError, "art. 11"):
            request.with_user(self.inspector).action_take()
        request.with_user(self.colleague).action_take()
        with self.assertRaises(AccessError):
            request.with_user(self.inspector)._decide("unfavourable", "Nu.")
        request.with_user(self.colleague)._decide("favourable", "S-a verificat.")
        self.assertEqual(request.decided_by_id, self.colleague)

    def test_nobody_assigns_or_routes_it_there(self):
        """Neither the head's dialog nor a routing in the register."""
        request = self._about(self.inspector)
        dialog = self.env["pcu.request.assign"].with_user(self.head)
        vals = {"request_ids": request.ids, "department_id": self.urbanism.id}
        with self.assertRaises(ValidationError):
            dialog.create(vals | {"user_id": self.inspector.id}).action_confirm()
        with self.assertRaises(ValidationError):
            request.entry_id.with_user(self.operator).action_route(
                self.urbanism, self.inspector, "Rog soluționați"
            )
        dialog.create(vals | {"user_id": self.colleague.id}).action_confirm()
        self.assertEqual(request.user_id, self.colleague)

    def test_subordinates_of_a_head_are_out_too(self):
        """A complaint about the head goes to another department."""
        request = self._about(self.head)
        for user in (self.head, self.inspector, self.colleague):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_take()
        request.with_user(self.operator)._hand_over(self.taxes, self.stranger)
        request.with_user(self.stranger).action_start()
        self.assertEqual(request.state, "in_progress")

    def test_substitute_of_the_person_is_out(self):
        """Whoever stands in for the person complained about, too."""
        self.env["pcu.absence"].with_user(self.inspector).create(
            {
                "substitute_id": self.colleague.id,
                "date_from": "2026-03-12",
                "date_to": "2026-03-13",
            }
        )
        request = self._about(self.inspector)
        with self.assertRaises(AccessError):
            request.with_user(self.colleague).action_take()

    def test_absence_does_not_bring_it_to_the_person(self):
        """The petition stays where it was when the substitute may not solve it."""
        request = self._about(self.inspector)
        request.with_user(self.colleague).action_take()
        self.env["pcu.absence"].with_user(self.colleague).create(
            {
                "substitute_id": self.inspector.id,
                "date_from": "2026-03-12",
                "date_to": "2026-03-13",
            }
        )
        self.assertEqual(request.user_id, self.colleague)
        self.assertEqual(request.entry_id.holder_id, self.colleague)

    def test_nobody_complained_about_approves_the_answer(self):
        """The circuit asks nobody, and who was asked before may not sign."""
        approver = self.env.ref("pcu_base.group_approver")
        self.head.group_ids += approver
        self.petitions.approval_step_ids = [Command.create({"role": "head"})]
        request = self._on_desk()
        request.with_user(self.inspector)._send_for_approval("favourable", "Da.")
        asked = request.approval_ids.filtered(lambda a: a.user_id == self.head)
        request.sudo().user_id = False
        request.sudo().complained_user_ids = self.head
        with self.assertRaisesRegex(AccessError, "art. 11"):
            asked.with_user(self.head)._approve()
        other = self._petition("Purtarea șefului")
        other.sudo().complained_user_ids = self.head
        with self.assertRaisesRegex(UserError, "art. 11"):
            other._find_approvers()

    def test_person_does_not_strike_off_the_own_name(self):
        """Nor does anybody after the answer."""
        request = self._about(self.inspector)
        with self.assertRaises(AccessError):
            request.with_user(self.inspector).complained_user_ids = False
        request.with_user(self.colleague).action_take()
        request.with_user(self.colleague)._decide("favourable", "S-a verificat.")
        with self.assertRaises(UserError):
            request.with_user(self.head).complained_user_ids = False

    def test_petition_on_the_persons_table_is_moved_first(self):
        """Naming the person who holds it is refused, and says what to do."""
        request = self._on_desk()
        with self.assertRaisesRegex(ValidationError, "give it to somebody else"):
            request.with_user(self.head).complained_user_ids = self.inspector
