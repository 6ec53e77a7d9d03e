"""A platform that means harm: refused, shown in plain words, nothing else touched."""

import gzip
import io
import os
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import requests
from odoo.tests import BaseCase, mute_logger, tagged

from .. import exchange_states as es
from .. import manual_package
from ..adapters import base, guarded, transport
from ..adapters.payloads import SubmissionRow
from .common import ExchangeCase
from .fake_platform import INSTITUTION
from .test_manual import pack

NAMES = {
    "../../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "factura\r\nContent-Type: text/html\r\n\r\n.pdf": None,
    "cerere\u202efdp.exe": "cererefdp.exe",
    "cerere\u0000.pdf": None,
    "/etc/shadow": "shadow",
}


@tagged("post_install", "-at_install")
class TestHostile(ExchangeCase):
    """One submission is poisoned; the one beside it gets its number."""

    def meet(self, **values):
        """File a poisoned and an honest submission, and take over what comes."""
        poisoned = self.remote.submit(**values)
        honest = self.remote.submit([("cerere.pdf", b"%PDF-1.4")])
        return poisoned, honest

    def assertUntouched(self, honest):
        """The other submission went its whole way."""
        item = self.item_of(honest)
        self.assertEqual(item.state, es.ACKED)
        self.assertTrue(item.request_id.entry_id.number)

    def assertRefused(self, poisoned, code):
        """It waits for a person under words, and nothing was registered."""
        item = self.item_of(poisoned).with_context(lang="ro_RO")
        self.assertEqual((item.state, item.problem_code), (es.HELD, code))
        self.assertTrue(item.is_stuck)
        self.assertGreater(len(item.problem_summary), 40)
        self.assertFalse(item.request_id)

    def test_redirects_are_never_followed(self):
        """Neither to an internal address nor to any other; no call goes there."""
        places = {
            301: "http://169.254.169.254/latest/meta-data",
            302: "http://[::1]:8069/web",
            303: "http://10.0.0.1/",
            307: "file:///etc/passwd",
            308: "//evil.test/",
        }
        poisoned, honest = {}, self.remote.submit()
        for status, place in places.items():
            poisoned[place] = self.remote.submit()
            self.remote.fail(
                f"GET /submissions/{poisoned[place]}$",
                status=status, headers={"Location": place},
            )  # fmt: skip
        self.pull()
        for place, submission_id in poisoned.items():
            with self.subTest(place=place):
                self.assertRefused(submission_id, "permanent")
        self.assertUntouched(honest)

    def test_a_list_that_leads_elsewhere_is_an_incident(self):
        """The whole platform is affected, so the platform itself says so."""
        self.poll()
        self.remote.fail(
            "/submissions$", status=302, times=9, headers={"Location": "/"}
        )
        for tries in (1, 2, 3):
            self.poll()
            self.assertEqual(self.platform.failures, tries)
        self.assertEqual(self.platform.state, "unreachable")
        self.assertEqual(self.platform.incident_code, "permanent")
        with self.subTest("good health alone heals nothing"):
            self.make_due()
            self.assertFalse(self.platform._probe())
            self.assertEqual(self.platform.state, "unreachable")
        with self.subTest("a list does"):
            self.remote.faults.clear()
            self.env.invalidate_all()
            self.make_due()
            self.assertTrue(self.platform._probe())
            self.env.invalidate_all()
            self.assertEqual(self.platform.state, "running")

    def test_deep_json_is_cut_and_registered(self):
        """A hundred levels are no reason to lose a citizen's request."""
        deep = value = {}
        for _level in range(100):
            value["x"] = value = {}
        poisoned, honest = self.meet(form=deep)
        self.pull()
        self.assertEqual(self.item_of(poisoned).state, es.ACKED)
        self.assertUntouched(honest)

    def test_a_bottomless_json_is_refused(self):
        """A hundred thousand levels break a parser, not the connector."""
        poisoned, honest = self.meet()
        body = b'{"x":' * 100_000 + b"1" + b"}" * 100_000
        self.garble(poisoned, body)
        self.assertRefused(poisoned, "bad_answer")
        self.assertUntouched(honest)

    def test_a_packed_bomb_in_json_is_not_unpacked(self):
        """What unpacks to more than the limit is not read to its end."""
        poisoned, honest = self.meet()
        bomb = gzip.compress(b'{"x": "' + b" " * 40_000_000 + b'"}')
        self.garble(poisoned, bomb, {"Content-Encoding": "gzip"})
        self.assertRefused(poisoned, "bad_answer")
        self.assertUntouched(honest)

    def test_a_page_instead_of_details_is_tried_and_held(self):
        """A page of maintenance passes; one that stays is shown."""
        poisoned, honest = self.meet()
        self.garble(poisoned, b"<html>Mentenanta</html>", tries=1)
        self.assertEqual(self.item_of(poisoned).state, es.SEEN)
        self.assertUntouched(honest)
        self.garble(poisoned, b"<html>Mentenanta</html>")
        self.assertRefused(poisoned, "bad_answer")

    def garble(self, submission_id, body, headers=None, tries=5):
        """Answer with these bytes until the connector gives up asking."""
        route = self.remote._route

        def garbled(request, path, query):
            if path == f"/submissions/{submission_id}":
                return 200, body, headers or {}
            return route(request, path, query)

        with patch.object(self.remote, "_route", garbled):
            self.poll()
            for _try in range(tries):
                self.make_due()
                self.work()

    def test_ten_declared_gigabytes_are_not_fetched(self):
        """The size is believed before a byte is asked for."""
        poisoned, honest = self.meet(files=[("mare.pdf", b"x")])
        self.remote.submissions[poisoned]["files"][0]["size"] = 10 * 1024**3
        self.pull()
        self.assertRefused(poisoned, "too_large")
        self.assertFalse(self.remote.sent(f"GET /submissions/{poisoned}/files/"))
        self.assertUntouched(honest)

    def test_more_bytes_than_declared_are_cut_off(self):
        """A file that does not end is not written to the end of the disk."""
        poisoned, honest = self.meet(files=[("mare.pdf", b"x" * 5_000_000)])
        self.remote.submissions[poisoned]["files"][0]["size"] = 10
        self.pull()
        self.assertRefused(poisoned, "hash_mismatch")
        self.assertUntouched(honest)

    def test_numbers_beyond_any_column_do_no_harm(self):
        """One absurd row does not keep the page of the others from being stored."""
        poisoned, honest = self.meet(
            version=10**30, number="9" * 5000, procedure={"code": "X" * 5000}
        )
        self.remote.happen(poisoned, "message", text="da")["data"]["files"] = 7
        self.pull()
        self.assertEqual(self.item_of(poisoned).state, es.ACKED)
        self.assertUntouched(honest)

    def test_an_identifier_beyond_any_index_is_counted(self):
        """What can't even be named is shown in the log of the look."""
        poisoned, honest = self.meet()
        self.remote.submissions[poisoned]["id"] = "x" * 100_000
        self.pull()
        self.assertUntouched(honest)
        log = self.env["pcu.exchange.log"].search([("broken_count", ">", 0)])
        self.assertEqual(log.broken_count, 1)

    def test_an_act_of_a_submission_that_nothing_can_name_is_counted(self):
        """The other acts of the page are applied."""
        poisoned, honest = self.meet()
        for submission_id in ("x" * 100_000, None):
            event = self.remote.happen(poisoned, "message", text="da")
            event["submission_id"] = submission_id
        self.remote.happen(honest, "message", text="Bună ziua")
        self.pull()
        self.assertIn("message", self.item_of(honest).event_ids.mapped("kind"))
        log = self.env["pcu.exchange.log"].search([("broken_count", ">", 0)])
        self.assertEqual(log.broken_count, 2)
        self.assertIn("all others came in", log.problem)

    def collide(self, platform):
        """File a submission whose key another platform's row has; return its id."""
        twin = platform.copy({"code": "b", "base_url": "https://alta.test"})
        poisoned, honest = self.meet()
        row = SubmissionRow.parse(self.remote.submissions[poisoned])
        self.env["pcu.exchange.item"]._store_rows(twin, [row])
        twin.active = False
        return poisoned, honest

    @mute_logger("odoo.sql_db", "odoo.addons.pcu_connector.models.pcu_platform_refused")
    def test_a_row_that_the_database_refuses_stops_nobody_else(self):
        """The rest of its page comes in, and somebody is told of the one."""
        admin = self.make_user("adm", "pcu_base.group_admin")
        poisoned, honest = self.collide(self.platform)
        self.pull()
        self.assertUntouched(honest)
        log = self.env["pcu.exchange.log"].search([("broken_count", ">", 0)], limit=1)
        # The submission and the act that tells of it.
        self.assertEqual((log.broken_count, log.state), (2, "done"))
        self.assertIn(poisoned, " ".join(self.platform.message_ids.mapped("body")))
        todo = self.platform.activity_ids
        self.assertIn(admin, todo.user_id)
        self.remote._touch(poisoned)
        self.pull()
        self.assertEqual(self.platform.activity_ids, todo)
        with self.subTest("the platform was away meanwhile"):
            self.remote.fail("/", status=401, times=9)
            self.pull()
            self.assertEqual(self.platform.state, "stopped")
            self.remote.faults.clear()
            self.platform.action_test_connection()
            self.env.invalidate_all()
            self.assertEqual(self.platform.state, "running")
            self.assertEqual(self.platform.activity_ids, todo)
        with self.subTest("shown until somebody says that it is done"):
            self.assertEqual(self.platform.health, "attention")
            summary = todo[0].summary
            self.assertIn(summary, self.platform.health_text)
            todo.action_done()
            self.platform.invalidate_recordset()
            self.assertNotIn(summary, self.platform.health_text)

    @mute_logger("odoo.sql_db", "odoo.addons.pcu_connector.models.pcu_platform_refused")
    def test_the_comparison_shows_a_row_that_the_database_refuses(self):
        """It stays a difference that needs a person, and the others are compared."""
        poisoned, _honest = self.collide(self.platform)
        self.pull()
        reports = self.env["pcu.exchange.reconciliation"]
        report = reports.browse(reports._plan(self.platform))
        self.env.flush_all()
        report._run()
        self.env.invalidate_all()
        self.assertEqual((report.state, report.remote_count), ("done", 2))
        self.assertEqual(
            report.line_ids.mapped(lambda x: (x.remote_id, x.state)),
            [(poisoned, "open")],
        )

    def test_dates_that_no_calendar_has_do_no_harm(self):
        """The day it was first seen counts then."""
        moments = ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", 7, "ieri")
        poisoned = {
            moment: self.remote.submit(
                submitted_at=moment, updated_at=moment, consent={"at": moment}
            )
            for moment in moments
        }
        self.pull()
        for moment, submission_id in poisoned.items():
            with self.subTest(moment=moment):
                item = self.item_of(submission_id)
                self.assertEqual(item.state, es.ACKED)
                self.assertFalse(item.submitted_at)
                self.assertTrue(item.deadline)

    def test_html_called_pdf_is_taken_and_remarked(self):
        """The bytes are the citizen's, so they stay; what they are is said."""
        poisoned, honest = self.meet(
            files=[("cerere.pdf", b"<html><script>alert(1)</script></html>")]
        )
        self.pull()
        file = self.item_of(poisoned).file_ids
        self.assertEqual(file.state, "verified")
        self.assertIn("HTML", file.note)
        self.assertUntouched(honest)

    def test_names_that_deceive_are_disarmed_and_remarked(self):
        """No folder, no line break, no turned direction reaches a screen or a disk."""
        poisoned, honest = self.meet(files=[(name, name.encode()) for name in NAMES])
        self.pull()
        files = self.item_of(poisoned).file_ids.sorted("id")
        for (sent, kept), file in zip(NAMES.items(), files, strict=True):
            with self.subTest(name=sent):
                self.assertEqual(file.state, "verified")
                self.assertTrue(file.name.isprintable())
                self.assertFalse(set("/\\\r\n\u202e") & set(file.name))
                self.assertEqual(file.document_id.name, file.name)
                self.assertEqual(file.name, kept or file.name)
                self.assertTrue(file.odd_name and file.note)
        self.assertUntouched(honest)
        self.assertFalse(self.item_of(honest).file_ids.odd_name)

    def test_an_address_that_ran_out_is_asked_for_anew(self):
        """Gone once may be the address; gone twice is the file."""
        once, twice = (self.remote.submit([("a.pdf", b"a")]) for _n in range(2))
        self.remote.fail(f"GET /submissions/{once}/files", status=410)
        self.remote.fail(f"GET /submissions/{twice}/files", status=410, times=9)
        self.pull()
        self.assertEqual(self.item_of(once).file_ids.state, "verified")
        self.assertEqual(self.item_of(twice).file_ids.state, "gone")
        self.assertEqual(self.item_of(twice).state, es.ACKED)

    def test_a_wait_may_be_told_as_a_date(self):
        """By the platform's own clock, whatever ours shows."""
        submission_id = self.remote.submit()
        self.poll()
        dates = {"Date": "Sun, 22 Nov 2026 10:00:00 GMT",
                 "Retry-After": "Sun, 22 Nov 2026 10:10:00 GMT"}  # fmt: skip
        self.remote.fail("GET /submissions/", status=429, headers=dates)
        self.work()
        item = self.item_of(submission_id)
        waits = item.next_try_at - item.write_date
        self.assertAlmostEqual(waits.total_seconds(), 600, delta=5)


