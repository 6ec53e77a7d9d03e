"""The world of the connector's tests: one institution, one platform in memory."""

from datetime import timedelta

from odoo import fields
from odoo.addons.pcu_base.tests.common import People
from odoo.tests import TransactionCase

from .. import exchange_states as es
from ..adapters.edirect import TOKENS
from .fake_platform import INSTITUTION, SECRET, FakePlatform


class ExchangeMixin(People):
    """Builds the platform and drives the connector against it."""

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Let the platform in memory answer; everything else stays forbidden."""
        if r.url.startswith("https://platforma.test/"):
            return cls.remote.handle(r)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.remote = FakePlatform()
        cls.company = cls.env.company
        cls.department = cls.env["pcu.department"].create(
            {"name": "Urbanism", "code": "URB", "company_id": cls.company.id}
        )
        cls.procedure = cls.env["pcu.procedure"].create(
            {
                "name": "Certificat de urbanism",
                "code": "CU",
                "company_id": cls.company.id,
                "department_id": cls.department.id,
            }
        )
        cls.platform = cls.env["pcu.platform"].create(
            {
                "name": "eDirect",
                "code": "edirect-test",
                "company_id": cls.company.id,
                "base_url": "https://platforma.test",
                "institution": INSTITUTION,
                "client_id": "client",
                "client_secret": SECRET,
                "wakeup_secret": "wake",
            }
        )

    def setUp(self):
        super().setUp()
        type(self).remote = FakePlatform()
        TOKENS._tokens.clear()

    @classmethod
    def make_user(cls, login, group, departments=None):
        """Make a user of one role."""
        user = super().make_user(login, group)
        if departments:
            user.pcu_department_ids = departments
        return user

    # -- driving -----------------------------------------------------------------

    def poll(self):
        """Look at the platform now."""
        self.env.flush_all()
        self.make_due()
        done = self.platform._poll()
        self.env.invalidate_all()
        return done

    def work(self):
        """Do all that is due."""
        self.env.flush_all()
        left = self.env["pcu.exchange.item"]._sweep(float("inf"))
        self.env.invalidate_all()
        return left

    def pull(self):
        """Look, then work."""
        self.poll()
        self.work()

    def make_due(self):
        """Let all waiting times pass."""
        past = fields.Datetime.now() - timedelta(seconds=1)
        self.platform.write({"next_poll_at": past})
        if self.platform.retry_at:
            self.platform.retry_at = past
        for model in ("item", "effect", "event"):
            self.env[f"pcu.exchange.{model}"].search([]).write({"next_try_at": past})
        self.env.flush_all()

    def item_of(self, submission_id):
        """Return the inbox row of a submission."""
        return self.env["pcu.exchange.item"].search([("remote_id", "=", submission_id)])

    def registered(self, **values):
        """File a submission and bring it all the way into the register."""
        submission_id = self.remote.submit(**values)
        self.pull()
        return submission_id, self.item_of(submission_id)


class ExchangeCase(ExchangeMixin, TransactionCase):
    """All short transactions of the connector run on the test's cursor."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()


class ConsoleCase(ExchangeCase):
    """A stuck submission, a clerk, and the wizard that solves it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("op", "pcu_base.group_registry_operator")

    def stuck(self, **values):
        """File a submission whose file can't be had."""
        self.remote.fail("/files/", status=400, code="broken", times=1)
        submission_id = self.remote.submit([("a.pdf", b"a")], **values)
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.HELD)
        return submission_id, item

    def solve(self, items, act, user=None, **values):
        """Open the wizard and press the button."""
        self.env.flush_all()
        wizard = (
            self.env["pcu.exchange.repair"]
            .with_user(user or self.operator)
            .create({"act": act, "item_ids": items.ids, **values})
        )
        preview = wizard.preview
        self.env.flush_all()
        wizard.action_apply()
        self.env.invalidate_all()
        return preview

    def journal(self, item, action):
        return self.env["pcu.journal"].search(
            [("action", "=", action), ("res_id", "=", item.id)], limit=1
        )
