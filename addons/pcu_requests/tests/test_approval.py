"""The approval circuit: whose turn it is, who may not, what stops a decision."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestApproval(RequestsCase):
    """Legal visa and CFP side by side, then the head, then the mayor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lawyer = cls._user("lawyer", "pcu_base.group_approver")
        cls.controller = cls._user("controller", "pcu_base.group_approver")
        cls.mayor = cls._user("mayor", "pcu_base.group_approver")
        cls.company.write(
            {
                "pcu_legal_id": cls.lawyer.id,
                "pcu_cfp_id": cls.controller.id,
                "pcu_head_id": cls.mayor.id,
            }
        )
        cls.procedure.approval_step_ids = [
            (0, 0, {"role": role, "sequence": order})
            for role, order in (("legal", 1), ("cfp", 1), ("head", 2), ("mayor", 3))
        ]

    def _sent(self, request=None):
        request = request or self._in_progress()
        request.with_user(self.inspector)._send_for_approval("favourable", "Da.")
        return request

    def _approve(self, request, *users):
        for user in users:
            request.with_user(user).action_approve()

    def _asked(self, request):
        return request.approval_ids.filtered(lambda a: a.state == "asked").user_id

    def _told(self, request):
        kind = self.env.ref("pcu_requests.mail_activity_approve")
        return request.activity_ids.filtered(
            lambda a: a.activity_type_id == kind
        ).user_id

    def test_each_is_told_when_it_is_their_turn_and_not_before(self):
        """Side by side first, then in order, then the request can be decided."""
        request = self._sent()
        for users in (self.lawyer | self.controller, self.head, self.mayor):
            self.assertEqual(self._asked(request), users)
            self.assertEqual(self._told(request), users)
            self._approve(request, *users)
        self.assertFalse(self._told(request))
        self.assertEqual(request.approval_state, "approved")
        request.with_user(self.inspector)._decide("favourable", "Da.")
        self.assertEqual(request.state, "decided")

    def test_one_of_two_side_by_side_does_not_open_the_next_turn(self):
        """The head is asked when both visas are there."""
        request = self._sent()
        self._approve(request, self.controller)
        self.assertEqual(self._asked(request), self.lawyer)
        self.assertEqual(self._told(request), self.lawyer)

    def test_decision_waits_for_the_circuit(self):
        """Neither before sending, nor while somebody has not approved."""
        request = self._in_progress().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "Legal visa.*Mayor"):
            request._decide("favourable", "Da.")
        self._sent(request)
        self._approve(request, self.lawyer, self.controller, self.head)
        with self.assertRaisesRegex(UserError, "approval of: Mayor"):
            request.with_user(self.inspector)._decide("favourable", "Da.")

    def test_only_what_was_approved_is_decided(self):
        """Another outcome or text needs another round."""
        request = self._sent()
        self._approve(request, self.lawyer, self.controller, self.head, self.mayor)
        for outcome, text in (("unfavourable", "Da."), ("favourable", "Altceva.")):
            with self.assertRaisesRegex(UserError, "another outcome or text"):
                request.with_user(self.inspector)._decide(outcome, text)
        request.with_user(self.inspector).action_take_back_approval()
        self.assertFalse(request.approval_state)
        with self.assertRaisesRegex(UserError, "needs the approval"):
            request.with_user(self.inspector)._decide("favourable", "Altceva.")

    def test_return_needs_a_comment_and_ends_the_round(self):
        """Who sent it reads what to correct; the others are left in peace."""
        request = self._sent()
        mine = request.with_user(self.lawyer)._get_my_approvals()
        with self.assertRaisesRegex(UserError, "what has to be corrected"):
            mine._return("  ")
        mine._return("Lipsește temeiul legal.")
        self.assertEqual(request.approval_state, "returned")
        self.assertFalse(self._asked(request) | self._told(request))
        self.assertEqual(request.activity_ids.user_id, self.inspector)
        self._sent(request)
        self.assertEqual(request.approval_round, 2)
        self.assertEqual(self._asked(request), self.lawyer | self.controller)

    def test_nobody_approves_out_of_turn_or_for_another(self):
        """The mayor waits; the inspector and the operator never approve."""
        request = self._sent()
        for user in (self.mayor, self.inspector, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        legal = request.approval_ids.filtered(lambda a: a.role == "legal")
        with self.assertRaisesRegex(AccessError, "waits for"):
            legal.with_user(self.controller)._approve()

    def test_legal_and_financial_visa_not_on_own_work(self):
        """The law forbids it; the head may sign what the head solved."""
        for user in self.lawyer | self.controller:
            user.group_ids += self.env.ref("pcu_base.group_inspector")
        self.urbanism.member_ids += self.lawyer
        request = self._complete()
        request.with_user(self.lawyer).action_take()
        request.with_user(self.lawyer)._send_for_approval("favourable", "Da.")
        with self.assertRaisesRegex(UserError, "prepared this answer"):
            request.with_user(self.lawyer).action_approve()
        self.assertIn("prepared this answer", request.approval_problem)
        other = self._complete()
        other.with_user(self.head).action_take()
        other.with_user(self.head)._send_for_approval("favourable", "Da.")
        self._approve(other, self.lawyer, self.controller, self.head)
        self.assertEqual(self._asked(other), self.mayor)

    def test_a_request_keeps_the_circuit_it_was_filed_under(self):
        """A visa that comes or goes later concerns later requests only."""
        kept = self.procedure.with_user(self.administrator)
        kept._publish()
        request = self._in_progress()
        self.procedure.approval_step_ids[1:].unlink()
        draft = self._in_progress()
        self.clock.tick(60)
        kept._publish()
        later = self._in_progress()
        self.procedure.approval_step_ids.unlink()
        self.clock.tick(60)
        kept._publish()
        free = self._in_progress()
        for each, roles in (
            (request, ["legal", "cfp", "head", "mayor"]),
            (draft, ["legal", "cfp", "head", "mayor"]),
            (later, ["legal"]),
        ):
            self.assertEqual(self._sent(each).approval_ids.mapped("role"), roles)
        self.assertFalse(free.needs_approval)
        free.with_user(self.inspector)._decide("favourable", "Da.")

    def test_the_difference_of_circuits_is_told_by_roles(self):
        """Which visa came, went or moved, and that it waits to be published."""
        kept = self.procedure.with_user(self.administrator)
        first = kept._publish()
        steps = self.procedure.approval_step_ids
        steps[0].sequence = 2
        steps[1].unlink()
        self.procedure.approval_step_ids = [
            (0, 0, {"role": "head", "sequence": 9, "user_id": self.lawyer.id})
        ]
        self.assertEqual(self.procedure.publication, "changed")
        version = kept._publish()
        table = html2plaintext(version.difference_html)
        for words in (
            "Legal visa – Order",
            "Preventive financial control visa (CFP)",
            "Head of department 2",
        ):
            self.assertIn(words, table)
        self.assertNotIn("#", table)
        self.assertIn("Head of department", first.difference_html)

    def test_a_person_of_an_old_version_who_left_is_replaced_by_todays(self):
        """The circuit of today says who; nobody there is said before asking."""
        self.procedure.approval_step_ids.unlink()
        step = (0, 0, {"role": "person", "user_id": self.lawyer.id})
        self.procedure.approval_step_ids = [step]
        self.procedure.with_user(self.administrator)._publish()
        request = self._in_progress()
        self.lawyer.active = False
        with self.assertRaisesRegex(UserError, "the account of lawyer"):
            self._sent(request)
        self.procedure.approval_step_ids.user_id = self.controller
        self.assertEqual(self._asked(self._sent(request)), self.controller)

    def test_the_laws_rule_cannot_be_switched_off(self):
        """Four eyes on legal and financial visa; free on the others."""
        steps = self.procedure.approval_step_ids
        with self.assertRaises(ValidationError):
            steps[0].four_eyes = False
        steps[2].four_eyes = True

    def test_approver_deactivated_is_seen_and_repaired(self):
        """The head gets a to-do, the form says it, another person is chosen."""
        request = self._sent()
        self.lawyer.active = False
        self.assertIn("account is closed", request.approval_problem)
        self.assertIn(self.inspector, request.activity_ids.user_id)
        found = self.env["pcu.request"].search(
            [("approval_ids.user_id.active", "=", False), ("id", "=", request.id)]
        )
        self.assertEqual(found, request)
        with self.assertRaises(AccessError):
            self._replace(request, self.inspector, self.mayor)
        self._replace(request, self.head, self.mayor)
        self.assertFalse(request.approval_problem)
        self.assertEqual(self._told(request), self.controller | self.mayor)
        self._approve(request, self.mayor, self.controller, self.head, self.mayor)
        self.assertEqual(request.approval_state, "approved")

    def _replace(self, request, by, user):
        form = Form(
            self.env["pcu.approval.replace"]
            .with_user(by)
            .with_context(default_request_id=request.id)
        )
        form.user_id = user
        form.save().action_confirm()

    def test_nobody_in_an_office_is_said_before_anybody_is_asked(self):
        """Closed account, empty office, missing role: named, and nothing is lost."""
        request = self._in_progress().with_user(self.inspector)
        self.company.pcu_cfp_id = False
        self.mayor.active = False
        self.lawyer.group_ids -= self.env.ref("pcu_base.group_approver")
        with self.assertRaises(UserError) as refusal:
            request._send_for_approval("favourable", "Da.")
        for words in ("nobody holds", "account of mayor", "lacks the role “Approver”"):
            self.assertIn(words, str(refusal.exception))
        self.assertFalse(request.approval_ids)
        self.assertTrue(self.procedure.approval_step_ids[0].problem)

    def test_substitute_approves_for_the_absent_one(self):
        """The turn and the to-do move, marked for whom; they come back."""
        deputy = self._user("deputy", "pcu_base.group_approver")
        request = self._sent()
        absence = self.env["pcu.absence"].create(
            {"user_id": self.lawyer.id, "substitute_id": deputy.id}
        )
        self.assertEqual(self._asked(request), deputy | self.controller)
        self.assertEqual(self._told(request), deputy | self.controller)
        self._approve(request, deputy)
        approval = request.approval_ids.filtered(lambda a: a.role == "legal")
        self.assertRegex(approval.signature_text, "^deputy .*, for lawyer ")
        with self.assertRaises(AccessError):
            request.with_user(self.lawyer).action_approve()
        absence.action_end()
        self.assertEqual(approval.user_id, deputy, "what was given stays")

    def test_round_ends_when_the_request_goes_another_way(self):
        """Asking the applicant or closing drops what was asked."""
        request = self._sent()
        request.with_user(self.inspector)._ask_clarification("Planul?")
        self.assertFalse(request.approval_state)
        self.assertEqual(set(request.approval_ids.mapped("state")), {"dropped"})
        self.assertFalse(self._told(request))

    def test_approver_sees_what_is_sent_and_nothing_else(self):
        """Request, documents and checklist of this request only."""
        request, other = self._sent(), self._in_progress()
        for model, mine, theirs in (
            ("pcu.request", request, other),
            ("pcu.document", request.document_ids, other.document_ids),
            ("pcu.request.document", request.line_ids, other.line_ids),
        ):
            with self.subTest(model=model):
                found = self.env[model].with_user(self.lawyer).search([])
                self.assertEqual(found & (mine | theirs), mine)
        self.assertTrue(
            request.document_ids[:1].with_user(self.lawyer).attachment_id.raw
        )
        Form(request.with_user(self.lawyer), "pcu_requests.pcu_request_view_form")

    def test_domain_to_approve_counts_only_my_turn(self):
        """The hook for the desk: who comes later has nothing to approve yet."""
        request = self._sent()
        for user, count in ((self.lawyer, 1), (self.mayor, 0), (self.inspector, 0)):
            model = self.env["pcu.request"].with_user(user)
            domain = model._get_to_approve_domain() & Domain("id", "=", request.id)
            self.assertEqual(model.search_count(domain), count)

    def test_grant_needs_the_whole_file_and_a_refusal_does_not(self):
        """Decision without mandatory documents: named, refused, nothing changed."""
        self.procedure.approval_step_ids.unlink()
        request = self._filed()
        request.with_user(self.inspector).action_take()
        for outcome in ("favourable", "partial"):
            with self.assertRaisesRegex(UserError, "Plan cadastral"):
                request.with_user(self.inspector)._decide(outcome, "Da.")
        self.assertEqual((request.state, request.outcome), ("in_progress", False))
        request.with_user(self.inspector)._decide("unfavourable", "Nu.")
        self.assertEqual(request.state, "decided")

    def test_journal_tells_the_whole_way(self):
        """Sent, approved, returned; comments stay out of it."""
        request = self._sent()
        self._approve(request, self.controller)
        request.with_user(self.lawyer)._get_my_approvals()._return("Secret 123.")
        rows = self.env["pcu.journal"].search(
            [
                ("model", "=", "pcu.request"),
                ("res_id", "=", request.id),
                ("action", "like", "approval_%"),
            ],
            order="id",
        )
        self.assertEqual(
            rows.mapped("action"),
            ["approval_asked", "approval_given", "approval_returned"],
        )
        self.assertNotIn("Secret", str(rows.mapped("data")))

    def test_the_dialog_sends_first_and_decides_with_the_same_words(self):
        """One dialog: it proposes, and comes back with the approved text."""
        request = self._in_progress().with_user(self.inspector)
        wizard = self.env["pcu.request.decide"].with_user(self.inspector)
        wizard = wizard.with_context(default_request_id=request.id)
        form = Form(wizard)
        form.text = "Se eliberează."
        form.save().action_send()
        self._approve(request, self.lawyer, self.controller, self.head, self.mayor)
        Form(wizard).save().action_confirm()
        self.assertEqual(request.decision_text, "Se eliberează.")
