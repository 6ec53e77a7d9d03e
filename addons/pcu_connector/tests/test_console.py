"""The clerk's console: each act, its preview, who may, and what the journal says."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import exchange_states as es
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestConsole(ExchangeCase):
    """A stuck submission, a clerk, a button."""

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

    def test_refusal_gets_no_number_and_tells_the_applicant_why(self):
        """The negative receipt goes out once, with the clerk's words."""
        submission_id, item = self.stuck()
        preview = self.solve(item, "refused", reason="Nu este de competența noastră.")
        self.assertIn("gets no number", preview)
        self.assertEqual((item.state, item.request_id.id), (es.REFUSED, False))
        (told,) = self.remote.told(submission_id, "refusal")
        self.assertEqual(
            (told["permanent"], told["code"], told["text"]),
            (True, "refused", "Nu este de competența noastră."),
        )
        row = self.journal(item, "exchange_refused")
        self.assertEqual((row.user_id, row.data["code"]), (self.operator, "refused"))
        self.pull()
        self.assertEqual(len(self.remote.told(submission_id)), 1)
        self.assertFalse(item.request_id)

    def test_refusal_while_the_platform_is_down_leaves_later(self):
        """What is owed is committed with the act and sent by the sweep."""
        submission_id, item = self.stuck()
        self.platform.state = "unreachable"
        self.solve(item, "spam", reason="Test")
        self.assertFalse(self.remote.told(submission_id))
        self.platform.state = "running"
        self.work()
        self.assertEqual(self.remote.told(submission_id), ["refusal"])

    def test_registered_submission_is_not_refused(self):
        """The preview says why it is left, and nothing happens to it."""
        _id, item = self.registered()
        preview = self.solve(item, "duplicate", reason="La fel")
        self.assertIn("left as it is", preview)
        self.assertEqual(item.state, es.ACKED)
        with self.assertRaisesRegex(UserError, "end the request instead"):
            item._refuse(self.operator.id, "duplicate", "La fel")

    def test_bulk_does_what_the_preview_said(self):
        """The possible ones change, the others stay."""
        _id, held = self.stuck()
        _id, done = self.registered()
        preview = self.solve(held | done, "spam", reason="Test")
        self.assertEqual(len(preview.splitlines()), 2)
        self.assertEqual((held.state, done.state), (es.REFUSED, es.ACKED))

    def test_retry_goes_on_at_once(self):
        """Trying again registers what was stuck."""
        _id, item = self.stuck()
        self.solve(item, "retry")
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(self.journal(item, "exchange_retry").user_id, self.operator)

    def test_put_aside_needs_a_day_and_a_reason_and_is_in_the_journal(self):
        """It stays stuck and visible elsewhere; only the list is lighter."""
        _id, item = self.stuck()
        later = fields.Date.today() + timedelta(days=3)
        for values in ({}, {"reason": "x"}, {"parked_until": later}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.solve(item, "park", **values)
        self.solve(item, "park", parked_until=later, reason="Așteptăm fișierul")
        self.assertEqual((item.parked_until, item.state), (later, es.HELD))
        row = self.journal(item, "exchange_parked")
        self.assertEqual(
            (row.user_id, row.reason), (self.operator, "Așteptăm fișierul")
        )

    def test_missing_file_is_attached_by_hand(self):
        """The dropped file is the announced one by its SHA-256."""
        _id, item = self.stuck()
        context = item.with_user(self.operator).action_attach_by_hand()["context"]
        file = self.env["ir.attachment"].with_user(self.operator)
        wizard = self.env["pcu.exchange.manual"].with_user(self.operator)
        wrong = wizard.with_context(**context).create(
            {"attachment_ids": file.create({"name": "a.pdf", "raw": b"alt"}).ids}
        )
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "SHA-256"):
            wrong.action_take()
        right = wizard.with_context(**context).create(
            {"attachment_ids": file.create({"name": "scan.pdf", "raw": b"a"}).ids}
        )
        self.env.flush_all()
        right.action_take()
        self.env.invalidate_all()
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(len(item.request_id.document_ids), 1)

    def test_list_is_sorted_by_the_legal_term(self):
        """Before registration 30 days from filing, afterwards the request's term."""
        _id, item = self.stuck(submitted_at="2026-11-10T09:30:00+02:00")
        self.assertEqual(item.deadline, date(2026, 12, 10))
        self.solve(item, "retry")
        self.assertEqual(item.deadline, item.request_id.due_date)
        view = self.env.ref("pcu_connector.pcu_exchange_item_view_list_stuck")
        self.assertIn('default_order="deadline, id"', view.get_combined_arch())

    def test_who_may(self):
        """Registry and administration solve; others neither see nor press."""
        _id, item = self.stuck()
        admin = self.make_user("c_admin", "pcu_base.group_admin")
        for group in ("inspector", "auditor", "user"):
            user = self.make_user(f"c_{group}", f"pcu_base.group_{group}")
            with self.subTest(group=group):
                for button in ("action_repair", "action_attach_by_hand"):
                    with self.assertRaises(AccessError):
                        getattr(item.with_user(user), button)()
                with self.assertRaises(AccessError):
                    self.solve(item, "retry", user)
        self.assertEqual(item.state, es.HELD)
        self.assertTrue(item.with_user(admin).action_repair())
        self.solve(item, "retry", admin)
        self.assertEqual(item.state, es.ACKED)
