"""Client of démarche numérique (France, formerly démarches-simplifiées): GraphQL.

One procedure there is one platform here: *our identifier there* is its number, the
client id names the officer in whose name we act (identifier or e-mail), the secret is
the API token. Written from the public description of its API v2.

Lists are ordered by the time of the last change. Errors come with HTTP 200 as well.
Nothing we send has a key there, so every act looks first what has been done already:
a repetition only does what is missing, and asking what was recorded is the same look.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import requests

from . import demarche_queries as ask
from . import demarche_reading as read
from .base import (
    AuthFault,
    BadAnswer,
    Capabilities,
    FileOut,
    Gone,
    OutcomeUnknown,
    Permanent,
    Recorded,
    ScanPending,
    ServerFault,
)
from .http_adapter import HttpAdapter
from .partial_file import CHUNK, HEARTBEAT
from .payloads import EventPage, RemoteFile, Submission, SubmissionPage, mapping, rows

API = "/api/v2/graphql"
FEEDS = ("dossiers", "pendingDeletedDossiers", "deletedDossiers")
#: Outcome of a decision -> mutation and the state it leads to.
DECISIONS = {
    "favourable": ("dossierAccepter", "accepte"),
    "partial": ("dossierAccepter", "accepte"),
    "unfavourable": ("dossierRefuser", "refuse"),
}
NO_DECISION = ("dossierClasserSansSuite", "sans_suite")


class DemarcheNumeriqueAdapter(HttpAdapter):
    """One procedure of the platform."""

    code: ClassVar[str] = "demarche_numerique"
    label: ClassVar[str] = "démarche numérique"
    capabilities: ClassVar[Capabilities] = Capabilities(
        cursor=True,
        effects=frozenset(
            {"receipt", "refusal", "state", "clarification", "message", "decision"}
        ),
        lookup=True,
        repeatable=True,
        resume_download=True,
        file_hash=True,
        events=True,
        repairs=True,
    )

    # Reading ------------------------------------------------------------------------

    def health(self) -> dict[str, Any]:
        return self._query(ask.PING, {})

    def check_access(self) -> None:
        """Prove that the token opens the procedure and the officer belongs to it."""
        groups = rows(self._demarche(ask.ACCESS), "groupeInstructeurs")
        if not any(self._find_officer(group) for group in groups):
            raise AuthFault(f"{self._client[0]} is no officer of this procedure")

    def list_submissions(self, cursor: str, limit: int) -> SubmissionPage:
        """Return the dossiers changed since the cursor.

        The first look leaves out what was decided before the connector came: it has
        its number in another register, if any.
        """
        place = read.read_positions(cursor, FEEDS[:1])["dossiers"]
        demarche = self._demarche(
            ask.LIST, first=limit, since=place.asked_since, after=place.after or None
        )
        dossiers = mapping(demarche, "dossiers")
        nodes = rows(dossiers, "nodes")
        later = place.advance(
            mapping(dossiers, "pageInfo"),
            [_moment(node) for node in nodes],
        )
        return SubmissionPage.parse(
            {
                "items": [
                    read.as_row(node, demarche)
                    for node in nodes
                    if place.since or node.get("state") not in read.ENDS
                ],
                "next_cursor": read.write_positions({"dossiers": later}),
                "has_more": bool(later.after),
            }
        )

    def list_events(self, cursor: str, limit: int) -> EventPage:
        """Return messages, corrections and deletions, from their three lists."""
        places = read.read_positions(cursor, FEEDS)
        variables: dict[str, Any] = {"first": limit}
        for name, feed in zip(("dossiers", "pending", "deleted"), FEEDS, strict=True):
            variables[f"{name}Since"] = places[feed].asked_since
            variables[f"{name}After"] = places[feed].after or None
        demarche = self._demarche(ask.ACTS, **variables)
        later, acts = {}, []
        for feed in FEEDS:
            nodes = rows(mapping(demarche, feed), "nodes")
            info = mapping(mapping(demarche, feed), "pageInfo")
            later[feed] = places[feed].advance(info, [_moment(node) for node in nodes])
            for node in nodes:
                changed = feed == "dossiers"
                acts += read.acts_of(node) if changed else [read.as_deletion(node)]
        return EventPage.parse(
            {
                "items": acts,
                "next_cursor": read.write_positions(later),
                "has_more": any(place.after for place in later.values()),
            }
        )

    def get_submission(self, submission_id: str) -> Submission:
        return Submission.parse(read.as_submission(self._look(submission_id)))

    def lookup(
        self, submission_id: str, kind: str, body: dict[str, Any]
    ) -> Recorded | None:
        """Look whether everything an answer means is there."""
        dossier = self._look(submission_id)
        missing = list(self._missing_acts(dossier, kind, body))
        if missing:
            return None
        return Recorded(submission_id, kind, "", _recorded_body(dossier, kind, body))

    def _look(self, submission_id: str) -> dict[str, Any]:
        """Read a dossier; one that is not shown to us any more is gone."""
        if not submission_id.isdecimal():
            raise Gone("not_found", "no number of a dossier")
        answer = self._query(ask.GET, {"number": int(submission_id)})
        dossier = answer.get("dossier")
        if not isinstance(dossier, dict):
            raise Gone("not_found", "the dossier is not shown any more")
        return dossier

    def _demarche(self, document: str, **variables: Any) -> dict[str, Any]:
        if not self.institution.isdecimal():
            raise AuthFault("the identifier must be the number of the procedure")
        variables["number"] = int(self.institution)
        try:
            answer = self._query(document, variables)
        except Permanent as error:
            if error.code in ("not_found", "unauthorized"):
                raise AuthFault(f"procedure {self.institution}: {error}") from error
            raise
        return mapping(answer, "demarche")

    # Files in -----------------------------------------------------------------------

    def _get_md5(self, remote: RemoteFile) -> str:
        """It stands in the identifier: no proof against ill will, but of the way."""
        return read.md5_of(remote.id)

    def _ask_for_file(
        self, submission_id: str, remote: RemoteFile, headers: dict[str, str]
    ) -> requests.Response:
        """Ask for the file under the address that the platform gives just now.

        Addresses lapse; the new one is of the same file, for its MD5 names it.
        """
        pieces = {
            piece[0]: piece[2] for piece in read.files_of(self._look(submission_id))
        }
        piece = pieces.get(remote.id)
        if not piece:
            raise Gone("file_gone", remote.name)
        if piece.get("virusScanResult") == "pending":
            raise ScanPending("the platform checks the file", retry_after=30.0)
        if piece.get("virusScanResult") == "infected":
            raise Permanent("scan_infected", remote.name)
        answer = self._http.send_elsewhere(
            "GET", str(piece.get("url") or ""), self.file_hosts, headers=headers
        )
        if answer.status_code in (401, 403, 404):
            # A store refuses a lapsed address; it says nothing about our sign-in.
            answer.close()
            raise ServerFault("the address of the file has lapsed")
        return answer

    # Effects out --------------------------------------------------------------------

    def send(self, submission_id: str, kind: str, body: dict[str, Any]) -> dict:
        """Do what is missing of an answer; return the state that it led to."""
        dossier = self._look(submission_id)
        result: dict[str, Any] = {}
        for name, values in self._missing_acts(dossier, kind, body):
            values = {"dossierId": dossier["id"], **values}
            result = self._act(name, values, dossier) or result
        if not result:
            return {}
        return {
            "state": read.STATES.get(result.get("state"), ""),
            "version": read.version_of(result.get("dateDerniereModification")),
        }

    def _missing_acts(self, dossier: dict[str, Any], kind: str, body: dict[str, Any]):
        """Yield the mutations, with their values, that an answer still needs.

        :raise Permanent: the dossier has ended in another way meanwhile
        """
        state, text = dossier.get("state"), str(body.get("text") or "")
        if kind in ("clarification", "message"):
            asked = {"correction": "incomplete"} if kind == "clarification" else {}
            yield from _message(dossier, body["client_reference"], text, asked)
        elif kind == "decision":
            end = DECISIONS.get(body.get("outcome"), NO_DECISION)
            uploads = [str(upload) for upload in body.get("uploads") or []]
            said = f"{text}\n\nNr. {body.get('number')} / {body.get('date')}".strip()
            # The decision takes one document; the others go before it as messages.
            for place, upload in enumerate(uploads[1:], 2):
                mark = f"{body['client_reference']}#{place}"
                yield from _message(dossier, mark, said, {"attachment": upload})
            yield from _end(dossier, end, said, uploads[:1])
        elif kind == "refusal" and not body.get("permanent"):
            yield from _message(dossier, body["client_reference"], text)
        elif kind == "refusal":
            yield from _end(dossier, DECISIONS["unfavourable"], text)
        elif body.get("state") == "withdrawn":
            said = str(body.get("reason") or "") or body["client_reference"]
            yield from _end(dossier, NO_DECISION, said)
        elif state == "en_construction":
            yield "dossierPasserEnInstruction", {}
        elif kind == "state" and state in read.ENDS:
            raise Permanent("invalid_state", str(state))

    def _act(self, name: str, values: dict, dossier: dict) -> dict[str, Any]:
        """Carry out a mutation; return the dossier as it stands afterwards."""
        officer = self._find_officer(mapping(dossier, "groupeInstructeur"))
        message = name == "dossierEnvoyerMessage"
        document = ask.mutation(name, *(["message { id }"] if message else []))
        values["instructeurId"] = officer or self._client[0]
        answer = self._query(document, {"input": values}, writes=True)
        done = mapping(answer, name)
        refusals = [str(row.get("message")) for row in rows(done, "errors")]
        if refusals:
            raise Permanent("refused", "; ".join(refusals))
        return mapping(done, "dossier")

    def _find_officer(self, group: dict[str, Any]) -> str:
        """Return the identifier of our officer, if it belongs to this group."""
        for officer in rows(group, "instructeurs"):
            if self._client[0] in (officer.get("id"), officer.get("email")):
                return str(officer.get("id"))
        return ""

    def upload(
        self,
        submission_id: str,
        file: FileOut,
        *,
        heartbeat: Callable[[], None] | None = None,
    ) -> str:
        """Bring a file into the platform's store; one that nothing uses is purged."""
        values = {
            "dossierId": self._look(submission_id)["id"],
            "filename": file.name,
            "byteSize": file.size,
            "checksum": _md5(file.path),
            "contentType": file.media_type,
        }
        # A reserved place that nobody uses changes nothing: this is not yet a write.
        answer = self._query(ask.UPLOAD, {"input": values})
        place = mapping(mapping(answer, "createDirectUpload"), "directUpload")
        try:
            headers = dict(json.loads(str(place.get("headers") or "{}")))
        except ValueError as error:
            raise BadAnswer("upload without headers") from error
        with file.path.open("rb") as source:
            stored = self._http.send_elsewhere(
                "PUT",
                str(place.get("url") or ""),
                self.file_hosts,
                headers={str(key): str(value) for key, value in headers.items()},
                data=_Beating(source, file.size, heartbeat) if file.size else b"",
            )
        stored.close()
        if stored.status_code not in (200, 201, 204):
            raise ServerFault(f"the store answered {stored.status_code}")
        return str(place.get("signedBlobId") or "")

    # Calls --------------------------------------------------------------------------

    def _query(
        self, document: str, variables: dict[str, Any], *, writes: bool = False
    ) -> dict[str, Any]:
        """Ask, and understand errors whichever way they come."""
        answer = self._http.send(
            "POST",
            API,
            writes=writes,
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {self._client[1]}"},
        )
        if answer.status_code != 200:
            raise self._http.fault(answer, writes=writes)
        try:
            body = self._http.read_json(answer, writes=writes)
        except BadAnswer as error:
            if writes:
                raise OutcomeUnknown(str(error)) from error
            raise
        errors = rows(body, "errors")
        if errors:
            raise _fault(errors[0], writes=writes)
        return mapping(body, "data")


