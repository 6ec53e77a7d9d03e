"""Files of the institution: announced, sent in pieces, resumed, verified.

The offset is the size of the part on disk, nothing else, so a cut connection, a
crash and a restart all leave a truth to go on from.
"""

import sqlite3
from pathlib import Path
from typing import NoReturn

from edirect import clock
from edirect.blobs import BlobStore, digest_of
from edirect.db import Database
from edirect.problems import ProblemError
from edirect.submissions import NewFile, add_files


def part_path(blobs: BlobStore, upload_id: str) -> Path:
    return blobs.incoming / f"upload-{upload_id}"


def get(connection: sqlite3.Connection, upload_id: str, client_id: str) -> sqlite3.Row:
    row = connection.execute(
        "SELECT * FROM uploads WHERE id = ? AND client_id = ?", (upload_id, client_id)
    ).fetchone()
    if row is None:
        raise ProblemError(404, "not_found", "There is no such upload.")
    return row


def offset(blobs: BlobStore, row: sqlite3.Row) -> int:
    if row["completed_at"]:
        return row["size"]
    path = part_path(blobs, row["id"])
    return path.stat().st_size if path.exists() else 0


def finish(db: Database, blobs: BlobStore, row: sqlite3.Row) -> None:
    """Adopt a full part if its digest is right; else throw it away and refuse."""
    path = part_path(blobs, row["id"])
    if not path.exists():
        path.touch()
    if path.stat().st_size != row["size"] or digest_of(path) != row["sha256"]:
        path.unlink(missing_ok=True)
        raise ProblemError(
            422,
            "hash_mismatch",
            "The bytes do not match the announced size and SHA-256; start again at 0.",
            headers={"Upload-Offset": "0"},
            offset=0,
        )
    blobs.adopt(path, row["sha256"])
    with db.write() as tx:
        tx.execute(
            "UPDATE uploads SET completed_at = ? WHERE id = ?",
            (clock.now_text(), row["id"]),
        )


def take(
    tx: sqlite3.Connection, submission_id: str, upload_ids: list[str], client_id: str
) -> list[str]:
    """Attach finished uploads to the submission; return the ids of its new files."""
    files = []
    for upload_id in dict.fromkeys(upload_ids):
        row = tx.execute(
            "SELECT * FROM uploads WHERE id = ? AND client_id = ?",
            (upload_id, client_id),
        ).fetchone()
        if row is None:
            _refuse(422, "unknown_upload", upload_id, "There is no such upload.")
        if not row["completed_at"]:
            _refuse(409, "upload_incomplete", upload_id, "An upload is not complete.")
        if row["submission_id"] not in (None, submission_id):
            _refuse(409, "upload_in_use", upload_id, "The upload serves another one.")
        tx.execute(
            "UPDATE uploads SET submission_id = ? WHERE id = ?",
            (submission_id, upload_id),
        )
        files.append(
            NewFile(row["name"], row["size"], row["sha256"], row["media_type"])
        )
    return add_files(tx, submission_id, "institution", files)


def _refuse(status: int, code: str, upload_id: str, detail: str) -> NoReturn:
    raise ProblemError(status, code, detail, upload=upload_id)
