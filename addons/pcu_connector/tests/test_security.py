"""Who may see and press what: every role, every verb."""

from odoo import fields, models
from odoo.addons.pcu_base.tests.common import ALL, NONE, READ, RolesAndVerbs
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .common import ExchangeCase

MODELS = ("item", "file", "effect", "event", "log")


@tagged("post_install", "-at_install")
class TestSecurity(RolesAndVerbs, ExchangeCase):
    """Success and refusal side by side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["pcu.department"].create({"name": "Taxe", "code": "TAX"})
        cls.operator = cls.make_user("op", "pcu_base.group_registry_operator")
        cls.own = cls.make_user("own", "pcu_base.group_inspector", cls.department)
        cls.other = cls.make_user("other", "pcu_base.group_inspector", other)
        cls.auditor = cls.make_user("aud", "pcu_base.group_auditor")
        cls.admin = cls.make_user("adm", "pcu_base.group_admin")
        cls.nobody = cls.make_user("nob", "base.group_user")

    def setUp(self):
        super().setUp()
        self.submission_id, self.item = self.registered(files=[("a.pdf", b"a")])
        self.remote.happen(self.submission_id, "message", text="Bună")
        self.pull()
        self.quota = self.env["pcu.exchange.quota"].create(
            {
                "platform_id": self.platform.id,
                "period": "day",
                "began_at": fields.Datetime.now(),
                "calls": 1,
            }
        )
        self.records = {
            "item": self.item,
            "file": self.item.file_ids,
            "effect": self.item.effect_ids,
            "event": self.item.event_ids,
            "log": self.env["pcu.exchange.log"].search([], limit=1),
        }

    def may(self, user, record, operation):
        return record.with_user(user).has_access(operation)

    def test_reading(self):
        """The desk sees its own, the registry and the auditor see all."""
        readers = {
            "item": (self.operator, self.own, self.auditor, self.admin),
            "file": (self.operator, self.own, self.auditor, self.admin),
            "effect": (self.operator, self.own, self.auditor, self.admin),
            "event": (self.operator, self.own, self.auditor, self.admin),
            "log": (self.operator, self.auditor, self.admin),
        }
        everybody = (
            self.operator, self.own, self.other, self.auditor, self.admin, self.nobody,
        )  # fmt: skip
        for model, allowed in readers.items():
            for user in everybody:
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(
                        self.may(user, self.records[model], "read"), user in allowed
                    )

    def test_who_reads_a_row_reads_what_is_said_of_its_files(self):
        """The administrator reads no documents, and opens the form all the same."""
        for user in (self.operator, self.own, self.auditor, self.admin):
            self.env.invalidate_all()
            file = self.item.file_ids.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(file.note, file.sudo().document_id.type_note)
                self.assertTrue(file.size_text)

    def test_nobody_writes_the_exchange_by_hand(self):
        """Rows move by the connector alone, whoever asks."""
        for model in MODELS:
            for user in (self.operator, self.own, self.auditor, self.admin):
                for operation in ("write", "create", "unlink"):
                    with self.subTest(model=model, user=user.login, verb=operation):
                        self.assertFalse(self.may(user, self.records[model], operation))

    def test_platform_verbs(self):
        """The administrator configures, registry and audit look, others don't."""
        self.assertVerbs(
            self.platform, admin=ALL, operator=READ, auditor=READ, own=NONE, nobody=NONE
        )

    def test_names_of_procedures_verbs(self):
        """The administrator edits what clerks decided, registry and audit look."""
        decided = self.env["pcu.platform.procedure"].create(
            {
                "platform_id": self.platform.id,
                "name": "XX",
                "procedure_id": self.procedure.id,
            }
        )
        self.assertVerbs(
            decided, admin=ALL, operator=READ, auditor=READ, own=NONE, nobody=NONE
        )

    def test_budgets_verbs(self):
        """The administrator looks how much is used; who needs it sees it elsewhere."""
        self.assertVerbs(
            self.quota, admin=READ, operator=NONE, auditor=NONE, own=NONE, nobody=NONE
        )

    def test_every_model_with_rows_keeps_institutions_apart(self):
        """A model that is added without a rule for all is named here."""
        ours = Domain("model", "=like", "pcu.exchange.%") | Domain(
            "model", "=like", "pcu.platform%"
        )
        for model in self.env["ir.model"].search(ours):
            kind = self.env[model.model]
            if kind._abstract or kind._transient:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id", "=", model.id), ("global", "=", True)]
            )
            with self.subTest(model=model.model):
                self.assertIn("company_ids", "".join(rules.mapped("domain_force")))

    def test_only_buttons_are_called_from_outside(self):
        """Work is begun by whoever may press a button, never by its name alone."""
        with self.assertRaises(AccessError):
            get_public_method(self.item, "advance")
        self.assertTrue(get_public_method(self.item, "action_retry"))
        for name in self.env.registry:
            for base in type(self.env[name]).__mro__:
                if not base.__module__.startswith("odoo.addons.pcu_connector."):
                    continue
                public = [
                    method
                    for method, code in vars(base).items()
                    if not method.startswith(("_", "action_"))
                    and callable(code)
                    and not getattr(code, "_api_private", False)
                ]
                # What is overridden is as guarded as it was.
                bare = [m for m in public if not hasattr(models.BaseModel, m)]
                with self.subTest(model=name, file=base.__module__):
                    self.assertLessEqual(set(bare), {"session_info"})

    def test_secrets_are_for_the_system_group(self):
        """Not even the suite's administrator reads or writes a secret."""
        for field in ("client_id", "client_secret", "wakeup_secret", "instance_uuid"):
            with self.subTest(field=field):
                self.assertTrue(self.platform[field])
                with self.assertRaises(AccessError):
                    self.platform.with_user(self.admin).read([field])
                with self.assertRaises(AccessError):
                    self.platform.with_user(self.admin).write({field: "x"})
                with self.assertRaises(AccessError):
                    self.platform.with_user(self.admin).search([(field, "=", "x")])

    def test_personal_data_as_received_is_for_the_registry(self):
        """The raw submission and what was sent are not for every reader."""
        self.assertTrue(self.item.with_user(self.operator).payload)
        for user in (self.own, self.auditor, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.item.with_user(user).read(["payload"])

    def test_buttons(self):
        """Operator and administrator press, the others are refused."""
        for user in (self.operator, self.admin):
            with self.subTest(user=user.login):
                self.platform.with_user(user).action_test_connection()
                self.platform.with_user(user).action_pull_now()
                self.item.with_user(user).action_retry()
        for user in (self.own, self.other, self.auditor, self.nobody):
            with self.subTest(user=user.login):
                for button in ("action_test_connection", "action_pull_now"):
                    with self.assertRaises(AccessError):
                        getattr(self.platform.with_user(user), button)()
                with self.assertRaises(AccessError):
                    self.item.with_user(user).action_retry()
        with self.assertRaises(AccessError):
            self.platform.with_user(self.admin).action_confirm_database()

    def test_retry_is_journalled_in_the_clerk_s_name(self):
        """Who pressed is known for ever."""
        self.item.with_user(self.operator).action_retry()
        row = self.env["pcu.journal"].search(
            [("action", "=", "exchange_retry"), ("res_id", "=", self.item.id)], limit=1
        )
        self.assertEqual(row.user_id, self.operator)

    def test_inspector_solves_without_the_connector(self):
        """Answers are owed by whoever works, without rights on the outbox."""
        request = self.item.request_id.with_user(self.own)
        request.action_take()
        self.work()
        self.assertIn("state", self.remote.told(self.submission_id))

    def test_other_institution_sees_nothing(self):
        """Institutions in one database are strangers to each other."""
        company = self.env["res.company"].create({"name": "Altă primărie"})
        stranger = self.make_user("str", "pcu_base.group_registry_operator")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in (self.platform, *self.records.values()):
            self.assertFalse(self.may(stranger, record, "read"))
        stranger.group_ids += self.env.ref("pcu_base.group_admin")
        self.assertFalse(self.may(stranger, self.quota, "read"))
        self.assertTrue(self.may(self.admin, self.quota, "read"))

    def test_inbox_rows_stay(self):
        """Nobody removes the proof that a submission was taken over."""
        with self.assertRaises(AccessError):
            self.item.unlink()
