"""What the institution does to a submission, each act once.

Every act carries a `client_reference` that names it for ever. The reference is
written in the same transaction as the act, so whoever asks again after "sent, no
answer" learns the truth.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from edirect import states, submissions, uploads
from edirect.db import dumps, insert
from edirect.problems import ProblemError


@dataclass(frozen=True)
class Act:
    """One act inside its transaction: on which row, what is said, and by whom."""

    tx: sqlite3.Connection
    row: sqlite3.Row
    body: dict[str, Any]
    client_id: str


def fingerprint(effect: str, submission_id: str | None, body: dict[str, Any]) -> str:
    text = json.dumps([effect, submission_id, body], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def recorded(
    connection: sqlite3.Connection, client_id: str, reference: str
) -> sqlite3.Row | None:
    return connection.execute(
        "SELECT * FROM effects WHERE client_id = ? AND client_reference = ?",
        (client_id, reference),
    ).fetchone()


def view(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "client_reference": row["client_reference"],
        "submission_id": row["submission_id"],
        "effect": row["effect"],
        "at": row["at"],
        "body": json.loads(row["body"]),
    }


def replay(
    connection: sqlite3.Connection,
    client_id: str,
    effect: str,
    submission_id: str | None,
    body: dict[str, Any],
) -> sqlite3.Row | None:
    """Return what stands under the reference; other content is a conflict."""
    row = recorded(connection, client_id, body["client_reference"])
    if row and row["fingerprint"] != fingerprint(effect, submission_id, body):
        raise ProblemError(
            409,
            "reference_conflict",
            "This client_reference was used with other content.",
            recorded=view(row),
        )
    return row


def record(
    tx: sqlite3.Connection,
    client_id: str,
    effect: str,
    submission_id: str | None,
    body: dict[str, Any],
    at: str,
    result: Any = None,
) -> None:
    insert(
        tx,
        "effects",
        {
            "client_id": client_id,
            "client_reference": body["client_reference"],
            "effect": effect,
            "submission_id": submission_id,
            "at": at,
            "fingerprint": fingerprint(effect, submission_id, body),
            "body": dumps(body),
            "result": dumps(result),
        },
    )


# -- the acts ------------------------------------------------------------------


def receipt(act: Act) -> None:
    """We have it: the platform's alarm clock stops."""
    tx, row, body = act.tx, act.row, act.body
    if row["state"] == states.REFUSED:
        _refuse_state(row, "A refused submission cannot be taken over.")
    if row["taken_over_at"]:
        return
    changes = {"taken_over_at": body["taken_over_at"]}
    if row["state"] == states.SUBMITTED:
        changes["state"] = states.TAKEN_OVER
    stamp = submissions.touch(tx, row["id"], **changes)
    submissions.add_history(tx, row["id"], stamp, "institution", "receipt")


def registration(act: Act) -> None:
    """Write the internal number; taken even after a withdrawal, for it exists."""
    tx, row, body = act.tx, act.row, act.body
    wanted = _content(body)
    if row["registration"]:
        _same_or_conflict(row, "registration", wanted, "already_registered")
        return
    if row["state"] in (states.REFUSED, states.CLOSED):
        _refuse_state(row, "A refused or closed submission cannot be registered.")
    changes: dict[str, Any] = {"registration": dumps(wanted)}
    if row["state"] in (states.SUBMITTED, states.TAKEN_OVER):
        changes["state"] = states.REGISTERED
    stamp = submissions.touch(tx, row["id"], **changes)
    text = f"Nr. {body['number']} din {body['date']}"
    submissions.add_history(
        tx, row["id"], stamp, "institution", "registration", text, data=_marked(wanted)
    )


def refusal(act: Act) -> None:
    """Negative receipt; only a permanent one ends it, another asks for a repair."""
    tx, row, body = act.tx, act.row, act.body
    if row["state"] not in (states.SUBMITTED, states.TAKEN_OVER):
        _refuse_state(row, "Only a submission that is not registered can be refused.")
    if row["registration"]:
        _refuse_state(row, "A registered submission cannot be refused.")
    changes: dict[str, Any] = {"refusal": dumps(_content(body))}
    if body["permanent"]:
        changes["state"] = states.REFUSED
    stamp = submissions.touch(tx, row["id"], **changes)
    data = {"permanent": body["permanent"], "code": body["code"]}
    submissions.add_history(
        tx, row["id"], stamp, "institution", "refusal", body["text"], data=data
    )