@tagged("at_install", "pcu_pure")
class TestHostilePackages(BaseCase):
    """A package from a stranger's stick."""

    def bring(self, members):
        """Pack and read."""
        described = {"id": "s1", "number": "7", "institution": INSTITUTION}
        content = io.BytesIO(pack(described, members.items()))
        with tempfile.TemporaryDirectory() as folder:
            return manual_package.read(content, Path(folder), max_total=8_000_000)

    def test_bombs_and_crooked_names_are_refused(self):
        """Each with the word that says why."""
        for code, members in {
            "bomb": {"a.pdf": bytes(20_000_000)},
            "too_large": {f"{n}.pdf": os.urandom(3_000_000) for n in range(3)},
            "unsafe_name": {"../a.pdf": b"a"},
            "nested": {"a.zip": b"PK\x03\x04 and so on"},
        }.items():  # fmt: skip
            with (
                self.subTest(code=code),
                self.assertRaises(manual_package.PackageError) as refusal,
            ):
                self.bring(members)
            self.assertEqual(refusal.exception.code, code)
        for name in ("a\r\nb.pdf", "a\u202efdp.exe", "a\x07.pdf"):
            with (
                self.subTest(name=name),
                self.assertRaises(manual_package.PackageError) as refusal,
            ):
                self.bring({name: b"a"})
            self.assertEqual(refusal.exception.code, "unsafe_name")
        self.assertEqual(self.bring({"ș ț.pdf": b"a"}).files[0].name, "ș ț.pdf")


