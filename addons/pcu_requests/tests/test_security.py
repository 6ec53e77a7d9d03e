"""Who may do what, role by role and verb by verb."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import RequestsCase

#: What everybody reads and the administrator keeps.
CATALOGUE = {
    "approver": {"read"},
    "operator": {"read"},
    "inspector": {"read"},
    "head": {"read"},
    "auditor": {"read"},
    "administrator": {"read", "write", "create", "unlink"},
}
#: What actions write and people read.
READ_ONLY = CATALOGUE | {"administrator": set()}

#: model -> role -> verbs allowed on a record of the role's own department
RIGHTS = {
    "pcu.request": {
        "approver": {"read"},
        "operator": {"read", "write", "create", "unlink"},
        "inspector": {"read", "write"},
        "head": {"read", "write"},
        "auditor": {"read"},
        "administrator": set(),
    },
    "pcu.request.document": {
        "approver": {"read"},
        "operator": {"read", "write", "create"},
        "inspector": {"read", "write", "create"},
        "head": {"read", "write", "create"},
        "auditor": {"read"},
        "administrator": set(),
    },
    "pcu.clarification": READ_ONLY,
    "pcu.notice": READ_ONLY,
    "pcu.request.term.step": READ_ONLY,
    "pcu.approval": READ_ONLY,
    "pcu.request.fee": READ_ONLY,
    "pcu.approval.step": CATALOGUE,
    "pcu.term.move": {
        "operator": {"read"},
        "inspector": {"read"},
        "head": {"read"},
        "auditor": {"read"},
        "administrator": set(),
    },
    "pcu.procedure": CATALOGUE,
    "pcu.procedure.slot": CATALOGUE,
    "pcu.procedure.output": CATALOGUE,
    "pcu.procedure.fee": CATALOGUE,
    "pcu.procedure.act": CATALOGUE,
    "pcu.procedure.offer": {
        "approver": set(),
        "operator": set(),
        "inspector": set(),
        "head": set(),
        "auditor": {"read"},
        "administrator": {"read", "write"},
    },
    "pcu.procedure.version": READ_ONLY | {"administrator": {"read"}},
}

DESK, HEAD, REGISTRY = ("inspector", "head"), ("head",), ("operator",)
#: dialog -> who may open it
DIALOGS = {
    "pcu.approval.replace": HEAD + REGISTRY,
    "pcu.procedure.adopt": ("administrator",),
    "pcu.procedure.compare": tuple(CATALOGUE),
    "pcu.request.approve": (*DESK, "approver"),
    "pcu.request.assign": HEAD + REGISTRY,
    "pcu.request.clarify": DESK,
    "pcu.request.classify": DESK + REGISTRY,
    "pcu.request.close": DESK,
    "pcu.request.collect": DESK + REGISTRY,
    "pcu.request.counter": REGISTRY,
    "pcu.request.counter.file": REGISTRY,
    "pcu.request.decide": DESK,
    "pcu.request.extend": HEAD,
    "pcu.request.fee.ask": DESK,
    "pcu.request.fee.rule": DESK,
    "pcu.request.fee.settle": DESK + REGISTRY,
}


@tagged("post_install", "-at_install")
class TestSecurity(RequestsCase):
    """Least rights."""

    def setUp(self):
        super().setUp()
        self.request = self._complete()
        self.request.with_user(self.inspector).action_take()
        self.approver = self._user("approver", "pcu_base.group_approver")
        self.company.pcu_head_id = self.approver
        self.procedure.approval_step_ids = [(0, 0, {"role": "mayor"})]
        solving = self.request.with_user(self.inspector)
        solving._ask_fee("Taxă", 15)
        solving._send_for_approval("favourable", "Da.")
        solving._ask_clarification("Ceva.")
        self.records = {
            "pcu.request": self.request,
            "pcu.request.document": self.request.line_ids[:1],
            "pcu.clarification": self.request.clarification_ids,
            "pcu.notice": self.request.notice_ids[:1],
            "pcu.request.term.step": self.request.term_step_ids[:1],
            "pcu.approval": self.request.approval_ids,
            "pcu.request.fee": self.request.fee_ids,
            "pcu.approval.step": self.procedure.approval_step_ids,
            "pcu.term.move": self.env["pcu.term.move"].create(
                {"request_id": self.request.id}
            ),
            "pcu.procedure": self.procedure,
            "pcu.procedure.slot": self.procedure.slot_ids[:1],
        }
        offers = self.env["pcu.procedure.offer"]
        offers._refresh(self.company, "test", "Test", [{"code": "X", "name": "X"}])
        self.records["pcu.procedure.offer"] = offers.search([("source", "=", "test")])
        self.records["pcu.procedure.version"] = self.procedure._publish()
        for part in ("output", "fee", "act"):
            model = f"pcu.procedure.{part}"
            self.records[model] = self.env[model].create(
                {"procedure_id": self.procedure.id, "name": "Ceva"}
            )

    def test_each_role_and_verb(self):
        """The table of rights is what the database of rights says."""
        for model, roles in RIGHTS.items():
            for role, allowed in roles.items():
                self.assertVerbs(self.records[model], **{role: allowed})
        self.assertDialogs(DIALOGS, CATALOGUE)
        self.assertModelsListed("pcu_requests", RIGHTS, DIALOGS)

    def test_another_department_sees_nothing(self):
        """Neither the request nor what belongs to it."""
        for model, record in self.records.items():
            if model.startswith(("pcu.procedure", "pcu.approval.step")):
                continue
            with self.subTest(model=model):
                found = self.env[model].with_user(self.stranger).search([])
                self.assertFalse(found & record)
                with self.assertRaises(AccessError):
                    record.with_user(self.stranger).read(["id"])

    def test_another_institution_sees_nothing(self):
        """Several town halls may live in one database."""
        foreigner = self._foreigner()
        self.assertFalse(self.request.with_user(foreigner).has_access("read"))
        for model, record in self.records.items():
            with self.subTest(model=model):
                self.assertFalse(record.with_user(foreigner).has_access("read"))

    def test_head_sees_the_departments_below(self):
        """A child department's requests are the head's too."""
        child = self._department("URB1", "Autorizări", None, self.stranger)
        child.parent_id = self.urbanism
        request = self._filed(department_id=child.id, user_id=False)
        self.assertTrue(request.with_user(self.head).has_access("write"))
        self.assertFalse(request.with_user(self.inspector).has_access("read"))

    def test_only_the_department_solves(self):
        """Operator, auditor and strangers neither take nor decide."""
        request = self._filed()
        for user in (self.operator, self.auditor, self.stranger, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_take()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user)._decide("favourable", "Da.")
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user)._ask_clarification("Ce?")

    def test_operator_classifies_but_the_auditor_does_not(self):
        """The queue of unknown procedures is the registry's work."""
        request = self._filed(procedure_code="XYZ")
        with self.assertRaises(AccessError):
            request.with_user(self.auditor)._classify(self.procedure)
        request.with_user(self.operator)._classify(self.procedure)
        self.assertEqual(request.department_id, self.urbanism)

    def test_administrator_keeps_procedures_without_seeing_requests(self):
        """List and form of the catalogue open, and count nothing."""
        procedures = self.env["pcu.procedure"].with_user(self.administrator)
        procedures.web_search_read([], {"name": {}, "request_count": {}})
        with Form(procedures.browse(self.procedure.id)) as form:
            form.term_length = 20
        self.assertEqual(self.procedure.term_length, 20)
        self.assertEqual(
            self.procedure.with_user(self.inspector).request_count, 1, "own requests"
        )

    def test_inspector_does_not_hand_out(self):
        """Handing out is the head's and the registry's."""
        request = self._filed().with_user(self.inspector)
        self.assertFalse(request.can_assign)
        with self.assertRaises(AccessError):
            self.env["pcu.request.assign"].with_user(self.inspector).create(
                {"request_ids": [(6, 0, request.ids)], "department_id": self.taxes.id}
            )
