"""The nightly comparison: what one side lost is found, repaired, and never doubled."""

import base64
from datetime import timedelta

import requests
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .. import exchange_states as es
from .. import reconciling as rec
from ..adapters.payloads import Submission
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestReconciliation(ExchangeCase):
    """Lose something on one side, compare, look at both sides."""

    def compare(self):
        """Run one comparison and return its report."""
        self.env.flush_all()
        reports = self.env["pcu.exchange.reconciliation"]
        report = reports.browse(reports._plan(self.platform))
        self.env.flush_all()
        report._run()
        self.env.invalidate_all()
        return report

    def forget(self, item):
        """Lose an inbox row behind the program's back."""
        self.env.flush_all()
        for table in ("effect", "event", "file"):
            rows = SQL.identifier(f"pcu_exchange_{table}")
            self.env.cr.execute(SQL("DELETE FROM %s WHERE item_id = %s", rows, item.id))
        self.env.cr.execute("DELETE FROM pcu_exchange_item WHERE id = %s", [item.id])
        self.env.invalidate_all()

    def kinds(self, report):
        return report.line_ids.mapped("kind")

    def test_both_sides_agree_and_the_report_says_so(self):
        """Nothing to repair is said, counted, and changes nothing."""
        for _number in range(3):
            self.registered(files=[("a.pdf", b"a")])
        calls = self.remote.sent("PUT|POST /sub")
        report = self.compare()
        self.assertEqual((report.state, report.difference_count), ("done", 0))
        self.assertEqual(
            (report.remote_count, report.here_count, report.registered_count), (3, 3, 3)
        )
        self.assertEqual((report.told_count, report.confirmed_count), (3, 3))
        self.assertIn("nothing to repair", report.summary)
        self.assertEqual(self.remote.sent("PUT|POST /sub"), calls)

    def test_lost_inbox_row_comes_back_to_the_same_request(self):
        """A deleted row is taken over again: same request, same number, same files."""
        submission_id, item = self.registered(files=[("a.pdf", b"a"), ("b.pdf", b"b")])
        request, number = item.request_id, item.request_id.entry_id.number
        documents = request.document_ids
        told = dict(self.remote.effects)
        downloads = self.remote.sent("/files/")
        self.forget(item)
        report = self.compare()
        again = self.item_of(submission_id)
        self.assertEqual(self.kinds(report), [rec.MISSING_HERE])
        self.assertEqual(report.line_ids.state, "repaired")
        self.assertEqual((again.request_id, again.state), (request, es.ACKED))
        self.assertEqual(request.entry_id.number, number)
        self.assertEqual(request.document_ids, documents)
        self.assertEqual(again.file_ids.document_id, documents)
        self.assertEqual(self.remote.sent("/files/"), downloads)
        self.assertEqual(self.remote.effects, told)

    def test_lost_row_of_a_decided_request_owes_the_decision_again(self):
        """The decision that never left is sent once its row is back."""
        submission_id, item = self.registered()
        request = item.request_id.with_user(
            self.make_user("ins", "pcu_base.group_inspector", self.department)
        )
        request.action_take()
        request._decide("favourable", "Da.")
        self.forget(item)
        self.compare()
        self.assertIn("decision", self.remote.told(submission_id))

    def test_submission_that_never_was_listed_is_registered_once(self):
        """A row with an old date, behind the cursor, is found and takes its way."""
        self.registered()
        submission_id = self.remote.submit()
        self.remote.submissions[submission_id]["seq"] = 0.5
        self.remote.events = [
            e for e in self.remote.events if e["submission_id"] != submission_id
        ]
        self.pull()
        self.assertFalse(self.item_of(submission_id))
        report = self.compare()
        item = self.item_of(submission_id)
        self.assertEqual(self.kinds(report), [rec.MISSING_HERE])
        self.assertEqual((item.state, report.line_ids.state), (es.ACKED, "repaired"))
        self.assertTrue(item.request_id.entry_id.number)
        second = self.compare()
        self.assertFalse(second.line_ids)
        self.assertEqual(
            self.env["pcu.request"].search_count(
                [("origin_key", "=", item.origin_key)]
            ),
            1,
        )

    def test_acknowledgement_the_platform_lost_is_sent_with_its_reference(self):
        """Asked for first, then said again in the same words under the same name."""
        submission_id, item = self.registered()
        told = dict(self.remote.effects)
        self.remote.effects.clear()
        self.remote.submissions[submission_id]["state"] = "submitted"
        item.effect_ids.write({"confirmed_at": fields.Datetime.now()})
        report = self.compare()
        self.assertEqual(self.kinds(report), [rec.NOT_REGISTERED_THERE])
        self.assertEqual(report.line_ids.state, "repaired")
        self.assertEqual(
            {k: v["body"] for k, v in self.remote.effects.items()},
            {k: v["body"] for k, v in told.items()},
        )
        lookup = next(i for i, c in enumerate(self.remote.calls) if "references" in c)
        put = max(i for i, c in enumerate(self.remote.calls) if "PUT" in c)
        self.assertLess(lookup, put)

    def test_what_the_repair_does_not_mend_is_left_to_a_person(self):
        """The platform insists that it recorded it and still shows nothing."""
        submission_id, _item = self.registered()
        effects = len(self.remote.effects)
        self.remote.submissions[submission_id]["state"] = "submitted"
        report = self.compare()
        self.assertEqual(report.line_ids.state, "open")
        self.assertEqual(report.open_count, 1)
        self.assertEqual(len(self.remote.effects), effects)

    def test_answer_that_was_never_recorded_is_sent_again(self):
        """The state alone does not show it: the reference does."""
        submission_id, _item = self.registered()
        self.remote.submissions[submission_id]["state"] = "in_progress"
        gone = [
            k for k, v in self.remote.effects.items() if v["effect"] == "registration"
        ]
        for reference in gone:
            del self.remote.effects[reference]
        report = self.compare()
        self.assertEqual(self.kinds(report), [rec.NOT_RECORDED])
        self.assertIn("registration", self.remote.told(submission_id))

    def test_other_number_and_missing_documents_are_shown(self):
        """What the platform recorded is compared word by word."""
        _id, item = self.registered()
        for effect in self.remote.effects.values():
            effect["body"] = effect["body"] | {"number": "999999"}
        report = self.compare()
        self.assertEqual(self.kinds(report), [rec.OTHER_NUMBER])
        self.assertEqual(report.line_ids.state, "open")
        self.assertIn("999999", report.line_ids.text)
        self.assertEqual(item.state, es.ACKED)

    def test_withdrawal_that_was_never_seen_ends_the_request(self):
        """An act behind the events cursor is found and applied once."""
        submission_id, item = self.registered()
        event = self.remote.happen(submission_id, "withdrawn", reason="nu mai e nevoie")
        event["seq"] = 0.5
        report = self.compare()
        self.assertIn(rec.ACT_MISSING, self.kinds(report))
        self.assertEqual(item.request_id.state, "withdrawn")
        self.assertEqual(set(report.line_ids.mapped("state")), {"repaired"})
        self.assertFalse(self.compare().line_ids)

    def test_deleted_there_stays_in_our_register(self):
        """The platform's deletion is noted once and takes nothing from the register."""
        submission_id, item = self.registered()
        self.remote.submissions[submission_id]["state"] = "deleted"
        listed = self.remote._list

        def without_deleted(feed, query):
            status, body, headers = listed(feed, query)
            if feed == "submissions":
                body["items"] = [r for r in body["items"] if r["state"] != "deleted"]
            return status, body, headers

        self.remote._list = without_deleted
        report = self.compare()
        self.assertEqual(self.kinds(report), [rec.GONE_THERE])
        self.assertTrue(item.request_id.entry_id.number)
        self.assertFalse(self.compare().line_ids)

    def test_what_waits_for_a_person_stands_on_the_report(self):
        """The report names it with its problem and opens it."""
        self.remote.fail("/files/", status=400, code="broken", times=9)
        self.remote.submit([("a.pdf", b"a")])
        self.pull()
        report = self.compare()
        self.assertEqual(self.kinds(report), [rec.NEEDS_PERSON])
        self.assertEqual(report.line_ids.state, "open")
        self.assertEqual(
            report.line_ids.action_open_item()["res_id"], report.line_ids.item_id.id
        )

    def test_just_filed_is_no_difference(self):
        """What the next look brings anyway is counted apart."""
        now = fields.Datetime.now().isoformat() + "+00:00"
        self.remote.submit(updated_at=now)
        self.remote.events.clear()
        report = self.compare()
        self.assertEqual((report.fresh_count, report.difference_count), (1, 0))

    def test_fault_ends_it_in_words_and_keeps_what_was_repaired(self):
        """The platform fails after the first page: that page is taken over."""
        self.platform.page_size = 1
        first, _second = self.remote.submit(), self.remote.submit()
        self.remote.events.clear()
        handle, lists = self.remote.handle, []

        def cut(request):
            if "submissions?" in request.url:
                lists.append(request)
                if len(lists) > 1:
                    raise requests.ConnectTimeout
            return handle(request)

        self.remote.handle = cut
        report = self.compare()
        self.assertEqual((report.state, report.problem_code), ("failed", "not_sent"))
        self.assertIn("can't be reached", report.summary)
        self.assertTrue(self.item_of(first))

    def test_comparison_without_a_way_to_the_platform_ends_in_words(self):
        """It is over, and tried again in an hour; it does not stay under way."""
        reports = self.env["pcu.exchange.reconciliation"]
        report = reports.browse(reports._plan(self.platform))
        self.env.flush_all()

        def broken(platform):
            raise ValueError("no way")

        self.patch(type(self.platform), "_make_adapter", broken)
        with mute_logger(
            "odoo.addons.pcu_connector.models.pcu_exchange_reconciliation_run"
        ):
            report._run()
        self.env.invalidate_all()
        self.assertEqual((report.state, report.problem_code), ("failed", "bug"))

    def test_what_was_typed_under_a_wrong_number_is_shown_until_it_is_ended(self):
        """Nothing is sent under it, so nobody would ever hear of it."""
        items = self.env["pcu.exchange.item"]
        typed = Submission.parse(
            {"id": "piseg:77", "number": "77", "applicant": {"name": "Ana Pop"}}
        )
        item = items.browse(
            items._transact(
                "_take_by_hand", self.platform.id, "typed", typed, (), self.env.uid
            )
        )
        item.advance()
        self.env.invalidate_all()
        self.assertTrue(item.request_id.entry_id.number)
        self.assertFalse(self.compare().line_ids, "it may be listed yet")
        item.first_seen_at -= 2 * rec.LISTED_WITHIN
        report = self.compare()
        self.assertEqual(self.kinds(report), [rec.NEVER_LISTED])
        self.assertEqual((report.line_ids.item_id, report.open_count), (item, 1))
        self.assertIn("77", report.line_ids.text)
        item.request_id._withdraw("greșit")
        self.assertFalse(self.compare().line_ids)

    def test_row_that_gave_way_is_not_looked_for(self):
        """Its name is ours: the platform never had it, and can't have lost it."""
        _id, item = self.registered()
        self.env["pcu.exchange.item"].create(
            {
                "platform_id": self.platform.id,
                "remote_id": f"piseg:1#{item.id}",
                "origin_key": "gave way",
                "manual": "typed",
                "met_at": fields.Datetime.now(),
                "state": es.ACKED,
                "request_id": item.request_id.id,
                "next_try_at": fields.Datetime.now(),
            }
        )
        report = self.compare()
        self.assertEqual((report.state, report.difference_count), ("done", 0))

    def test_once_a_night_and_again_after_a_fault(self):
        """The cron does not compare twice, and repeats what failed an hour later."""
        reports = self.env["pcu.exchange.reconciliation"]
        planned = reports._plan_night()
        self.assertEqual(len(planned), 1)
        self.assertEqual(reports._plan_night(), planned)
        report = reports.browse(planned)
        self.env.flush_all()
        report._run()
        self.env.invalidate_all()
        self.assertEqual(report.state, "done")
        self.assertFalse(reports._plan_night())
        report.write({"state": "failed"})
        self.assertFalse(reports._plan_night())
        report.finished_at = fields.Datetime.now() - timedelta(hours=2)
        self.assertTrue(reports._plan_night())

    def test_killed_comparison_makes_room(self):
        """One that is silent for half an hour is over; the next one begins."""
        reports = self.env["pcu.exchange.reconciliation"]
        dead = reports.browse(reports._plan(self.platform))
        dead.write(
            {
                "state": "running",
                "seen_at": fields.Datetime.now() - timedelta(minutes=31),
            }
        )
        self.assertNotEqual(reports._plan(self.platform), dead.id)
        self.assertEqual(dead.state, "failed")

    def test_window_starts_at_an_old_comparison_s_end(self):
        """Only a cursor that the platform gave is a start."""
        self.registered()
        first = self.compare()
        self.assertFalse(first.window_from)
        first.started_at = fields.Datetime.now() - timedelta(days=100)
        second = self.compare()
        self.assertEqual(second.submissions_start, first.submissions_end)
        self.assertEqual(second.window_from, first.started_at)
        self.platform.reconcile_days = 0
        self.assertFalse(self.compare().window_from)

    def test_stranger_s_database_compares_nothing(self):
        """A copy in safe mode plans nothing and calls nobody."""
        self.platform.instance_uuid = "another"
        calls = len(self.remote.calls)
        self.assertFalse(self.env["pcu.exchange.reconciliation"]._plan_night())
        with self.assertRaises(UserError):
            self.platform.action_reconcile()
        self.assertEqual(len(self.remote.calls), calls)

    def test_report_is_a_pdf_with_a_digest_in_the_journal(self):
        """Hostile text is printed as text; the journal holds the report's hash."""
        self.remote.submit(number="<b>&", applicant={"name": "x"})
        self.remote.fail("/submissions/", status=400, code="<para>", times=9)
        self.pull()
        report = self.compare()
        self.assertTrue(base64.b64decode(report.content).startswith(b"%PDF"))
        row = self.env["pcu.journal"].search(
            [("action", "=", "reconciliation_done"), ("res_id", "=", report.id)]
        )
        self.assertEqual(row.data["sha256"], report.digest)
        self.assertEqual(report.digest, report._make_digest())

    def test_page_costs_the_same_number_of_queries_for_any_length(self):
        """Thirty rows that agree cost as much as three."""
        for _number in range(30):
            self.remote.submit()
        self.pull()
        from ..adapters.payloads import SubmissionRow

        rows = [SubmissionRow.parse(r) for r in self.remote.submissions.values()]
        reports = self.env["pcu.exchange.reconciliation"]
        report = reports.browse(reports._plan(self.platform))
        report.started_at = fields.Datetime.now()
        counts = []
        for part in (rows[:3], rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report._compare_submissions(part)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_who_reads_and_who_asks(self):
        """Registry, audit and administration read; nobody writes; audit only looks."""
        _id, item = self.registered()
        for effect in self.remote.effects.values():
            effect["body"] = effect["body"] | {"number": "999999"}
        report = self.compare()
        line = report.line_ids
        self.assertEqual(line.item_id, item)
        users = {
            name: self.make_user(f"r_{name}", f"pcu_base.group_{name}")
            for name in ("registry_operator", "auditor", "admin", "inspector", "user")
        }
        for name, user in users.items():
            reads = name in ("registry_operator", "auditor", "admin")
            with self.subTest(user=name):
                own = report.with_user(user)
                self.assertEqual(own.has_access("read"), reads)
                own_line = line.with_user(user)
                self.assertEqual(own_line.has_access("read"), reads)
                for verb in ("write", "create", "unlink"):
                    self.assertFalse(own.has_access(verb))
                    self.assertFalse(own_line.has_access(verb))
                if reads:
                    self.assertEqual(own.action_print()["type"], "ir.actions.act_url")
                asker = self.platform.with_user(user)
                if name in ("registry_operator", "admin"):
                    action = asker.action_reconcile()
                    self.env.invalidate_all()
                    asked = self.env[action["res_model"]].browse(action["res_id"])
                    # The second one finds the first one's.
                    self.assertEqual(asked.asked_by_id, users["registry_operator"])
                    with self.assertRaises(UserError):
                        asked.action_print()
                else:
                    with self.assertRaises(AccessError):
                        asker.action_reconcile()