class _Beating:
    """A file on its way out that shows now and then that it is going."""

    def __init__(self, source: BinaryIO, size: int, beat: Callable | None) -> None:
        self._source, self._size, self._beat = source, size, beat
        self._told = time.monotonic()

    def __len__(self) -> int:
        return self._size

    def __iter__(self):
        while piece := self._source.read(CHUNK):
            yield piece
            if self._beat and time.monotonic() - self._told > HEARTBEAT:
                self._beat()
                self._told = time.monotonic()


def _moment(node: dict[str, Any]) -> str:
    """Return the moment by which a list is ordered."""
    return str(node.get("dateDerniereModification") or node.get("dateSupression") or "")


def _message(
    dossier: dict, reference: str, text: str, values: dict[str, Any] | None = None
):
    """Yield a message, unless one with our mark is there."""
    mark = f"[{hashlib.sha256(reference.encode()).hexdigest()[:12]}]"
    if not any(mark in str(said.get("body")) for said in rows(dossier, "messages")):
        body = f"{text}\n\n{mark}".strip()
        yield "dossierEnvoyerMessage", {"body": body, **(values or {})}


def _end(dossier: dict, end: tuple[str, str], text: str, uploads: list[str] = ()):
    """Yield what leads to an end, unless this very end is there."""
    name, target = end
    state = dossier.get("state")
    if state in read.ENDS:
        if state != target or _plain(dossier.get("motivation")) != _plain(text):
            raise Permanent("invalid_state", f"{state}: {dossier.get('motivation')}")
        return
    if state == "en_construction":
        yield "dossierPasserEnInstruction", {}
    extra = {"justificatif": uploads[0]} if uploads else {}
    yield name, {"motivation": text, **extra}


def _recorded_body(dossier: dict, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Say what is there in the words in which we said it."""
    if kind != "decision":
        return {}
    uploads = list(body.get("uploads") or [])
    if uploads and not dossier.get("motivationAttachment"):
        uploads = uploads[1:]
    return {"number": body.get("number"), "uploads": uploads}


def _plain(text: Any) -> str:
    return " ".join(str(text or "").split())


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
    return base64.b64encode(digest.digest()).decode()


def _fault(error: dict[str, Any], *, writes: bool):
    """Turn an error of GraphQL into the exception that says what to do."""
    code = str(mapping(error, "extensions").get("code") or "refused")
    detail = str(error.get("message") or "")[:500]
    if code == "timeout":
        return (OutcomeUnknown if writes else ServerFault)(detail)
    if code == "invalid_null":
        return ServerFault(detail)
    if code == "not_found":
        return Gone(code, detail)
    return Permanent(code, detail)
