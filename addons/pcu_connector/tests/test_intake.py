"""From the list to the register: each submission once, nothing lost."""

from dataclasses import replace
from pathlib import Path

import requests
from odoo.tests import tagged

from .. import exchange_states as es
from ..adapters.edirect import EDirectAdapter
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestIntake(ExchangeCase):
    """List, fetch, register, tell."""

    def test_submission_becomes_one_entry(self):
        """A submission gets its number and the platform learns both answers."""
        submission_id, item = self.registered(files=[("cerere.pdf", b"%PDF-1.4 a")])
        request = item.request_id
        self.assertEqual(item.state, es.ACKED)
        self.assertTrue(request.entry_id.number)
        self.assertEqual(request.origin_number, item.remote_number)
        self.assertEqual(request.procedure_id, self.procedure)
        self.assertEqual(request.document_ids.name, "cerere.pdf")
        self.assertEqual(request.entry_id.channel, "pcue")
        self.assertEqual(self.remote.told(submission_id), ["receipt", "registration"])
        told = self.remote.told(submission_id, "registration")[0]
        self.assertEqual(told["number"], str(request.entry_id.number))
        self.assertEqual(told["department"], "Urbanism")
        self.assertEqual(told["due_date"], request.due_date.isoformat())

    def test_listed_again_leads_to_nothing(self):
        """Repetition, our own changes and a lost cursor make no second entry."""
        for _number in range(3):
            self.remote.submit()
        self.pull()
        self.env["pcu.platform"].browse(self.platform.id).write(
            {"submissions_cursor": False, "events_cursor": False}
        )
        entries = self.env["pcu.register.entry"].search_count([])
        effects = self.env["pcu.exchange.effect"].search_count([])
        calls = self.remote.sent("PUT|POST /sub")
        for _round in range(2):
            self.pull()
        self.assertEqual(self.env["pcu.register.entry"].search_count([]), entries)
        self.assertEqual(self.env["pcu.exchange.effect"].search_count([]), effects)
        self.assertEqual(self.remote.sent("PUT|POST /sub"), calls)

    def test_pages_follow_each_other(self):
        """All pages come in one look, and the cursor is behind the last one."""
        self.platform.page_size = 2
        for _number in range(5):
            self.remote.submit()
        self.poll()
        self.assertEqual(self.env["pcu.exchange.item"].search_count([]), 5)
        last = max(row["seq"] for row in self.remote.submissions.values())
        self.assertEqual(self.platform.submissions_cursor, str(last))

    def test_cut_between_pages_keeps_the_first(self):
        """A fault on page two leaves page one and its cursor committed."""
        self.platform.page_size = 2
        for _number in range(5):
            self.remote.submit()
        handle, seen = self.remote.handle, []

        def cut(request):
            seen.append(request)
            if "cursor=" in request.url and len(seen) > 2:
                raise requests.ConnectTimeout
            return handle(request)

        self.remote.handle = cut
        self.poll()
        self.assertTrue(self.platform.submissions_cursor)
        self.assertEqual(self.env["pcu.exchange.item"].search_count([]), 2)
        self.remote.handle = handle
        self.pull()
        self.assertEqual(
            self.env["pcu.request"].search_count([("exchange_item_ids", "!=", False)]),
            5,
        )

    def test_unknown_procedure_is_registered_unclassified(self):
        """A procedure that nobody knows gets its number all the same."""
        _id, item = self.registered(procedure={"code": "?", "title": "Altceva"})
        self.assertTrue(item.request_id.entry_id.number)
        self.assertTrue(item.request_id.unclassified)
        self.assertEqual(item.request_id.procedure_label, "Altceva")

    def test_bad_identity_is_kept_and_shown(self):
        """A wrong CNP and a missing e-mail address stop nothing."""
        applicant = {"kind": "natural", "name": "Ion Ionescu", "cnp": "1234567890123"}
        _id, item = self.registered(applicant=applicant)
        self.assertTrue(item.request_id.entry_id.number)
        self.assertFalse(item.request_id.email)
        party = item.request_id.applicant_id
        self.assertFalse(party.pcu_cnp)
        self.assertIn("1234567890123", party.pcu_identity_note)

    def test_nearly_empty_submission_is_registered(self):
        """What can be missing may be missing."""
        _id, item = self.registered(
            applicant={}, procedure=None, form=None, consent=None, submitted_at="?"
        )
        self.assertEqual(item.state, es.ACKED)

    def test_odd_files_are_kept(self):
        """Program named .pdf, empty file, path in the name: stored and shown."""
        program = b"MZ\x90\x00" + bytes(300)
        _id, item = self.registered(
            files=[("act.pdf", program), ("gol.pdf", b""), ("../../etc/ș.txt", b"a")]
        )
        documents = {d.name: d for d in item.request_id.document_ids}
        self.assertEqual(set(documents), {"act.pdf", "gol.pdf", "ș.txt"})
        self.assertTrue(documents["act.pdf"].suspicious)
        self.assertEqual(documents["gol.pdf"].size, 0)
        self.assertEqual(documents["act.pdf"]._read(), program)

    def test_unstorable_characters_do_not_stop_it(self):
        """NUL in names and forms is made visible."""
        _id, item = self.registered(
            observations="a\x00b", form={"x\x00": "\x00"}, files=[("n\x00.pdf", b"a")]
        )
        self.assertEqual(item.state, es.ACKED)

    def test_infected_file_is_named_not_fetched(self):
        """The clerk reads which file did not come, and why."""
        submission_id = self.remote.submit([("virus.pdf", b"x")])
        self.remote.submissions[submission_id]["files"][0]["scan"] = "infected"
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.file_ids.state, "infected")
        self.assertFalse(self.remote.sent("/files/"))
        self.assertTrue(item.request_id.entry_id.number)
        bodies = " ".join(item.request_id.message_ids.mapped("body"))
        self.assertIn("virus.pdf", bodies)

    def test_bytes_that_change_on_the_disk_are_fetched_again(self):
        """What is stored is looked at, not what came: the file is the citizen's."""
        content = b"%PDF-1.4 a"
        adapter = type(self.platform._make_adapter())
        download, left = adapter.download, [1]

        def damaged(self, submission_id, remote, path, **options):
            result = download(self, submission_id, remote, path, **options)
            if left.pop() if left else 0:
                path.write_bytes(b"%PDF-1.4 b")
            return result

        self.patch(adapter, "download", damaged)
        submission_id = self.remote.submit(files=[("cerere.pdf", content)])
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.problem_code), (es.FETCHED, "server"))
        self.assertFalse(item.file_ids.document_id)
        self.make_due()
        self.work()
        document = self.item_of(submission_id).file_ids.document_id
        self.assertEqual(Path(document._path()).read_bytes(), content)

    def test_scan_pending_costs_no_try(self):
        """The platform's scan is waited for."""
        self.remote.fail("/files/", status=409, code="scan_pending")
        submission_id = self.remote.submit([("a.pdf", b"a")])
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual((item.attempts, item.problem_code), (0, "scan_pending"))
        self.pull()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_withdrawn_before_registration_gets_no_number(self):
        """What the citizen took back in time is not registered."""
        submission_id = self.remote.submit()
        self.remote.happen(submission_id, "withdrawn")
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual(item.state, es.WITHDRAWN)
        self.assertFalse(item.request_id)
        self.assertFalse(item.event_ids.filtered(lambda e: e.state == "new"))

    def test_deleted_before_registration_ends(self):
        """A deleted submission closes its row and stops nothing else."""
        gone, stays = self.remote.submit(), self.remote.submit()
        self.remote.submissions[gone]["state"] = "deleted"
        self.pull()
        self.assertEqual(self.item_of(gone).state, es.WITHDRAWN)
        self.assertEqual(self.item_of(stays).state, es.ACKED)

    def test_change_before_registration_is_read_again(self):
        """A new version that is listed in time is what gets registered."""
        submission_id = self.remote.submit()
        self.poll()
        self.remote.submissions[submission_id]["observations"] = "nou"
        self.remote._touch(submission_id)
        self.pull()
        self.assertEqual(self.item_of(submission_id).request_id.observations, "nou")

    def change_while_it_is_read(self, **told):
        """File a submission that changes, and is listed, while we read it.

        :param told: what each answer claims besides
        :return: its row, and how often it was read
        """
        submission_id = self.remote.submit()
        self.poll()
        real, reads = EDirectAdapter.get_submission, []

        def read(adapter, remote_id):
            answer = real(adapter, remote_id)
            reads.append(remote_id)
            if len(reads) == 1:
                self.remote.submissions[submission_id]["observations"] = "nou"
                self.remote._touch(submission_id)
                self.poll()
            return replace(answer, **told)

        self.patch(EDirectAdapter, "get_submission", read)
        self.work()
        return self.item_of(submission_id), len(reads)

    def test_change_while_it_is_read_is_read_again(self):
        """The older answer is not taken for the version that was listed meanwhile."""
        item, reads = self.change_while_it_is_read()
        self.assertEqual((item.request_id.observations, reads), ("nou", 2))

    def test_details_that_stay_behind_the_list_are_read_twice_at_most(self):
        """A platform that counts otherwise in its details is not asked for ever."""
        item, reads = self.change_while_it_is_read(version=1)
        self.assertEqual((item.state, reads), (es.ACKED, 2))

    def test_row_that_gave_way_while_it_was_read_stays_away(self):
        """Its details come too late to make a request of it."""
        submission_id = self.remote.submit()
        self.poll()
        item = self.item_of(submission_id)
        token = item._transact("_claim")
        step = item._transact("_look", token)
        answer = self.platform._make_adapter().get_submission(submission_id)
        item.state = es.WITHDRAWN
        self.env.flush_all()
        item._transact("_store", token, "_store_details", answer, step.data["version"])
        self.env.invalidate_all()
        self.assertEqual((item.state, item.payload), (es.WITHDRAWN, False))

    def test_existing_request_is_found_again(self):
        """A platform set up anew finds the requests of the old one."""
        submission_id, item = self.registered()
        request = item.request_id
        key = item.origin_key
        self.assertEqual(self.env["pcu.request"]._file({"origin_key": key}), request)
        self.assertIn(submission_id, key)

    def test_refused_registration_waits_for_a_person(self):
        """Without a register nothing is lost: the row says what to do."""
        registers = self.env["pcu.register"].search(
            [("company_id", "=", self.company.id)]
        )
        registers.write({"kind": "internal"})
        submission_id = self.remote.submit()
        self.pull()
        item = self.item_of(submission_id)
        self.assertEqual((item.state, item.problem_code), (es.HELD, "refused"))
        self.assertFalse(self.remote.told(submission_id))
        registers.write({"kind": "general"})
        self.env.flush_all()
        item.action_retry()
        self.assertEqual(self.item_of(submission_id).state, es.ACKED)

    def test_long_run_has_a_steady_number_of_queries(self):
        """Reading a page costs the same whether its rows are known or not."""
        for _number in range(20):
            self.remote.submit()
        self.poll()
        rows = self.remote.submissions.values()
        from ..adapters.payloads import SubmissionRow

        parsed = [SubmissionRow.parse(row) for row in rows]
        with self.assertQueryCount(2):
            self.env["pcu.exchange.item"]._store_rows(self.platform, parsed)
