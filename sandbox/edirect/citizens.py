"""What a citizen is and does: the account, and the acts on a submission."""

import json
import sqlite3
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from edirect import clock, states, submissions
from edirect.db import dumps, insert
from edirect.problems import ProblemError
from edirect.submissions import NewFile

_hasher = PasswordHasher()
# Checked when the user is not known, so that both refusals take the same time.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def by_username(connection: sqlite3.Connection, username: str) -> sqlite3.Row | None:
    return connection.execute(
        "SELECT * FROM users WHERE username = ?", (username.strip().casefold(),)
    ).fetchone()


def by_id(connection: sqlite3.Connection, user_id: str) -> sqlite3.Row | None:
    return connection.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()


def by_email(connection: sqlite3.Connection, email: str) -> sqlite3.Row | None:
    return connection.execute(
        "SELECT * FROM users WHERE email = ? ORDER BY confirmed_at IS NULL LIMIT 1",
        (email.strip().casefold(),),
    ).fetchone()


def add(
    tx: sqlite3.Connection,
    username: str,
    password_hash: str,
    profile: dict[str, Any],
    company: dict[str, Any] | None = None,
    confirmed: bool = False,
    user_id: str = "",
) -> str:
    """Create an account; it cannot log in before its e-mail is confirmed."""
    user_id = user_id or submissions.new_id()
    at = clock.now_text()
    insert(
        tx,
        "users",
        {
            "id": user_id,
            "username": username.strip().casefold(),
            "email": profile["email"].strip().casefold(),
            "password_hash": password_hash,
            "profile": dumps(profile),
            "company": dumps(company) if company else None,
            "created_at": at,
            "confirmed_at": at if confirmed else None,
        },
    )
    return user_id


def check_password(user: sqlite3.Row | None, password: str) -> bool:
    try:
        _hasher.verify(user["password_hash"] if user else _NOBODY, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return user is not None


def applicant(user: sqlite3.Row, account: str) -> dict[str, Any]:
    """Return who applies: the person, or the company the person stands for."""
    person = json.loads(user["profile"])
    name = f"{person['first_name']} {person['last_name']}"
    if account != "company" or not user["company"]:
        return {"kind": "natural", "name": name, **person}
    company = json.loads(user["company"])
    return {
        "kind": "legal",
        "name": company["name"],
        "cui": company["cui"],
        "email": person["email"],
        "phone": person["phone"],
        "address": company["address"],
        "representative": {
            "name": name,
            "first_name": person["first_name"],
            "last_name": person["last_name"],
            "cnp": person["cnp"],
            "role": company.get("role", ""),
        },
    }


# -- acts on a submission ------------------------------------------------------------


def answer(
    tx: sqlite3.Connection,
    row: sqlite3.Row,
    text: str,
    files: list[NewFile],
    scan_seconds: float = 0.0,
) -> None:
    """Answer the open clarification request."""
    if row["state"] != states.CLARIFICATION_REQUESTED:
        raise ProblemError(409, "invalid_state", "No clarification is asked for.")
    ids = submissions.add_files(tx, row["id"], "citizen", files, scan_seconds)
    stamp = submissions.touch(
        tx, row["id"], state=states.CLARIFICATION_ANSWERED, clarification=None
    )
    asked = json.loads(row["clarification"] or "{}").get("id")
    _say(tx, row, stamp, "clarification_answered", text, ids, {"message_id": asked})


def write(
    tx: sqlite3.Connection,
    row: sqlite3.Row,
    text: str,
    files: list[NewFile],
    scan_seconds: float = 0.0,
) -> None:
    """Write to the institution unasked; files alone are a `file_added`."""
    if row["state"] in (states.WITHDRAWN, states.REFUSED):
        raise ProblemError(409, "invalid_state", "The submission has ended.")
    ids = submissions.add_files(tx, row["id"], "citizen", files, scan_seconds)
    stamp = submissions.touch(tx, row["id"])
    _say(tx, row, stamp, "message" if text else "file_added", text, ids, {})


def withdraw(tx: sqlite3.Connection, row: sqlite3.Row, text: str = "") -> None:
    """End the submission; its files are no longer handed out."""
    if row["state"] not in states.OPEN:
        raise ProblemError(409, "invalid_state", "The submission has ended already.")
    stamp = submissions.touch(tx, row["id"], state=states.WITHDRAWN, clarification=None)
    tx.execute(
        "UPDATE files SET withdrawn_at = ?"
        " WHERE submission_id = ? AND origin = 'citizen'",
        (stamp, row["id"]),
    )
    _say(tx, row, stamp, "withdrawn", text, [], {})


def delete(tx: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Take the submission off the platform: from now on it answers 410."""
    stamp = submissions.touch(tx, row["id"])
    tx.execute("UPDATE submissions SET deleted_at = ? WHERE id = ?", (stamp, row["id"]))
    submissions.add_event(tx, row["institution"], row["id"], stamp, "deleted", {})


def _say(
    tx: sqlite3.Connection,
    row: sqlite3.Row,
    stamp: str,
    kind: str,
    text: str,
    files: list[str],
    extra: dict[str, Any],
) -> None:
    history_id = submissions.add_history(
        tx, row["id"], stamp, "citizen", kind, text, files=files
    )
    data = {"history_id": history_id, "text": text, "files": files, **extra}
    submissions.add_event(tx, row["institution"], row["id"], stamp, kind, data)
