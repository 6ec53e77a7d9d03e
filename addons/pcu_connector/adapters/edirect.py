"""Client of ``docs/exchange-api.yaml``, the interface of eDirect (PCUe) platforms."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import requests

from .base import (
    AuthFault,
    BadAnswer,
    Capabilities,
    FileOut,
    HashMismatch,
    OutcomeUnknown,
    Permanent,
    Recorded,
    ServerFault,
)
from .downloading import MAX_RESUMES
from .http_adapter import HttpAdapter
from .payloads import EventPage, MalformedError, RemoteFile, Submission, SubmissionPage

API = "/api/v1"
#: Bytes of one PATCH: what a cut connection costs at most.
UPLOAD_PART = 4 * 1024 * 1024

#: Effect kind -> method and path below the submission.
EFFECTS = {
    "receipt": ("PUT", "receipt"),
    "registration": ("PUT", "registration"),
    "refusal": ("PUT", "refusal"),
    "state": ("PUT", "state"),
    "clarification": ("POST", "messages"),
    "message": ("POST", "messages"),
    "decision": ("PUT", "decision"),
}


class TokenCache:
    """Access tokens of this process, by client; never written to the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[tuple, tuple[str, float]] = {}

    def get(self, key: tuple) -> str | None:
        with self._lock:
            token, until = self._tokens.get(key, ("", 0.0))
        return token if token and time.monotonic() < until else None

    def put(self, key: tuple, token: str, seconds: float) -> None:
        # A tenth less than promised, so that a token does not lapse on its way.
        with self._lock:
            self._tokens[key] = (token, time.monotonic() + seconds * 0.9)

    def drop(self, key: tuple) -> None:
        with self._lock:
            self._tokens.pop(key, None)


TOKENS = TokenCache()


