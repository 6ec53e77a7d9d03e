"""A platform in memory that answers at the level of ``requests``.

It speaks as much of ``docs/exchange-api.yaml`` as the connector uses, remembers what it
was told, and fails on request. No call of it reaches the network.
"""

import hashlib
import io
import json
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3

SECRET = "correct horse"
INSTITUTION = "primaria-test"


class FakePlatform:
    """Submissions, events, effects and uploads, and the faults of a bad day."""

    def __init__(self):
        self.submissions, self.seq = {}, 0
        self.contents, self.events = {}, []
        self.effects, self.uploads = {}, {}
        self.procedures = []
        self.calls, self.faults = [], []
        self.secret = SECRET
        self.number = 100000

    # -- the citizen's side ---------------------------------------------------

    def submit(self, files=(), **values):
        """File a submission; ``files`` are (name, bytes) pairs."""
        self.number += 1
        submission_id = str(uuid.uuid4())
        self.submissions[submission_id] = {
            "id": submission_id,
            "number": str(self.number),
            "version": 1,
            "state": "submitted",
            "procedure": {"code": "CU", "title": "Certificat de urbanism"},
            "submitted_at": "2026-11-10T09:30:00+02:00",
            "updated_at": "2026-11-10T09:30:00+02:00",
            "applicant": {
                "kind": "natural",
                "name": "Ana Popescu",
                "email": "ana@example.ro",
            },
            "observations": "",
            "consent": {"given": True, "at": "2026-11-10T09:30:00+02:00"},
            "form": {},
            "files": [self._file(*file) for file in files],
            "seq": self._next_seq(),
            **values,
        }
        self.happen(submission_id, "submitted")
        return submission_id

    def _file(self, name, content, **values):
        file_id = str(uuid.uuid4())
        self.contents[file_id] = content
        return {
            "id": file_id,
            "slot": None,
            "name": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "declared_type": "application/pdf",
            "signed": False,
            "scan": "clean",
            **values,
        }

    def happen(self, submission_id, kind, files=(), **data):
        """Let the citizen do something."""
        added = [self._file(*file) for file in files]
        submission = self.submissions[submission_id]
        submission["files"] += added
        data["files"] = [file["id"] for file in added]
        event = {
            "id": str(uuid.uuid4()),
            "at": "2026-11-11T10:00:00+02:00",
            "submission_id": submission_id,
            "kind": kind,
            "data": data,
            "seq": self._next_seq(),
        }
        self.events.append(event)
        if kind != "submitted":
            self._touch(submission_id)
        if kind == "withdrawn":
            submission["state"] = "withdrawn"
        return event

    def _touch(self, submission_id):
        self.submissions[submission_id]["version"] += 1
        self.submissions[submission_id]["seq"] = self._next_seq()

    def _next_seq(self):
        self.seq += 1
        return self.seq

    # -- faults ----------------------------------------------------------------

    def fail(self, pattern, *, status=None, error=None, after=False, times=1, **extra):
        """Answer matching calls with a status or an exception, ``times`` times.

        :param after: do the act first, then fail
        """
        self.faults.append([pattern, status, error, after, times, extra])

    def _fault(self, call):
        for fault in self.faults:
            if fault[4] and re.search(fault[0], call):
                fault[4] -= 1
                return fault
        return None

    # -- the wire --------------------------------------------------------------

    def handle(self, request):
        """Answer a prepared request."""
        parts = urlsplit(request.url)
        path = parts.path.removeprefix("/api/v1")
        call = f"{request.method} {path}"
        self.calls.append(call)
        fault = self._fault(call)
        if fault and not fault[3]:
            return self._broken(request, fault)
        status, body, headers = self._route(request, path, parse_qs(parts.query))
        if fault:
            return self._broken(request, fault)
        return self._response(request, status, body, headers)

    def _broken(self, request, fault):
        _pattern, status, error, _after, _times, extra = fault
        if error:
            raise error
        headers = extra.pop("headers", {})
        body = {"code": "fault", "detail": "Asked for.", **extra}
        return self._response(request, status, body, headers)

    def _response(self, request, status, body, headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = status, request, request.url
        answer.headers.update(headers)
        answer.raw = urllib3.HTTPResponse(
            io.BytesIO(data), headers=headers, status=status, preload_content=False
        )
        return answer

    def _route(self, request, path, query):
        if path == "/health":
            return 200, {"status": "ok"}, {}
        if path == "/oauth/token":
            return self._token(request)
        if request.headers.get("Authorization") != "Bearer good":
            return 401, {"code": "token_expired"}, {}
        parts = path.strip("/").split("/")
        if parts[0] == "institutions":
            if parts[1] != INSTITUTION:
                return 403, {"code": "other_institution"}, {}
            return self._list(parts[2], query)
        if parts[0] == "references":
            known = self.effects.get(parts[1])
            return (200, known, {}) if known else (404, {"code": "not_found"}, {})
        if parts[0] == "uploads":
            return self._upload(request, parts[1:])
        submission = self.submissions.get(parts[1])
        if not submission:
            return 404, {"code": "not_found"}, {}
        if submission["state"] == "deleted":
            return 410, {"code": "deleted"}, {}
        if len(parts) == 2:
            return 200, submission, {}
        if parts[2] == "files":
            return self._download(request, parts[3])
        return self._write(request, submission, parts[2])

    def _token(self, request):
        expected = requests.auth._basic_auth_str("client", self.secret)
        if request.headers.get("Authorization") != expected:
            return 401, {"code": "invalid_client"}, {}
        body = {"access_token": "good", "token_type": "Bearer", "expires_in": 3600}
        return 200, body, {}

    def _list(self, feed, query):
        if feed == "procedures":
            return 200, {"items": self.procedures}, {}
        rows = self.submissions.values() if feed == "submissions" else self.events
        start = int(query.get("cursor", ["0"])[0] or 0)
        rows = sorted((r for r in rows if r["seq"] > start), key=lambda r: r["seq"])
        limit = int(query["limit"][0])
        page = rows[:limit]
        body = {
            "items": page,
            "next_cursor": str(page[-1]["seq"] if page else start),
            "has_more": len(rows) > limit,
        }
        return 200, body, {}

    def _download(self, request, file_id):
        content = self.contents[file_id]
        etag = hashlib.sha256(content).hexdigest()
        headers = {"ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        wanted = request.headers.get("Range")
        if wanted and request.headers.get("If-Range") == f'"{etag}"':
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            headers["Content-Range"] = (
                f"bytes {start}-{len(content) - 1}/{len(content)}"
            )
            return 206, content[start:], headers
        return 200, content, headers

    def _upload(self, request, parts):
        if not parts:
            body = json.loads(request.body)
            upload_id = "up-" + body["client_reference"]
            upload = self.uploads.setdefault(upload_id, {**body, "data": b""})
            return 201, {"id": upload_id, "offset": len(upload["data"])}, {}
        upload = self.uploads[parts[0]]
        if request.method == "PATCH":
            upload["data"] += request.body or b""
        return 204, b"", {"Upload-Offset": str(len(upload["data"]))}

    def _write(self, request, submission, act):
        body = json.loads(request.body)
        reference = body["client_reference"]
        known = self.effects.get(reference)
        if known and known["body"] != body:
            return 409, {"code": "reference_conflict", "recorded": known}, {}
        if not known:
            self.effects[reference] = {
                "submission_id": submission["id"],
                "effect": act,
                "at": "2026-11-10T10:00:00+02:00",
                "body": body,
            }
            self._show(submission, act, body)
            self._touch(submission["id"])
        return 200, {"id": submission["id"], "version": submission["version"]}, {}

    def _show(self, submission, act, body):
        """Let the citizen see what an act of ours means."""
        state = submission["state"]
        if act == "receipt" and state == "submitted":
            submission["state"] = "taken_over"
        elif act == "registration" and state in ("submitted", "taken_over"):
            submission["state"] = "registered"
        elif act == "refusal" and body["permanent"]:
            submission["state"] = "refused"
        elif act == "state":
            submission["state"] = body["state"]
        elif act == "decision":
            submission["state"] = "resolved"

    def forget(self, submission_id, act):
        """Be a platform that an answer never reached."""
        self.effects = {
            reference: effect
            for reference, effect in self.effects.items()
            if (effect["submission_id"], effect["effect"]) != (submission_id, act)
        }

    # -- what it was told --------------------------------------------------------

    def told(self, submission_id, act=None):
        """Return the bodies recorded for a submission, in order."""
        return [
            e["body"] if act else e["effect"]
            for e in self.effects.values()
            if e["submission_id"] == submission_id and act in (None, e["effect"])
        ]

    def sent(self, pattern):
        """Count the calls that match."""
        return len([call for call in self.calls if re.search(pattern, call)])
