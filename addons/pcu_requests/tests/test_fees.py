"""Fees: by rule or typed, told, proved, checked by a second person, or let off."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestFees(RequestsCase):
    """Who asks is never who checks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.fee_ids = [
            (0, 0, {"name": "Taxă fixă", "amount": 15}),
            (
                0,
                0,
                {
                    "name": "Taxă pe suprafață",
                    "kind": "unit",
                    "amount": 0.05,
                    "unit_name": "m²",
                },
            ),
            (
                0,
                0,
                {
                    "name": "Taxă din valoare",
                    "kind": "percentage",
                    "percentage": 0.5,
                    "base_name": "valoarea lucrărilor",
                    "minimum": 10,
                },
            ),
            (0, 0, {"name": "Taxă stabilită", "kind": "typed"}),
        ]

    def setUp(self):
        super().setUp()
        self.request = self._in_progress().with_user(self.inspector)

    def _asked(self, **values):
        return self.request._ask_fee("Taxă", 15, **values)

    def _ask_by_rule(self, position, quantity=0, amount=None):
        form = Form.from_action(self.request.env, self.request.action_ask_fee())
        form.rule_id = form.rule_ids[position]
        if quantity:
            form.quantity = quantity
        if amount:
            form.amount = amount
        form.save().action_confirm()
        return self.request.fee_ids[-1:]

    def test_amount_by_each_rule(self):
        """Fixed, per unit, percentage with its minimum, typed."""
        for position, quantity, typed, amount in (
            (0, 0, None, 15),
            (1, 333, None, 16.65),
            (2, 250000, None, 1250),
            (2, 100, None, 10),
            (3, 0, 42.5, 42.5),
        ):
            with self.subTest(position=position, quantity=quantity):
                fee = self._ask_by_rule(position, quantity, typed)
                self.assertEqual(fee.amount, amount)
        self.assertIn("m²", self.request.fee_ids[1].how_counted)

    def test_the_fees_are_those_of_the_version_filed_under(self):
        """Dearer and dropped fees of today don't reach who filed before."""
        self.procedure.with_user(self.administrator)._publish()
        self.request = self._in_progress().with_user(self.inspector)
        self.procedure.fee_ids[0].amount = 99
        self.procedure.fee_ids[1:].unlink()
        self.clock.tick(60)
        self.procedure.with_user(self.administrator)._publish()
        form = Form.from_action(self.request.env, self.request.action_ask_fee())
        self.assertEqual((form.name, form.amount), ("Taxă fixă", 15))
        self.assertEqual(len(form.rule_ids), 4)
        later = self._in_progress().with_user(self.inspector)
        form = Form.from_action(later.env, later.action_ask_fee())
        self.assertEqual((form.amount, len(form.rule_ids)), (99, 1))

    def test_the_decision_warns_of_a_fee_of_the_version_not_asked(self):
        """Whoever filed while it was free is not asked for money."""
        fees = self.procedure.fee_ids
        self.procedure.fee_ids = False
        self.procedure.with_user(self.administrator)._publish()
        free = self._in_progress().with_user(self.inspector)
        self.procedure.fee_ids = [(0, 0, {"name": "Taxă nouă", "amount": 7})]
        self.clock.tick(60)
        self.procedure.with_user(self.administrator)._publish()
        costs = self._in_progress().with_user(self.inspector)
        self.assertFalse(fees.exists())
        for request, warned in ((free, False), (costs, True)):
            form = Form.from_action(request.env, request.action_decide())
            self.assertEqual(form.fee_not_asked, warned)

    def test_a_fee_of_zero_is_refused(self):
        """A rule that gives nothing asks for nothing."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._asked().sudo().amount = 0
            self.env.flush_all()

    def test_decision_waits_for_the_payment_and_its_check(self):
        """Neither unpaid nor unchecked; then it can be decided."""
        fee = self._asked()
        with self.assertRaisesRegex(UserError, "Taxă \\(15.00 lei\\)"):
            self.request._decide("favourable", "Da.")
        fee._record_payment("OP 12/10.03.2026")
        with self.assertRaisesRegex(UserError, "unpaid or not checked"):
            self.request._decide("favourable", "Da.")
        fee.with_user(self.colleague).action_confirm()
        self.request._decide("favourable", "Da.")
        self.assertEqual((fee.state, fee.checked_by_id), ("paid", self.colleague))

    def test_a_fee_that_is_not_mandatory_stops_nothing(self):
        """It stays owed; the decision goes on."""
        fee = self._asked(mandatory=False)
        self.request._decide("favourable", "Da.")
        self.assertEqual(fee.state, "due")

    def test_who_solves_does_not_check(self):
        """Solver and asker are refused, strangers too; operator and head may."""
        self.request.sudo().user_id = self.colleague
        fee = self._asked()
        fee._record_payment("Chitanța 7")
        for user in self.inspector | self.colleague | self.stranger | self.auditor:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                fee.with_user(user).action_confirm()
        self.assertFalse(fee.with_user(self.inspector).can_check)
        self.assertTrue(fee.with_user(self.head).can_check)
        fee.with_user(self.operator).action_confirm()
        self.assertEqual(fee.checked_by_id, self.operator)

    def test_proof_is_a_file_or_a_reference(self):
        """Nothing at all is refused; a file becomes a document of the request."""
        fee = self._asked()
        wizard = self.env["pcu.request.fee.settle"].with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "number of the receipt"):
            wizard.create({"fee_id": fee.id}).action_confirm()
        wizard.create(
            {
                "fee_id": fee.id,
                "proof": base64.b64encode(b"%PDF-1.4 chitanta"),
                "proof_name": "chitanta.pdf",
            }
        ).action_confirm()
        self.assertEqual(fee.state, "proof")
        self.assertEqual(fee.proof_id.request_id, self.request)
        self.assertEqual(fee.proof_id._read(), b"%PDF-1.4 chitanta")

    def test_a_wrong_proof_goes_back_with_its_reason(self):
        """The inspector is told why; the fee is owed again."""
        fee = self._asked()
        fee._record_payment("OP 1")
        with self.assertRaisesRegex(UserError, "Write the reason"):
            fee.with_user(self.head)._refuse_proof(" ")
        fee.with_user(self.head)._refuse_proof("Alt plătitor")
        self.assertEqual((fee.state, fee.reason), ("due", "Alt plătitor"))
        self.assertIn("Alt plătitor", self.request.activity_ids.mapped("summary")[0])

    def test_only_the_head_lets_off_and_says_why(self):
        """Without a reason, or by the inspector, the fee stays owed."""
        fee = self._asked()
        for user in (self.inspector, self.operator):
            with self.assertRaises(AccessError):
                fee.with_user(user)._exempt("Legea 52")
        with self.assertRaisesRegex(UserError, "Write the reason"):
            fee.with_user(self.head)._exempt("")
        fee.with_user(self.head)._exempt("Persoană cu handicap, HCL 10/2026 art. 4")
        self.request._decide("favourable", "Da.")
        with self.assertRaisesRegex(UserError, "paid or let off already"):
            fee.with_user(self.inspector)._record_payment("OP 2")
