"""Submissions: how they come to be, change, and are shown to the institution.

Whoever changes a submission does it inside a `write()` transaction through `touch`,
so that every change raises the version and shows the submission in the list again.
"""

import json
import sqlite3
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from edirect import clock, states
from edirect.db import dumps, insert, next_number, next_stamp
from edirect.problems import ProblemError

FIRST_NUMBER = 100001
CONSENT_VERSION = "2026-01"
# The standard test file of virus scanners: lets tests meet an infected file.
EICAR_MARK = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


@dataclass
class NewFile:
    """A file whose bytes are already in the blob store."""

    name: str
    size: int
    sha256: str
    declared_type: str = "application/octet-stream"
    slot: str | None = None
    signed: bool = False
    infected: bool = False


@dataclass
class NewSubmission:
    institution: str
    procedure_code: str
    procedure_title: str
    applicant: dict[str, Any]
    account_kind: str = "personal"
    observations: str = ""
    user_id: str | None = None
    form: dict[str, Any] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    consent_given: bool = True
    files: list[NewFile] = field(default_factory=list)
    submitted_at: datetime | None = None
    id: str = ""


def new_id() -> str:
    return str(uuid.uuid4())


def create(
    tx: sqlite3.Connection, new: NewSubmission, scan_seconds: float = 0.0
) -> dict[str, Any]:
    """Store a submission with its files, its first history line and its event."""
    stamp = next_stamp(tx, new.submitted_at)
    submission_id = new.id or new_id()
    number = next_number(tx, "piseg", FIRST_NUMBER)
    consent = {
        "given": new.consent_given,
        "at": stamp,
        "text_version": CONSENT_VERSION,
    }
    insert(
        tx,
        "submissions",
        {
            "id": submission_id,
            "number": number,
            "institution": new.institution,
            "procedure_code": new.procedure_code,
            "procedure_title": new.procedure_title,
            "state": states.SUBMITTED,
            "user_id": new.user_id,
            "account_kind": new.account_kind,
            "applicant": dumps(new.applicant),
            "observations": new.observations,
            "consent": dumps(consent),
            "form": dumps(new.form),
            "payments": dumps(new.payments),
            "submitted_at": stamp,
            "updated_at": stamp,
        },
    )
    ids = add_files(tx, submission_id, "citizen", new.files, scan_seconds)
    add_history(tx, submission_id, stamp, "citizen", "submitted", files=ids)
    add_event(tx, new.institution, submission_id, stamp, "submitted", {"files": ids})
    return {"id": submission_id, "number": str(number), "files": ids}


def add_files(
    tx: sqlite3.Connection,
    submission_id: str,
    origin: str,
    files: list[NewFile],
    scan_seconds: float = 0.0,
) -> list[str]:
    """Add files; those of a citizen wait for their scan first."""
    last = tx.execute(
        "SELECT coalesce(max(seq), 0) FROM files WHERE submission_id = ?",
        (submission_id,),
    ).fetchone()[0]
    scanned = clock.now() + timedelta(seconds=scan_seconds)
    ids = []
    for seq, item in enumerate(files, start=last + 1):
        ids.append(new_id())
        insert(
            tx,
            "files",
            {
                "id": ids[-1],
                "submission_id": submission_id,
                "seq": seq,
                "origin": origin,
                "slot": item.slot,
                "name": item.name,
                "size": item.size,
                "sha256": item.sha256,
                "declared_type": item.declared_type,
                "signed": int(item.signed),
                "infected": int(item.infected),
                "scanned_at": clock.to_text(scanned),
            },
        )
    if origin == "citizen":
        tx.execute(
            "UPDATE submissions SET file_count = file_count + ? WHERE id = ?",
            (len(ids), submission_id),
        )
    return ids


def add_history(
    tx: sqlite3.Connection,
    submission_id: str,
    at: str,
    actor: str,
    kind: str,
    text: str = "",
    files: list[str] | None = None,
    data: dict[str, Any] | None = None,
) -> str:
    history_id = new_id()
    insert(
        tx,
        "history",
        {
            "id": history_id,
            "submission_id": submission_id,
            "at": at,
            "actor": actor,
            "kind": kind,
            "text": text,
            "files": dumps(files or []),
            "data": dumps(data or {}),
        },
    )
    return history_id