class EDirectAdapter(HttpAdapter):
    """The exchange interface, version 1."""

    code: ClassVar[str] = "edirect"
    label: ClassVar[str] = "eDirect / PCUe"
    capabilities: ClassVar[Capabilities] = Capabilities(
        cursor=True,
        effects=frozenset(EFFECTS),
        lookup=True,
        resume_download=True,
        resume_upload=True,
        file_hash=True,
        events=True,
        repairs=True,
        wakeup=True,
        catalogue=True,
    )

    @cached_property
    def _token_key(self) -> tuple:
        """Whose token it is, without the secret itself."""
        digest = hashlib.sha256("\0".join(self._client).encode()).hexdigest()
        return (self._http.base_url, digest)

    # Reading ------------------------------------------------------------------------

    def health(self) -> dict[str, Any]:
        answer = self._http.send("GET", f"{API}/health")
        if answer.status_code != 200:
            raise self._http.fault(answer, writes=False)
        return self._http.read_json(answer)

    def check_access(self) -> None:
        TOKENS.drop(self._token_key)
        self.list_submissions("", 1)

    def list_submissions(self, cursor: str, limit: int) -> SubmissionPage:
        body = self._get(self._list_path("submissions", cursor, limit))
        return _parsed(SubmissionPage, body)

    def list_events(self, cursor: str, limit: int) -> EventPage:
        return _parsed(EventPage, self._get(self._list_path("events", cursor, limit)))

    def list_procedures(self) -> list[dict[str, Any]]:
        body = self._get(f"/institutions/{_quoted(self.institution)}/procedures")
        items = body.get("items")
        if not isinstance(items, list):
            return []
        return [row for row in items if isinstance(row, dict)]

    def get_submission(self, submission_id: str) -> Submission:
        return _parsed(Submission, self._get(f"/submissions/{_quoted(submission_id)}"))

    def lookup(
        self, submission_id: str, kind: str, body: dict[str, Any]
    ) -> Recorded | None:
        """Ask under the reference, whatever it was sent for."""
        try:
            body = self._get(f"/references/{_quoted(body['client_reference'])}")
        except Permanent as error:
            if error.code in ("not_found", "404"):
                return None
            raise
        return Recorded(
            submission_id=str(body.get("submission_id") or ""),
            effect=str(body.get("effect") or ""),
            at=str(body.get("at") or ""),
            body=body.get("body") if isinstance(body.get("body"), dict) else {},
        )

    def _ask_for_file(
        self, submission_id: str, remote: RemoteFile, headers: dict[str, str]
    ) -> requests.Response:
        address = f"/submissions/{_quoted(submission_id)}/files/{_quoted(remote.id)}"
        return self._call("GET", address, headers=headers)

    # Effects out --------------------------------------------------------------------

    def send(self, submission_id: str, kind: str, body: dict[str, Any]) -> dict:
        method, name = EFFECTS[kind]
        path = f"/submissions/{_quoted(submission_id)}/{name}"
        answer = self._call(method, path, writes=True, json=body)
        if answer.status_code not in (200, 201):
            raise self._http.fault(answer, writes=True)
        try:
            return self._http.read_json(answer, writes=True)
        except BadAnswer as error:
            # The platform said yes in words we can't read: ask it what it recorded.
            raise OutcomeUnknown(str(error)) from error

    def upload(
        self,
        submission_id: str,
        file: FileOut,
        *,
        heartbeat: Callable[[], None] | None = None,
    ) -> str:
        """Announce the file, then send it from where the platform has it.

        Announcing again with the same reference finds the same upload, so a repetition
        after a crash sends only what is missing.
        """
        upload_id, offset, done = self._announce(
            {
                "client_reference": file.client_reference,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "media_type": file.media_type,
            }
        )
        failures, mismatches = 0, 0
        while not done or offset < file.size:
            if heartbeat:
                heartbeat()
            before = offset
            try:
                offset = self._send_part(upload_id, file.path, offset)
                done = True
                if offset <= before < file.size:
                    raise ServerFault("the upload does not advance")
            except HashMismatch:
                mismatches += 1
                if mismatches > 1:
                    raise
                offset, done = self._offset(upload_id), False
            except (OutcomeUnknown, ServerFault):
                failures += 1
                if failures > MAX_RESUMES:
                    raise ServerFault("the upload keeps breaking off") from None
                time.sleep(0.2 * failures)
                offset = self._offset(upload_id)
                failures = 0 if offset > before else failures
                done = offset >= file.size > 0
        return upload_id

    def _announce(self, body: dict[str, Any]) -> tuple[str, int, bool]:
        answer = self._call("POST", "/uploads", writes=True, json=body)
        if answer.status_code not in (200, 201):
            raise self._http.fault(answer, writes=True)
        value = self._http.read_json(answer, writes=True)
        upload_id = str(value.get("id") or "")
        if not upload_id:
            raise BadAnswer("upload without id")
        offset = _offset_of(value.get("offset"))
        # An empty file still needs its one empty part, unless it is complete already.
        complete = bool(value.get("complete")) or offset >= body["size"] > 0
        return upload_id, offset, complete

    def _send_part(self, upload_id: str, path: Path, offset: int) -> int:
        with path.open("rb") as source:
            source.seek(offset)
            part = source.read(UPLOAD_PART)
        answer = self._call(
            "PATCH",
            f"/uploads/{_quoted(upload_id)}",
            writes=True,
            data=part,
            headers={
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(part)),
            },
        )
        if answer.status_code in (200, 204):
            answer.close()
            return _offset_of(answer.headers.get("Upload-Offset"), offset + len(part))
        fault = self._http.fault(answer, writes=True)
        if isinstance(fault, Permanent) and fault.code == "hash_mismatch":
            raise HashMismatch(fault.code, fault.detail)
        if isinstance(fault, Permanent) and answer.status_code == 409:
            raise ServerFault("the platform is at another offset") from fault
        raise fault

    def _offset(self, upload_id: str) -> int:
        answer = self._call("HEAD", f"/uploads/{_quoted(upload_id)}")
        answer.close()
        if answer.status_code not in (200, 204):
            raise self._http.fault(answer, writes=False)
        return _offset_of(answer.headers.get("Upload-Offset"))

    # Calls --------------------------------------------------------------------------

    def _list_path(self, name: str, cursor: str, limit: int) -> str:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        return f"/institutions/{_quoted(self.institution)}/{name}?{urlencode(query)}"

    def _get(self, path: str) -> dict:
        answer = self._call("GET", path)
        if answer.status_code != 200:
            raise self._http.fault(answer, writes=False)
        return self._http.read_json(answer)

    def _call(
        self,
        method: str,
        path: str,
        *,
        writes: bool = False,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        """Send with our token; a lapsed one is renewed once."""
        for fresh in (False, True):
            token = self._token(fresh=fresh)
            answer = self._http.send(
                method,
                API + path,
                writes=writes,
                headers={**(headers or {}), "Authorization": f"Bearer {token}"},
                **options,
            )
            if answer.status_code != 401:
                return answer
            if not fresh:
                answer.close()
        return answer

    def _token(self, *, fresh: bool = False) -> str:
        if fresh:
            TOKENS.drop(self._token_key)
        token = TOKENS.get(self._token_key)
        if token:
            return token
        answer = self._http.send(
            "POST",
            f"{API}/oauth/token",
            auth=self._client,
            data={"grant_type": "client_credentials"},
        )
        if answer.status_code in (400, 401, 403):
            answer.close()
            raise AuthFault(f"{answer.status_code} sign-in refused")
        if answer.status_code != 200:
            raise self._http.fault(answer, writes=False)
        body = self._http.read_json(answer)
        token = str(body.get("access_token") or "")
        if not token:
            raise AuthFault("sign-in gave no token")
        seconds = _offset_of(body.get("expires_in"), 300)
        TOKENS.put(self._token_key, token, seconds)
        return token


def _parsed(kind: type, body: dict):
    try:
        return kind.parse(body)
    except MalformedError as error:
        raise BadAnswer(str(error)) from error


def _quoted(value: str) -> str:
    return quote(str(value), safe="")


def _offset_of(value: Any, default: int = 0) -> int:
    try:
        return max(int(value), 0)
    except (TypeError, ValueError):
        return default
