"""Client of a KS SvarInn inbox (Norway): list, download, receipt, failure.

An inbox without a cursor: it lists what has no receipt yet, so a receipt both confirms
and removes. It knows no number of ours, no progress and no decision. Source: the public
description ``bekymringsmelding-svarinn-mottak-api-v1`` of KS (OpenAPI 3.0.1).
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote

import requests

from .base import Capabilities, Gone, Permanent
from .http_adapter import HttpAdapter
from .payloads import RemoteFile, Submission, SubmissionPage

API = "/bekymringsmelding-svarinn-mottak/api/v1"
#: Effect kind -> path before the identifier.
EFFECTS = {
    "receipt": "kvitterMottak/forsendelse",
    "refusal": "mottakFeilet/forsendelse",
}
#: The one file of a shipment: all its documents as one PDF.
FILE_ID = "forsendelse"


class SvarInnAdapter(HttpAdapter):
    """The four operations of the inbox."""

    code: ClassVar[str] = "svarinn"
    label: ClassVar[str] = "KS SvarInn"
    capabilities: ClassVar[Capabilities] = Capabilities(
        effects=frozenset(EFFECTS), repeatable=True, file_hash=True
    )

    def health(self) -> dict[str, Any]:
        return {"waiting": len(self._list())}

    def check_access(self) -> None:
        self._list()

    # Reading ------------------------------------------------------------------------

    def list_submissions(self, cursor: str, limit: int) -> SubmissionPage:
        """Return everything without a receipt; the inbox knows no pages."""
        items = [_as_submission(row) for row in self._list()]
        return SubmissionPage.parse({"items": items})

    def get_submission(self, submission_id: str) -> Submission:
        for row in self._list():
            if str(row.get("id")) == submission_id:
                return Submission.parse(_as_submission(row))
        raise Gone("not_listed", "the inbox no longer lists it")

    def _list(self) -> list[dict[str, Any]]:
        answer = self._call("GET", "/mottaker/hentNyeForsendelser")
        if answer.status_code != 200:
            raise self._http.fault(answer, writes=False)
        rows = self._http.read_list(answer)
        return [row for row in rows if isinstance(row, dict)]

    def _ask_for_file(
        self, submission_id: str, remote: RemoteFile, headers: dict[str, str]
    ) -> requests.Response:
        address = f"/forsendelse/{quote(submission_id, safe='')}"
        return self._call("GET", address, headers=headers)

    # Effects out --------------------------------------------------------------------

    def send(self, submission_id: str, kind: str, body: dict[str, Any]) -> dict:
        """Confirm or refuse; a repetition finds the shipment gone already."""
        address = f"/{EFFECTS[kind]}/{quote(submission_id, safe='')}"
        answer = self._call("POST", address, writes=True)
        if answer.status_code in (200, 201, 204):
            answer.close()
            return {}
        fault = self._http.fault(answer, writes=True)
        if isinstance(fault, Permanent) and answer.status_code in (404, 410):
            # It leaves the inbox with its receipt: an earlier try has arrived.
            return {}
        raise fault

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._http.send(method, API + path, auth=self._client, **options)


def _as_submission(row: dict[str, Any]) -> dict[str, Any]:
    """Say a shipment in the words of our payloads; what is unknown stays beside.

    >>> shipment = {"id": "7", "tittel": "Melding", "date": 1791100800000}
    >>> said = _as_submission(shipment)
    >>> said["procedure"], said["submitted_at"]
    ({'code': '', 'title': 'Melding'}, '2026-10-04T08:00:00+00:00')
    """
    sender = row.get("avsender") if isinstance(row.get("avsender"), dict) else {}
    lines = (sender.get(f"adresselinje{number}") for number in (1, 2, 3))
    city = (sender.get("postnr"), sender.get("poststed"))
    return {
        "id": row.get("id"),
        "number": row.get("eksternRef") or row.get("id"),
        "state": "submitted",
        "procedure": {
            "code": row.get("forsendelseType") or "",
            "title": row.get("tittel") or "",
        },
        "submitted_at": _moment(row.get("date")),
        "applicant": {
            "name": sender.get("navn"),
            "address": {
                "street": ", ".join(str(line) for line in lines if line),
                "city": " ".join(str(part) for part in city if part),
            },
        },
        "observations": row.get("tittel") or "",
        "files": _files(row),
        "source": row,
    }


def _files(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Describe the one PDF; of several documents the description doesn't hold."""
    described = [f for f in row.get("filmetadata") or [] if isinstance(f, dict)]
    single = described[0] if len(described) == 1 else {}
    return [
        {
            "id": FILE_ID,
            "name": single.get("filnavn") or f"{row.get('id')}.pdf",
            "size": single.get("size"),
            "sha256": _digest(single.get("sha256hash")),
            "declared_type": single.get("mimetype") or "application/pdf",
        }
    ]


def _digest(text: Any) -> str:
    """Read a SHA-256 in hexadecimal or base64; an unreadable one is none.

    >>> _digest("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")[:8]
    '2cf24dba'
    """
    text = str(text or "").strip()
    if len(text) == 64:
        return text.lower()
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return value.hex() if len(value) == 32 else ""


def _moment(milliseconds: Any) -> str | None:
    try:
        moment = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.isoformat()
