"""The bytes of a file: streamed from disk, resumable, with the SHA-256 as ETag."""

import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from edirect import clock, submissions
from edirect.api.common import SIGNED_IN, Caller, Ctx, problems
from edirect.problems import ProblemError

router = APIRouter(tags=["reading"])
CHUNK = 256 * 1024
_BYTES: dict[str, Any] = {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
}


@router.get(
    "/submissions/{submission_id}/files/{file_id}",
    response_class=Response,
    responses={
        200: {"description": "The whole file.", "content": _BYTES},
        206: {"description": "The part asked for.", "content": _BYTES},
        **problems(*SIGNED_IN, 404, 409, 410, 416),
    },
    summary="Download a file, from any point on",
    openapi_extra={
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": text,
            }
            for name, text in (
                ("Range", "`bytes=<first>-[<last>]`"),
                ("If-Range", "The ETag that the part must belong to."),
            )
        ]
    },
)
def download(
    request: Request, ctx: Ctx, caller: Caller, submission_id: str, file_id: str
) -> Response:
    connection = ctx.db.read()
    submissions.get_for(connection, submission_id, caller.institutions)
    row = find(connection, submission_id, file_id)
    check_scan(row)
    headers = request.headers
    call = f"{request.method} {request.url.path}"
    return serve(
        ctx.blobs.path(row["sha256"]),
        row,
        headers.get("range"),
        headers.get("if-range"),
        spoiled=ctx.faults.hits("wrong_bytes_rate", call),
    )


def find(connection: sqlite3.Connection, submission_id: str, file_id: str) -> Any:
    row = connection.execute(
        "SELECT * FROM files WHERE id = ? AND submission_id = ?",
        (file_id, submission_id),
    ).fetchone()
    if row is None:
        raise ProblemError(404, "not_found", "There is no such file.")
    if row["withdrawn_at"]:
        raise ProblemError(410, "withdrawn", "The file was withdrawn.")
    return row


def check_scan(row: sqlite3.Row) -> None:
    state = submissions.scan_state(row)
    if state == "pending":
        left = (clock.from_text(row["scanned_at"]) - clock.now()).total_seconds()
        raise ProblemError(
            409,
            "scan_pending",
            "The file is being checked for viruses.",
            headers={"Retry-After": str(max(1, round(left)))},
        )
    if state == "infected":
        raise ProblemError(
            409, "scan_infected", "The file is infected and is not handed out."
        )


def serve(
    path: Path,
    row: sqlite3.Row,
    range_header: str | None = None,
    if_range: str | None = None,
    spoiled: bool = False,
) -> Response:
    """Answer 200 or 206 from disk.

    :param spoiled: the fault "wrong bytes": the first byte sent is another one.
    """
    size, etag = row["size"], f'"{row["sha256"]}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": disposition(row["name"]),
    }
    part = None
    if range_header and (if_range is None or if_range.strip() == etag):
        part = parse_range(range_header, size)
    first, last = part or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return StreamingResponse(
        _chunks(path, first, last - first + 1, spoiled),
        status_code=206 if part else 200,
        headers=headers,
        media_type="application/octet-stream",
    )


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte asked for; None means the whole file.

    Several ranges at once, and what is not understood, get the whole file, as the
    HTTP standard allows (RFC 9110, section 14.2).

    >>> parse_range("bytes=2-", 10), parse_range("bytes=-3", 10)
    ((2, 9), (7, 9))
    """
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip(), re.ASCII)
    if not match or match.group(1) == match.group(2) == "":
        return None
    start, end = match.groups()
    if not start:
        first, last = max(0, size - int(end)), size - 1
        outside = int(end) == 0 or size == 0
    else:
        first, last = int(start), min(int(end or size), size - 1)
        if end and int(end) < first:
            return None
        outside = first >= size
    if outside:
        raise ProblemError(
            416,
            "range_outside",
            "The range lies outside the file.",
            headers={"Content-Range": f"bytes */{size}"},
        )
    return first, last


async def _chunks(
    path: Path, first: int, length: int, spoiled: bool
) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as source:
        await source.seek(first)
        while length > 0:
            chunk = await source.read(min(CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            if spoiled:
                chunk, spoiled = bytes([chunk[0] ^ 0xFF]) + chunk[1:], False
            yield chunk


def disposition(name: str) -> str:
    """Return a header that offers the name safely, whatever a citizen typed.

    >>> disposition("../a\\r\\nb.pdf")
    "attachment; filename*=UTF-8''_a__b.pdf"
    """
    plain = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name)
    quoted = quote(plain.lstrip(".") or "document", safe="")
    return f"attachment; filename*=UTF-8''{quoted}"