def state(act: Act) -> None:
    """Progress within the table of states."""
    tx, row, body = act.tx, act.row, act.body
    target = body["state"]
    sources = states.STATE_SOURCES.get(target, frozenset())
    if target in states.NUMBERED and not row["registration"]:
        _needs_registration(row)
    if target != row["state"] and row["state"] not in sources:
        _refuse_state(row, f"It cannot go from {row['state']} to {target}.", target)
    stamp = submissions.touch(tx, row["id"], state=target)
    submissions.add_history(
        tx,
        row["id"],
        stamp,
        "institution",
        "state",
        body.get("reason") or "",
        data={"state": target},
    )


def message(act: Act) -> dict[str, Any]:
    """Write to the citizen; a clarification request moves the state too."""
    tx, row, body = act.tx, act.row, act.body
    asks = body["kind"] == "clarification_request"
    if asks and row["state"] not in states.OPEN:
        _refuse_state(row, "Clarifications can be asked only while it is open.")
    changes: dict[str, Any] = {}
    if asks:
        changes["state"] = states.CLARIFICATION_REQUESTED
    files = uploads.take(tx, row["id"], body["uploads"], act.client_id)
    stamp = submissions.touch(tx, row["id"], **changes)
    message_id = submissions.add_history(
        tx,
        row["id"],
        stamp,
        "institution",
        body["kind"],
        body["text"],
        files=files,
        data={"due_date": body["due_date"]} if body.get("due_date") else None,
    )
    if asks:
        open_question = dumps({"id": message_id, "due_date": body.get("due_date")})
        tx.execute(
            "UPDATE submissions SET clarification = ? WHERE id = ?",
            (open_question, row["id"]),
        )
    return {"id": message_id, "at": stamp, "kind": body["kind"], "files": files}


def decision(act: Act) -> None:
    """The end: outcome, number and documents that the citizen can download."""
    tx, row, body = act.tx, act.row, act.body
    wanted = _content(body)
    if row["decision"]:
        _same_or_conflict(row, "decision", wanted, "already_decided")
        return
    if not row["registration"]:
        _needs_registration(row)
    closes = body["outcome"] == "closed"
    allowed = states.WORKING | {states.WITHDRAWN} if closes else states.WORKING
    if row["state"] not in allowed:
        _refuse_state(row, f"It cannot be decided in state {row['state']}.")
    files = uploads.take(tx, row["id"], body["uploads"], act.client_id)
    stamp = submissions.touch(
        tx,
        row["id"],
        state=states.CLOSED if closes else states.RESOLVED,
        decision=dumps({**wanted, "files": files}),
    )
    submissions.add_history(
        tx,
        row["id"],
        stamp,
        "institution",
        "decision",
        body.get("text") or "",
        files=files,
        data={"outcome": body["outcome"]},
    )


ACTS: dict[str, Callable[[Act], Any]] = {
    "receipt": receipt,
    "registration": registration,
    "refusal": refusal,
    "state": state,
    "message": message,
    "decision": decision,
}


# -- refusals ------------------------------------------------------------------


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """Return what was said, without who said it and under which reference."""
    return {k: v for k, v in body.items() if k != "client_reference"}


def _marked(wanted: dict[str, Any]) -> dict[str, Any]:
    keys = ("number", "date", "register", "department", "due_date")
    return {key: wanted[key] for key in keys if wanted.get(key)}


def _same_or_conflict(
    row: sqlite3.Row, column: str, wanted: dict[str, Any], code: str
) -> None:
    """Let the same content pass under a new reference; refuse another one."""
    current = json.loads(row[column])
    if all(current.get(key) == value for key, value in wanted.items()):
        return
    raise ProblemError(
        409, code, f"The submission already has another {column}.", recorded=current
    )


def _refuse_state(row: sqlite3.Row, detail: str, target: str | None = None) -> NoReturn:
    extra = {"target": target} if target else {}
    raise ProblemError(409, "invalid_state", detail, state=row["state"], **extra)


def _needs_registration(row: sqlite3.Row) -> NoReturn:
    raise ProblemError(
        409,
        "registration_required",
        "The submission must be registered first.",
        state=row["state"],
    )