def add_event(
    tx: sqlite3.Connection,
    institution: str,
    submission_id: str,
    at: str,
    kind: str,
    data: dict[str, Any],
) -> None:
    insert(
        tx,
        "events",
        {
            "id": new_id(),
            "institution": institution,
            "at": at,
            "submission_id": submission_id,
            "kind": kind,
            "data": dumps(data),
        },
    )


def touch(tx: sqlite3.Connection, submission_id: str, **changes: Any) -> str:
    """Change columns of a submission, raise its version and return the new stamp."""
    stamp = next_stamp(tx)
    sets = "".join(f", {column} = ?" for column in changes)
    sql = f"UPDATE submissions SET version = version + 1, updated_at = ?{sets}"  # noqa: S608
    tx.execute(f"{sql} WHERE id = ?", (stamp, *changes.values(), submission_id))
    return stamp


def get(connection: sqlite3.Connection, submission_id: str) -> sqlite3.Row:
    """Return the row, or refuse: unknown is 404, deleted is 410."""
    row = connection.execute(
        "SELECT * FROM submissions WHERE id = ?", (submission_id,)
    ).fetchone()
    if row is None:
        raise ProblemError(404, "not_found", "There is no such submission.")
    if row["deleted_at"]:
        raise ProblemError(410, "deleted", "The submission was deleted.")
    return row


def get_for(
    connection: sqlite3.Connection, submission_id: str, institutions: tuple[str, ...]
) -> sqlite3.Row:
    """Return the row if it belongs to one of the institutions."""
    try:
        row = get(connection, submission_id)
    except ProblemError as refusal:
        if refusal.status != 410:
            raise
        row = connection.execute(
            "SELECT * FROM submissions WHERE id = ?", (submission_id,)
        ).fetchone()
        if row["institution"] in institutions:
            raise
    if row["institution"] not in institutions:
        raise ProblemError(
            403, "other_institution", "The submission is of another institution."
        )
    return row


def summary(row: sqlite3.Row) -> dict[str, Any]:
    """Return a submission as a line of the list."""
    return {
        "id": row["id"],
        "number": str(row["number"]),
        "version": row["version"],
        "state": row["state"],
        "procedure": {"code": row["procedure_code"], "title": row["procedure_title"]},
        "submitted_at": row["submitted_at"],
        "updated_at": row["updated_at"],
        "file_count": row["file_count"],
    }


def detail(connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """Return the whole submission."""
    files = files_of(connection, row["id"])
    return {
        **summary(row),
        "institution": row["institution"],
        "applicant": json.loads(row["applicant"]),
        "account_kind": row["account_kind"],
        "observations": row["observations"],
        "consent": json.loads(row["consent"]),
        "form": json.loads(row["form"]),
        "files": [file_view(f) for f in files if f["origin"] == "citizen"],
        "payments": json.loads(row["payments"]),
        "history": history_of(connection, row["id"]),
        "registration": _loaded(row["registration"]),
        "decision": _loaded(row["decision"]),
        "issued_files": [file_view(f) for f in files if f["origin"] != "citizen"],
    }


def files_of(connection: sqlite3.Connection, submission_id: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT * FROM files WHERE submission_id = ? ORDER BY seq", (submission_id,)
    ).fetchall()


def file_view(row: sqlite3.Row) -> dict[str, Any]:
    keys = ("id", "slot", "name", "size", "sha256", "declared_type")
    return {
        **{key: row[key] for key in keys},
        "signed": bool(row["signed"]),
        "scan": scan_state(row),
    }


def scan_state(row: sqlite3.Row) -> str:
    if row["scanned_at"] > clock.now_text():
        return "pending"
    return "infected" if row["infected"] else "clean"


def history_of(
    connection: sqlite3.Connection, submission_id: str
) -> list[dict[str, Any]]:
    rows = connection.execute(
        "SELECT * FROM history WHERE submission_id = ? ORDER BY at, rowid",
        (submission_id,),
    )
    return [
        {
            "id": row["id"],
            "at": row["at"],
            "actor": row["actor"],
            "kind": row["kind"],
            "text": row["text"],
            "files": json.loads(row["files"]),
            **json.loads(row["data"]),
        }
        for row in rows
    ]


def _loaded(text: str | None) -> Any:
    return json.loads(text) if text else None
