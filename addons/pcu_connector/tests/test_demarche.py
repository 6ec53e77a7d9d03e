"""A third kind of platform: GraphQL, a cursor of time, deletions as a list."""

from odoo.tests import tagged

from .. import exchange_states as es
from ..adapters import base
from ..adapters.demarche_numerique import DemarcheNumeriqueAdapter
from .common import ExchangeCase
from .fake_demarche import OFFICER, PROCEDURE, TOKEN, FakeDemarche
from .graphql_server import GraphQLError

PLAN, ANSWER = b"%PDF-1.4 plan", b"%PDF-1.4 certificat"


@tagged("post_install", "-at_install")
class TestDemarcheNumerique(ExchangeCase):
    """The same core, over real HTTP, by what the adapter declares."""

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Odoo's guard lets calls to this machine through, with one timeout only."""
        return super()._request_handler(s, r, **kw | {"timeout": 10})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.code = str(PROCEDURE)
        cls.platform.write(
            {
                "adapter": "demarche_numerique",
                "base_url": "http://127.0.0.1",
                "allow_http": True,
                "institution": str(PROCEDURE),
                "client_id": OFFICER["email"],
                "client_secret": TOKEN,
            }
        )

    def setUp(self):
        super().setUp()
        self.there = FakeDemarche()
        self.addCleanup(self.there.stop)
        self.platform.write(
            {"base_url": self.there.url, "file_hosts": self.there.store.netloc}
        )

    def taken(self, **values):
        """File a dossier and bring it into the register."""
        number = self.there.submit(**values)
        self.pull()
        return number, self.item_of(number)

    def state_of(self, number):
        return self.there.found[int(number)]["state"]

    def decide(self, item, names=("certificat.pdf",), outcome="favourable"):
        """Decide with documents, in the name of the desk."""
        documents = self.env["pcu.document"]._create_from_bytes(
            [
                {"name": name, "content": ANSWER + name.encode(), "kind": "issued"}
                for name in names
            ]
        )
        item.request_id._set_state("in_progress")
        item.request_id._decide(outcome, "Se admite.", documents)
        self.work()

    # -- in -------------------------------------------------------------------------

    def test_dossier_is_registered_with_its_answers_and_files(self):
        number, item = self.taken(files=[("plan.pdf", PLAN)])
        self.assertEqual((item.state, item.remote_number), (es.ACKED, number))
        request = item.request_id
        self.assertEqual(request.procedure_id, self.procedure)
        self.assertEqual(request.applicant_id.name, "Popescu Ana")
        self.assertEqual(request.form_data, {"Strada": "Lungă 5"})
        self.assertEqual(item.file_ids.document_id._read(), PLAN)
        self.assertEqual(self.state_of(number), "en_instruction")
        self.assertNotIn("signature", str(item.payload))
        self.pull()
        self.assertEqual(self.item_of(number), item)
        self.assertEqual(self.there.calls.count("dossierPasserEnInstruction"), 1)

    def test_late_commit_within_the_overlap_is_found(self):
        """A dossier whose time lies before the cursor is not skipped."""
        self.taken()
        self.there.now -= self.there.now - self.there.now.replace(minute=28, second=0)
        _number, item = self.taken()
        self.assertEqual(item.state, es.ACKED)

    def test_pages_follow_the_platform_s_cursor(self):
        self.platform.page_size = 2
        numbers = [self.there.submit() for _n in range(5)]
        self.pull()
        items = self.env["pcu.exchange.item"].search(
            [("remote_id", "in", numbers), ("state", "=", es.ACKED)]
        )
        self.assertEqual(len(items), 5)

    def test_what_was_decided_before_the_first_look_is_left_out(self):
        number = self.there.submit(state="accepte")
        _number, item = self.taken()
        self.assertTrue(item.request_id)
        self.assertFalse(self.item_of(number))
        later, item = self.taken(state="accepte")
        self.assertTrue(self.item_of(later), "what is decided at once is registered")

    def test_file_goes_on_after_a_cut_and_a_lapsed_address(self):
        self.there.fail("GET file", "cut")
        self.there.signature = 1
        _number, item = self.taken(files=[("plan.pdf", PLAN)])
        self.assertEqual(item.file_ids.state, "verified")
        self.assertTrue(any("Range" in heads for heads in self.there.headers))
        self.there.fail("GET file", 403)
        _number, item = self.taken(files=[("plan.pdf", PLAN + b"2")])
        self.assertEqual((item.state, self.platform.state), (es.FETCHED, "running"))
        self.make_due()
        self.work()
        self.assertEqual(item.state, es.ACKED)

    def interrupted(self):
        """File a dossier whose file breaks off, and whose address lapses then."""
        self.there.fail("GET file", "cut")
        self.there.fail("GET file", 403)
        number, item = self.taken(files=[("plan.pdf", PLAN)])
        path = item.file_ids._describe().path
        self.assertEqual((item.state, path.read_bytes()), (es.FETCHED, PLAN[:4]))
        self.there.signature += 1
        self.there.headers.clear()
        self.make_due()
        return number, item, path

    def ranges(self):
        """Return which parts of files were asked for."""
        of_files = [
            h for h in self.there.headers if h["Host"] == self.there.store.netloc
        ]
        return [heads.get("Range") for heads in of_files]

    def test_next_attempt_goes_on_from_the_bytes_on_disk(self):
        """Under a new address of the same file; nothing is fetched twice."""
        _number, item, _path = self.interrupted()
        self.work()
        self.assertEqual(self.ranges(), ["bytes=4-"])
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(item.request_id.document_ids._read(), PLAN)

    def test_part_of_other_bytes_is_fetched_again_in_one_piece(self):
        """The MD5 of the whole decides; the platform is not blamed for our part."""
        _number, item, path = self.interrupted()
        path.write_bytes(b"xxxx")
        self.work()
        self.assertEqual(self.ranges(), ["bytes=4-", None])
        self.assertEqual((item.state, item.file_ids.mismatches), (es.ACKED, 0))
        self.assertEqual(item.request_id.document_ids._read(), PLAN)

    def test_address_of_a_file_of_another_size_adds_nothing(self):
        """Nothing is patched together from two files; what is wrong is seen."""
        _number, item, path = self.interrupted()
        key = next(iter(self.there.contents))
        self.there.contents[key] = PLAN + b"more"
        self.work()
        self.assertIn("bytes=4-", self.ranges())
        self.assertFalse(path.exists())
        self.assertFalse(item.file_ids.document_id)
        self.make_due()
        self.work()
        self.assertEqual(item.state, es.HELD)

    def test_file_that_was_replaced_is_another_file(self):
        """What was on disk belonged to the old one, and is not gone on with."""
        number, item, _path = self.interrupted()
        piece = self.there.found[int(number)]["champs"][2]["files"]
        piece[:] = [self.there.piece("plan.pdf", PLAN + b" nou")]
        self.there.touch(number)
        self.pull()
        self.pull()
        self.assertEqual(item.state, es.ACKED)
        self.assertEqual(item.request_id.document_ids._read(), PLAN + b" nou")
        self.assertEqual(set(self.ranges()), {None})

    def test_token_does_not_go_to_the_host_of_the_files(self):
        self.taken(files=[("plan.pdf", PLAN)])
        of_files = [
            h for h in self.there.headers if h["Host"] == self.there.store.netloc
        ]
        self.assertTrue(of_files)
        self.assertFalse([h for h in of_files if "Authorization" in h])

    def test_files_of_another_host_are_not_fetched(self):
        self.platform.file_hosts = "files.example.fr"
        _number, item = self.taken(files=[("plan.pdf", PLAN)])
        self.assertEqual(item.state, es.HELD)
        self.assertIn(self.there.store.netloc, item.problem)
        self.assertIn("not fetched", item.problem)
        self.assertNotIn("GET file", self.there.calls)

    def test_wrong_bytes_are_not_taken(self):
        number = self.there.submit(files=[("plan.pdf", PLAN)])
        piece = self.there.found[int(number)]["champs"][2]["files"][0]
        piece["checksum"] = "AAAAAAAAAAAAAAAAAAAAAA=="
        self.pull()
        self.assertEqual(self.item_of(number).state, es.HELD)

    # -- what the applicant does -----------------------------------------------------

    def test_message_and_its_file_reach_the_request(self):
        number, item = self.taken()
        self.there.say(number, "Revin cu planul.", files=[("plan.pdf", PLAN)])
        self.pull()
        request = item.request_id
        self.assertIn("plan.pdf", request.document_ids.mapped("name"))
        self.assertTrue(
            request.message_ids.filtered(lambda m: "Revin cu planul" in m.body)
        )
        events = len(item.event_ids)
        self.pull()
        self.assertEqual(len(item.event_ids), events, "the overlap repeats nothing")

    def test_answered_correction_brings_its_files(self):
        number, item = self.taken()
        item.request_id._set_state("in_progress")
        item.request_id._ask_clarification("Lipsește planul.")
        self.work()
        self.assertEqual(self.state_of(number), "en_construction")
        dossier = self.there.found[int(number)]
        asked = dossier["messages"][0]
        self.assertIn("Lipsește planul.", asked["body"])
        self.there.tick()
        dossier["champs"][2]["files"].append(self.there.piece("plan.pdf", PLAN))
        asked["correction"]["dateResolution"] = self.there.touch(number)
        self.pull()
        self.assertEqual(item.event_ids.mapped("kind"), ["clarification_answered"])
        self.assertEqual(item.request_id.state, "in_progress")
        self.assertIn("plan.pdf", item.request_id.document_ids.mapped("name"))

    def test_deleted_by_the_applicant_withdraws_the_request(self):
        number, item = self.taken()
        self.there.delete(number)
        self.pull()
        self.assertEqual(item.request_id.state, "withdrawn")
        self.assertTrue(item.request_id.entry_id.number, "the number stays")

    def test_expired_on_the_platform_ends_nothing_here(self):
        number, item = self.taken()
        self.there.delete(number, reason="expired", pending=False)
        self.pull()
        self.assertTrue(item.request_id.is_open)
        self.assertEqual(item.event_ids.kind, "deleted")

    def test_deleted_before_registering_leaves_the_inbox(self):
        """A row that waits for a person is looked at again by itself."""
        self.platform.file_hosts = False
        number, item = self.taken(files=[("plan.pdf", PLAN)])
        self.assertEqual(item.state, es.HELD)
        self.there.delete(number)
        self.pull()
        self.assertEqual((item.state, item.request_id.id), (es.WITHDRAWN, False))

    # -- out ------------------------------------------------------------------------

    def test_decision_is_accepted_with_its_documents(self):
        number, item = self.taken()
        self.decide(item, names=("certificat.pdf", "anexa.pdf"))
        dossier = self.there.found[int(number)]
        self.assertEqual((dossier["state"], item.state), ("accepte", es.CLOSED))
        entry = str(item.request_id.entry_id.number)
        self.assertIn("Se admite.", dossier["motivation"])
        self.assertIn(entry, dossier["motivation"])
        self.assertTrue(dossier["motivationAttachment"])
        self.assertEqual(len(dossier["messages"]), 1)
        names = {upload["name"] for upload in self.there.uploads.values()}
        self.assertEqual(names, {"certificat.pdf", "anexa.pdf"})
        stored = [upload["data"] for upload in self.there.uploads.values()]
        self.assertIn(ANSWER + b"certificat.pdf", stored)

    def test_refusal_and_end_without_decision_have_acts_of_their_own(self):
        number, item = self.taken()
        self.decide(item, names=(), outcome="unfavourable")
        self.assertEqual(self.state_of(number), "refuse")
        number, item = self.taken()
        item.request_id._end("closed", "noted", "Clasată.")
        self.work()
        self.assertEqual(self.state_of(number), "sans_suite")

    def test_lost_answer_is_cleared_up_by_looking(self):
        """The line broke after the act: nothing is done twice."""
        for call in ("dossierPasserEnInstruction", "dossierEnvoyerMessage"):
            self.there.fail(call, "hang up", after=True)
        number, item = self.taken()
        self.assertEqual(item.effect_ids.state, es.UNKNOWN)
        self.make_due()
        self.work()
        self.assertEqual(item.effect_ids.state, es.DONE)
        item.request_id._set_state("in_progress")
        item.request_id._ask_clarification("Lipsește planul.")
        self.work()
        self.make_due()
        self.work()
        self.assertEqual(set(item.effect_ids.mapped("state")), {es.DONE})
        self.assertEqual(len(self.there.found[int(number)]["messages"]), 1)

    def test_other_decision_on_the_platform_waits_for_a_person(self):
        number, item = self.taken()
        self.there.found[int(number)] |= {"state": "refuse", "motivation": "Autre."}
        self.decide(item, names=())
        decision = item.effect_ids[-1:]
        self.assertEqual((decision.kind, decision.state), ("decision", es.HELD))
        self.assertIn("Autre.", item.problem_summary)

    def test_night_comparison_finds_the_decision_there(self):
        _number, item = self.taken()
        self.decide(item)
        report = self.env["pcu.exchange.reconciliation"].browse(
            self.platform.action_reconcile()["res_id"]
        )
        report._run()
        self.env.invalidate_all()
        self.assertEqual((report.state, report.line_ids.ids), ("done", []))
        self.assertTrue(item.effect_ids[-1:].confirmed_at)

    # -- faults ---------------------------------------------------------------------

    def test_errors_with_status_200_are_understood(self):
        adapter = self.platform._make_adapter()
        self.addCleanup(adapter.close)
        for fault, raised in (
            (GraphQLError("Timeout", "timeout"), base.ServerFault),
            (GraphQLError("no null", "invalid_null"), base.ServerFault),
            (GraphQLError("gone", "not_found"), base.Gone),
            (GraphQLError("?"), base.Permanent),
            (429, base.Throttled),
            (500, base.ServerFault),
            ("hang up", base.ServerFault),
        ):
            self.there.fail("dossier", fault)
            with self.subTest(fault=fault), self.assertRaises(raised):
                adapter.get_submission("1001")

    def test_wrong_token_stops_the_platform(self):
        self.platform.client_secret = "another"
        self.poll()
        self.assertEqual(self.platform.state, "stopped")

    def test_officer_of_another_procedure_is_told_at_the_test(self):
        adapter = DemarcheNumeriqueAdapter(
            self.there.url, str(PROCEDURE), "x@primaria.ro", TOKEN, allow_http=True
        )
        self.addCleanup(adapter.close)
        with self.assertRaisesRegex(base.AuthFault, "x@primaria.ro"):
            adapter.check_access()
        self.env.flush_all()
        told = self.platform.action_test_connection()["params"]
        self.assertEqual(told["type"], "success", told["message"])

    def test_what_is_missing_on_the_platform_is_shown(self):
        self.assertIn("show our number", self.platform.missing_text)
        self.assertNotIn("take decisions", self.platform.missing_text)
