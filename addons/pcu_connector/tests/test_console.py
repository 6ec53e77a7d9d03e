"""The clerk's console: each act, its preview, who may, and what the journal says."""

from datetime import date, timedelta

from lxml import etree
from odoo import fields
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .. import exchange_states as es
from .common import ConsoleCase


@tagged("post_install", "-at_install")
class TestConsole(ConsoleCase):
    """A stuck submission, a clerk, a button."""

    def test_refusal_gets_no_number_and_tells_the_applicant_why(self):
        """The negative receipt goes out once, with the clerk's words."""
        submission_id, item = self.stuck()
        preview = self.solve(
            item, "refused", refusal_code="not_competent",
            reason="Nu este de competența noastră.",
        )  # fmt: skip
        self.assertIn("gets no number", preview)
        self.assertEqual((item.state, item.request_id.id), (es.REFUSED, False))
        (told,) = self.remote.told(submission_id, "refusal")
        self.assertEqual(
            (told["permanent"], told["code"], told["text"]),
            (True, "not_competent", "Nu este de competența noastră."),
        )
        row = self.journal(item, "exchange_refused")
        self.assertEqual(
            (row.user_id, row.data["code"]), (self.operator, "not_competent")
        )
        self.pull()
        self.assertEqual(len(self.remote.told(submission_id)), 1)
        self.assertFalse(item.request_id)

    def test_applicant_reads_words_made_for_the_reason(self):
        """Offered in Romanian by the reason, and the clerk's to change."""
        submission_id, item = self.stuck()
        self.solve(item, "refused", refusal_code="unreadable")
        (told,) = self.remote.told(submission_id, "refusal")
        self.assertEqual(told["code"], "unreadable")
        self.assertIn("nu pot fi deschise", told["text"])
        _id, item = self.stuck()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self.solve(item, "refused", refusal_code="other")
        with self.assertRaisesRegex(UserError, "Choose the reason"):
            self.solve(item, "refused", refusal_code=False, reason="x")

    def unknown(self, **values):
        """File a submission under a name that is none of our procedures."""
        named = {"code": "XX", "title": "Aviz de altădată"}
        return self.registered(procedure=named, **values)[1]

    def test_procedure_is_chosen_for_many_and_remembered(self):
        """Term and department follow; what comes later needs nobody."""
        first, second = self.unknown(), self.unknown()
        self.assertTrue(first.unclassified)
        self.assertIn("none of our procedures", first.problem_summary)
        preview = self.solve(
            first | second, "procedure", procedure_id=self.procedure.id
        )
        self.assertIn(self.procedure.name, preview)
        for item in first | second:
            self.assertEqual(item.request_id.procedure_id, self.procedure)
            self.assertEqual(item.request_id.department_id, self.department)
            self.assertFalse(item.problem_summary)
        self.assertEqual(self.unknown().request_id.procedure_id, self.procedure)
        self.assertIn("already", first._why_not("procedure"))

    def test_procedure_chosen_before_registering_and_not_remembered(self):
        """The choice is for this one only, and stands in the journal."""
        _id, item = self.stuck(procedure={"code": "XX", "title": "Aviz"})
        with self.assertRaisesRegex(UserError, "Choose the procedure"):
            self.solve(item, "procedure")
        self.solve(item, "procedure", procedure_id=self.procedure.id, remember=False)
        row = self.journal(item, "exchange_procedure")
        self.assertEqual((row.user_id, row.data["code"]), (self.operator, "CU"))
        self.solve(item, "retry")
        self.assertEqual(item.request_id.procedure_id, self.procedure)
        self.assertTrue(self.unknown().unclassified)

    def test_put_aside_comes_back_on_its_day(self):
        """Meanwhile another filter shows it; nothing is hidden for good."""
        _id, item = self.stuck()
        day = local_day() + timedelta(days=3)
        preview = self.solve(item, "park", parked_until=day, reason="Așteptăm")
        self.assertIn("comes back on", preview)
        view = self.env.ref("pcu_connector.pcu_exchange_item_view_search")
        filters = {
            node.get("name"): safe_eval(node.get("domain"))
            for node in etree.fromstring(view.get_combined_arch()).iter("filter")
            if node.get("name") in ("parked", "not_parked")
        }
        items = self.env["pcu.exchange.item"]
        for moved, shown_by in ((0, "parked"), (3, "not_parked"), (9, "not_parked")):
            with freeze_time(local_day() + timedelta(days=moved)):
                for name, domain in filters.items():
                    with self.subTest(days=moved, filter=name):
                        found = item in items.search(domain)
                        self.assertEqual(found, name == shown_by)

    def test_refusal_while_the_platform_is_down_leaves_later(self):
        """What is owed is committed with the act and sent by the sweep."""
        submission_id, item = self.stuck()
        self.platform.state = "unreachable"
        self.solve(item, "spam", reason="Test")
        self.assertFalse(self.remote.told(submission_id))
        self.platform.state = "running"
        self.work()
        self.assertEqual(self.remote.told(submission_id), ["refusal"])

    def test_act_after_a_refusal_is_settled(self):
        """It changes nothing here, and nobody waits for it for ever."""
        submission_id, item = self.stuck()
        self.solve(item, "spam", reason="Test")
        self.remote.happen(submission_id, "deleted")
        self.pull()
        act = item.event_ids.filtered(lambda e: e.kind == "deleted")
        self.assertEqual(act.state, "ignored")

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

    def test_console_lists_what_waits_for_a_person_and_nothing_else(self):
        """On the way in, on the way out, after it, sent back, without a procedure."""
        well = self.registered()[1]
        waiting = self.stuck()[1] | self.unknown()
        for state, rows in (
            (es.DEAD, self.registered()[1].effect_ids[:1]),
            (es.HELD, self.registered()[1].event_ids[:1]),
            (es.RETURNED, self.stuck()[1]),
        ):
            rows.state = state
            waiting |= rows if rows._name == well._name else rows.item_id
        decided = self.unknown()
        decided.request_id.state = "withdrawn"
        asked = self.env["pcu.exchange.item"].with_user(self.operator)
        self.assertEqual(asked.search([("needs_person", "=", True)]), waiting)
        self.assertEqual(asked.search([("needs_person", "=", False)]), well | decided)
        self.assertEqual(waiting.filtered("needs_person"), waiting)

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

    def test_term_begins_on_the_day_in_romania(self):
        """Half past midnight is the new day here, whatever day it is in Greenwich."""
        for moment, day in (
            ("2026-11-10T00:30:00+02:00", date(2026, 12, 10)),
            ("2026-11-10T23:30:00+02:00", date(2026, 12, 10)),
        ):
            submission_id = self.remote.submit(submitted_at=moment)
            self.poll()
            with self.subTest(moment=moment):
                self.assertEqual(self.item_of(submission_id).deadline, day)

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
