"""A petition without identification data is filed (OG 27/2002 art. 7)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PetitionsCase


@tagged("post_install", "-at_install")
class TestAnonymous(PetitionsCase):
    """Filed, and only then."""

    def setUp(self):
        super().setUp()
        self.nobody = self.env.ref("pcu_petitions.partner_anonymous")

    def test_petition_without_identity_gets_a_number_and_is_filed(self):
        """Nothing is lost: it stands in the register with the article."""
        request = self._petition(applicant=self.nobody)
        self.assertTrue(request.entry_number)
        self.assertTrue(request.identity_missing)
        request.with_user(self.inspector).action_file_anonymous()
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.closing_kind, "anonymous")
        self.assertIn("OG 27/2002, art. 7", request.closing_reason)
        self.assertEqual(request.entry_id.resolution, "filed_anonymous")

    def test_nobody_is_owed_a_message_without_an_address(self):
        """An anonymous petition makes no to-do to tell the petitioner by post."""
        request = self._petition(applicant=self.nobody)
        self.assertFalse(request.notice_ids)
        self.assertFalse(request.activity_ids)

    def test_petition_with_identity_is_not_filed_as_anonymous(self):
        """Neither with the button nor with the dialog of closing."""
        request = self._petition().with_user(self.inspector)
        self.assertFalse(request.identity_missing)
        with self.assertRaises(UserError):
            request.action_file_anonymous()
        dialog = self.env["pcu.request.close"].with_user(self.inspector)
        with self.assertRaises(UserError):
            dialog.create(
                {
                    "request_id": request.id,
                    "closing_kind": "anonymous",
                    "reason": "Fără nume",
                }
            ).action_confirm()
        self.assertEqual(request.state, "registered")

    def test_petition_without_identity_is_not_decided(self):
        """The message says what to do: fill in, or file; then it is decided."""
        party = self.env["res.partner"].create(
            {"name": "Unnamed sender", "pcu_party_kind": "natural"}
        )
        request = self._petition(applicant=party).with_user(self.inspector)
        request.action_take()
        self.assertEqual(request.next_action, "file_anonymous")
        with self.assertRaisesRegex(UserError, "identification data"):
            request._decide("favourable", "Da.")
        self.assertEqual(request.state, "in_progress", "nothing is lost")
        party.write({"name": "Maria Pop", "street": "Str. Lungă 3"})
        self.assertFalse(request.identity_missing)
        request._decide("favourable", "Groapa a fost astupată.")
        self.assertEqual(request.state, "decided")

    def test_name_without_any_way_to_answer_is_no_identity(self):
        """A name alone identifies nobody."""
        party = self.env["res.partner"].create(
            {"name": "Ion Pop", "pcu_party_kind": "natural"}
        )
        request = self._petition(applicant=party)
        self.assertTrue(request.identity_missing)
        found = self.env["pcu.request"].search([("identity_missing", "=", True)])
        self.assertIn(request, found)
        request.email = "ion.pop@example.com"
        self.assertFalse(request.identity_missing)
        self.assertNotIn(
            request, self.env["pcu.request"].search([("identity_missing", "=", True)])
        )

    def test_counter_marks_a_paper_as_anonymous(self):
        """One tick puts the nameless party; a subject is asked for."""
        form = Form(self.env["pcu.request"].with_user(self.operator))
        form.procedure_id = self.petitions
        form.is_anonymous = True
        self.assertEqual(form.applicant_id, self.nobody)
        request = form.save()
        with self.assertRaisesRegex(UserError, "one line"):
            request.action_register()
        request.subject = "Câini fără stăpân"
        request.action_register()
        self.assertEqual(request.entry_id.summary, "Câini fără stăpân")

    def test_stranger_does_not_file_it(self):
        """Only who may solve it."""
        request = self._petition(applicant=self.nobody)
        for user in (self.stranger, self.auditor, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_file_anonymous()