@tagged("at_install", "pcu_pure")
class TestGuardedLines(BaseCase):
    """It is where a line ends that counts, not what the name said before."""

    def setUp(self):
        super().setUp()
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        threading.Thread(target=self._listen, daemon=True).start()
        self.port = self.listener.getsockname()[1]

    def _listen(self):
        while True:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            with line:
                line.settimeout(2)
                try:
                    self.heard.append(line.recv(100))
                except OSError:
                    self.heard.append(b"?")
                line.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    def ask(self, url, *, own_network=False, **options):
        """Ask through the guard, beside the test framework's own wall."""
        request = requests.Request("GET", url).prepare()
        adapter = guarded.GuardedAdapter(own_network=own_network)
        return adapter.send(request, timeout=5, **options)

    def test_a_name_that_turns_inwards_gets_no_byte(self):
        """A name that was public yesterday leads to our own machine today."""
        here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", self.port))]
        for scheme in ("http", "https"):
            with (
                self.subTest(scheme=scheme),
                patch("socket.getaddrinfo", return_value=here),
                self.assertRaises(base.InnerAddress),
            ):
                self.ask(f"{scheme}://platforma.example.ro:{self.port}/")
        self.assertFalse(any(self.heard))

    def test_an_answer_that_trickles_is_left(self):
        """Each byte comes in time and the whole never does."""
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
        ended = threading.Event()

        def trickle(listener):
            line, _address = listener.accept()
            with line, suppress(OSError):
                line.recv(1000)
                line.sendall(head)
                while not ended.wait(0.01):
                    line.sendall(b" ")

        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.addCleanup(ended.set)
        threading.Thread(target=trickle, args=(listener,), daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        http = transport.HttpConnection(address, user_agent="test", allow_http=True)
        self.addCleanup(http.close)
        answer = self.ask(address, own_network=True, stream=True)
        with (
            patch.object(transport, "READING_TIME", 0.1),
            self.assertRaisesRegex(base.ServerFault, "TimeoutError"),
        ):
            http.read_body(answer)

    def test_a_platform_in_the_house_is_reached_if_allowed(self):
        """The administrator's word opens the own network."""
        answer = self.ask(f"http://127.0.0.1:{self.port}/", own_network=True)
        self.assertEqual(answer.status_code, 204)
        self.assertIn(b"GET /", self.heard[0])
