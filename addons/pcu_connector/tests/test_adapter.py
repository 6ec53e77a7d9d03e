"""The client of the exchange interface, against the platform in memory."""

import fcntl
import hashlib
import io
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import requests
import urllib3
from odoo.tests import BaseCase, tagged

from ..adapters import base, partial_file
from ..adapters.downloading import MAX_RESUMES
from ..adapters.edirect import TOKENS, UPLOAD_PART, EDirectAdapter
from ..adapters.payloads import RemoteFile
from .fake_platform import INSTITUTION, SECRET, FakePlatform


@tagged("at_install", "pcu_pure")
class TestAdapter(BaseCase):
    """Each fault becomes the exception that says what may be done next."""

    @classmethod
    def _request_handler(cls, _session, r, /, **_options):
        return cls.remote.handle(r)

    def setUp(self):
        super().setUp()
        type(self).remote = FakePlatform()
        TOKENS._tokens.clear()
        self.adapter = self.make()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "part"

    def make(self, secret=SECRET, institution=INSTITUTION, **options):
        return EDirectAdapter(
            "https://platforma.test", institution, "client", secret, **options
        )

    def file(self, content, **submission):
        submission_id = self.remote.submit([("a.pdf", content)], **submission)
        return submission_id, self.adapter.get_submission(submission_id).files[0]

    # -- faults --------------------------------------------------------------------

    def test_each_status_has_its_meaning(self):
        """The status decides, and for writes 502 and 504 are unknown."""
        expected = {
            400: base.Permanent, 403: base.AuthFault, 404: base.Permanent,
            410: base.Gone, 422: base.Permanent, 429: base.Throttled,
            500: base.ServerFault, 502: base.ServerFault, 503: base.ServerFault,
            504: base.ServerFault, 301: base.Permanent,
        }  # fmt: skip
        submission_id = self.remote.submit()
        for status, kind in expected.items():
            self.remote.fail(r"GET /submissions/", status=status)
            with self.subTest(status=status), self.assertRaises(kind):
                self.adapter.get_submission(submission_id)
        for status in (502, 504):
            self.remote.fail(r"PUT ", status=status)
            with self.assertRaises(base.OutcomeUnknown):
                self.adapter.send(submission_id, "receipt", {"client_reference": "r"})

    def test_broken_connections_are_told_apart(self):
        """Refused is not sent; a lost answer to a write is unknown."""
        refused = requests.ConnectionError(
            urllib3.exceptions.MaxRetryError(
                None, "/", urllib3.exceptions.NewConnectionError(None, "refused")
            )
        )
        reset = requests.ConnectionError(
            urllib3.exceptions.ProtocolError("aborted", ConnectionResetError())
        )
        submission_id = self.remote.submit()
        body = {"client_reference": "r"}
        for error, kind in (
            (refused, base.NotSent),
            (requests.ConnectTimeout(), base.NotSent),
            (requests.exceptions.SSLError(), base.NotSent),
            (requests.ReadTimeout(), base.OutcomeUnknown),
            (reset, base.OutcomeUnknown),
        ):
            self.remote.fail("PUT ", error=error)
            with self.subTest(error=error), self.assertRaises(kind):
                self.adapter.send(submission_id, "receipt", body)
        self.remote.fail("GET ", error=requests.ReadTimeout())
        with self.assertRaises(base.ServerFault):
            self.adapter.get_submission(submission_id)

    def test_lapsed_token_is_renewed_once(self):
        """401 brings a new token; a second 401 stops."""
        submission_id = self.remote.submit()
        self.remote.fail("GET ", status=401)
        self.assertTrue(self.adapter.get_submission(submission_id))
        self.assertEqual(self.remote.sent("oauth"), 2)
        self.remote.fail("GET ", status=401, times=2)
        with self.assertRaises(base.AuthFault):
            self.adapter.get_submission(submission_id)

    def test_wrong_secret_and_wrong_institution_are_auth_faults(self):
        """Both need a person, and neither is tried again and again."""
        for adapter in (self.make(secret="no"), self.make(institution="alta")):
            with self.assertRaises(base.AuthFault):
                adapter.check_access()
        self.assertLessEqual(self.remote.sent("oauth"), 2)

    def test_secret_is_never_in_an_error(self):
        """What a person reads holds no secret."""
        with self.assertRaises(base.AuthFault) as caught:
            self.make(secret="top-secret-value").check_access()
        self.assertNotIn("top-secret", repr(caught.exception))

    def test_throttling_says_how_long(self):
        """Retry-After is taken over, within reason."""
        submission_id = self.remote.submit()
        self.remote.fail("GET ", status=429, headers={"Retry-After": "17"})
        with self.assertRaises(base.Throttled) as caught:
            self.adapter.get_submission(submission_id)
        self.assertEqual(caught.exception.retry_after, 17)

    def test_answers_that_are_no_answers(self):
        """HTML, lists and endless bodies are refused, not parsed."""
        for body in (b"<html>", b"[1]", b"{" * 5000):
            type(self).remote._route = lambda *_args, b=body: (200, b, {})
            with self.assertRaises((base.BadAnswer, base.AuthFault)):
                self.adapter.list_submissions("", 10)
            type(self).remote = FakePlatform()

    def test_plain_http_needs_permission(self):
        """Passwords don't travel unprotected by accident."""
        with self.assertRaisesRegex(ValueError, "insecure"):
            EDirectAdapter("http://platforma.test", "i", "c", "s")

    # -- files in --------------------------------------------------------------------

    def test_cut_download_goes_on(self):
        """A cut line costs what was on the wire, not what is on disk."""
        content = os.urandom(300_000)
        submission_id, remote = self.file(content)
        self.path.write_bytes(content[:123_456])
        done = self.adapter.download(submission_id, remote, self.path)
        self.assertEqual(done.received, 300_000 - 123_456)
        self.assertEqual(self.path.read_bytes(), content)

    def test_two_workers_never_write_one_file(self):
        """Whoever was overtaken and still writes is waited for."""
        content = os.urandom(50_000)
        submission_id, remote = self.file(content)
        self.path.write_bytes(content[:20_000])
        with self.path.open("ab") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            with self.assertRaises(base.ServerFault):
                self.adapter.download(submission_id, remote, self.path)
        self.assertEqual(self.path.read_bytes(), content[:20_000])
        self.adapter.download(submission_id, remote, self.path)
        self.assertEqual(self.path.read_bytes(), content)

    def test_part_of_another_file_is_thrown_away(self):
        """When the whole does not match, it is fetched again in one piece."""
        content = os.urandom(50_000)
        submission_id, remote = self.file(content)
        self.path.write_bytes(b"x" * 20_000)
        self.adapter.download(submission_id, remote, self.path)
        self.assertEqual(self.path.read_bytes(), content)

    def test_lying_platform_is_caught(self):
        """Bytes that are not the announced ones never become a document."""
        submission_id, remote = self.file(b"honest")
        self.remote.contents[remote.id] = b"liar!!"
        with self.assertRaises(base.HashMismatch):
            self.adapter.download(submission_id, remote, self.path)
        self.assertFalse(self.path.exists())

    def test_more_bytes_than_announced_are_not_stored(self):
        """An endless answer stops at the announced size."""
        submission_id, remote = self.file(b"short")
        self.remote.contents[remote.id] = b"x" * 3_000_000
        with self.assertRaises(base.HashMismatch):
            self.adapter.download(submission_id, remote, self.path)
        self.assertFalse(self.path.exists())

    def test_empty_file_is_a_file(self):
        """Nothing can be received, too."""
        submission_id, remote = self.file(b"")
        done = self.adapter.download(submission_id, remote, self.path)
        self.assertEqual((done.size, self.path.read_bytes()), (0, b""))
        self.assertEqual(done.sha256, hashlib.sha256(b"").hexdigest())

    def test_too_large_file_is_not_begun(self):
        """The limit holds before the first byte."""
        submission_id, remote = self.file(b"x" * 2000)
        adapter = self.make(max_file_size=1000)
        with self.assertRaises(base.Permanent) as caught:
            adapter.download(submission_id, remote, self.path)
        self.assertEqual(caught.exception.code, "too_large")
        self.assertFalse(self.remote.sent("/files/"))

    def test_scan_pending_waits(self):
        """The platform's scan costs no try."""
        submission_id, remote = self.file(b"x")
        self.remote.fail(
            "/files/", status=409, code="scan_pending", headers={"Retry-After": "5"}
        )
        with self.assertRaises(base.ScanPending) as caught:
            self.adapter.download(submission_id, remote, self.path)
        self.assertEqual(caught.exception.retry_after, 5)

    # -- files out -----------------------------------------------------------------

    def upload(self, content):
        self.path.write_bytes(content)
        file = base.FileOut(
            path=self.path,
            client_reference="ref",
            name="ș.pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            media_type="application/pdf",
        )
        return self.adapter.upload("s", file)

    def test_upload_in_parts(self):
        """A large file goes in parts, an empty one goes too."""
        content = os.urandom(UPLOAD_PART * 2 + 5)
        upload_id = self.upload(content)
        self.assertEqual(self.remote.uploads[upload_id]["data"], content)
        self.assertEqual(self.remote.sent("PATCH"), 3)
        self.remote.uploads.clear()
        self.assertIn(self.upload(b""), self.remote.uploads)

    def test_upload_goes_on_where_it_broke(self):
        """The platform's offset is the truth after a lost answer."""
        content = os.urandom(UPLOAD_PART + 9)
        self.remote.fail("PATCH", error=requests.ReadTimeout(), after=True)
        upload_id = self.upload(content)
        self.assertEqual(self.remote.uploads[upload_id]["data"], content)

    def test_upload_that_never_advances_is_left(self):
        """A platform that says 0 after each part does not hold a worker for ever."""
        upload = self.remote._upload

        def at_the_beginning(request, parts):
            status, body, headers = upload(request, parts)
            return status, body, headers | {"Upload-Offset": "0"}

        self.remote._upload = at_the_beginning
        with (
            patch("time.sleep"),
            self.assertRaisesRegex(base.ServerFault, "keeps breaking off"),
        ):
            self.upload(b"abc")
        self.assertEqual(self.remote.sent("PATCH"), MAX_RESUMES + 1)

    def test_file_that_trickles_is_left_with_what_came(self):
        """The worker has others to serve; the part stays for the next try."""
        with patch.object(partial_file.time, "monotonic") as clock:
            clock.return_value = 0.0
            remote = RemoteFile.parse({"id": "1", "name": "a.pdf"})
            part = partial_file.PartialFile(self.path, remote, None, None)
            part._open()
            clock.return_value = partial_file.HEARTBEAT + 1
            part.append(b"a" * 100_000)
            clock.return_value *= 2
            with self.assertRaisesRegex(base.ServerFault, "hardly anything"):
                part.append(b"b")
            part.close()
        self.assertEqual(self.path.stat().st_size, 100_001)

    def test_upload_again_sends_nothing_twice(self):
        """A repetition after a crash finds the complete upload."""
        first = self.upload(b"abc")
        calls = self.remote.sent("PATCH")
        self.assertEqual(self.upload(b"abc"), first)
        self.assertEqual(self.remote.sent("PATCH"), calls)

    # -- our effects -----------------------------------------------------------------

    def test_lookup_tells_what_is_recorded(self):
        """Known and unknown references are told apart."""
        submission_id = self.remote.submit()
        body = {"client_reference": "r", "taken_over_at": "now"}
        asked = (submission_id, "receipt", body)
        self.assertIsNone(self.adapter.lookup(*asked))
        self.adapter.send(submission_id, "receipt", body)
        self.assertEqual(self.adapter.lookup(*asked).submission_id, submission_id)

    def test_truncated_answer_to_a_write_is_unknown(self):
        """Half an answer proves nothing."""
        submission_id = self.remote.submit()
        answer = io.BytesIO(b'{"id": ')
        type(self).remote._write = lambda *_args: (200, answer.getvalue(), {})
        with self.assertRaises(base.OutcomeUnknown):
            self.adapter.send(submission_id, "receipt", {"client_reference": "r"})
