"""Refusing public information (Law 544/2001 art. 7 (2), 12)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import Law544Case


@tagged("post_install", "-at_install")
class TestRefusal(Law544Case):
    """With ground and reason, in five days, and only so."""

    def test_refused_with_ground_reason_and_remedy(self):
        """The applicant reads why, under which article, and what to do against it."""
        sent = self._catch_mail()
        request = self._refused(origin_number="777")
        self.assertEqual(request.outcome, "unfavourable")
        self.assertEqual(request.entry_id.resolution, "unfavourable")
        self.assertFalse(request.refused_late)
        request.notice_ids.filtered(lambda n: n.kind == "solved")._advance()
        text = self._text(sent[-1])
        for words in (
            request.entry_reference,
            "777",
            "art. 12 alin. (1) lit. c)",
            "Ofertele conțin secrete comerciale.",
            "art. 21 și 22",
            "30 de zile",
        ):
            self.assertIn(words, text)

    def test_refused_on_the_fifth_day_is_in_time(self):
        """18 March is the last day, 19 March is late (in Romanian time)."""
        for moment, late in (
            ("2026-03-18 21:30:00", False),
            ("2026-03-18 22:30:00", True),
        ):
            request = self._taken()
            with self.subTest(moment=moment), freeze_time(moment):
                dialog = (
                    self.env["pcu.law544.refuse"]
                    .with_user(self.inspector)
                    .create(
                        {
                            "request_id": request.id,
                            "ground_id": self.commercial.id,
                            "reason": "Secrete comerciale.",
                        }
                    )
                )
                self.assertEqual(dialog.is_late, late)
                dialog.action_confirm()
                self.assertEqual(request.refused_late, late)

    def test_refusal_without_ground_or_reason_is_refused(self):
        """Neither by the decision's dialog nor with an empty reason."""
        request = self._taken().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "ground of the law"):
            request._decide("unfavourable", "Nu se poate.")
        with self.assertRaisesRegex(UserError, "why it applies"):
            request._refuse_information(self.commercial, "  ")
        self.assertEqual(request.state, "in_progress")

    def test_other_kinds_and_ended_requests_are_not_refused_so(self):
        """A petition has no grounds of Law 544."""
        petition = self._on_desk().with_user(self.inspector)
        refused = self._refused().with_user(self.inspector)
        for request in (petition, refused):
            with self.assertRaises(UserError):
                request._refuse_information(self.commercial, "Motiv.")

    def test_stranger_refuses_nothing(self):
        """Only who may solve it."""
        request = self._asked()
        for user in (self.stranger, self.auditor, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user)._refuse_information(self.commercial, "Motiv.")
