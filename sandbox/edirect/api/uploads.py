"""Uploads: announce a file, send it in pieces, go on where it broke."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from edirect import clock, effects, uploads
from edirect.api import schemas
from edirect.api.common import SIGNED_IN, Caller, Ctx, problems
from edirect.config import Client
from edirect.context import Context
from edirect.db import insert
from edirect.problems import ProblemError
from edirect.submissions import new_id

router = APIRouter(tags=["uploads"])
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_OFFSET_HEADER = {"Upload-Offset": {"schema": {"type": "string"}}}
# Uploads that a connection is writing now, in this process.
_busy: set[str] = set()


@router.post(
    "/uploads",
    response_model=schemas.UploadState,
    status_code=201,
    responses={
        200: {"model": schemas.UploadState, "description": "Announced before."},
        **problems(400, *SIGNED_IN, 409, 413),
    },
    summary="Announce a file",
)
def announce(
    ctx: Ctx, caller: Caller, body: schemas.UploadAnnouncement, response: Response
) -> dict[str, Any]:
    if body.size > ctx.config.upload_max_bytes:
        raise ProblemError(
            413,
            "file_too_large",
            "The file is larger than the platform takes.",
            limit=ctx.config.upload_max_bytes,
        )
    if body.size == 0 and body.sha256 != EMPTY_SHA256:
        raise ProblemError(422, "hash_mismatch", "That is not an empty file's SHA-256.")
    with ctx.db.write() as tx:
        row, first = _announced(tx, caller, body)
    response.status_code = 201 if first else 200
    if body.size == 0 and not row["completed_at"]:
        uploads.finish(ctx.db, ctx.blobs, row)
        row = uploads.get(ctx.db.read(), row["id"], caller.client_id)
    return {
        "id": row["id"],
        "offset": uploads.offset(ctx.blobs, row),
        "complete": bool(row["completed_at"]),
    }


def _announced(
    tx: sqlite3.Connection, caller: Client, body: schemas.UploadAnnouncement
) -> tuple[sqlite3.Row, bool]:
    content = body.content()
    known = effects.replay(tx, caller.client_id, "upload", None, content)
    if known:
        upload_id = json.loads(known["result"])["id"]
        return uploads.get(tx, upload_id, caller.client_id), False
    upload_id, stamp = new_id(), clock.now_text()
    insert(
        tx,
        "uploads",
        {
            "id": upload_id,
            "client_id": caller.client_id,
            "name": body.name,
            "size": body.size,
            "sha256": body.sha256,
            "media_type": body.media_type,
            "created_at": stamp,
        },
    )
    result = {"id": upload_id}
    effects.record(tx, caller.client_id, "upload", None, content, stamp, result)
    return uploads.get(tx, upload_id, caller.client_id), True


@router.head(
    "/uploads/{upload_id}",
    response_class=Response,
    responses={
        200: {"description": "How far it came.", "headers": _OFFSET_HEADER},
        **problems(*SIGNED_IN, 404),
    },
    summary="Ask how far an upload came",
)
def ask(ctx: Ctx, caller: Caller, upload_id: str) -> Response:
    row = uploads.get(ctx.db.read(), upload_id, caller.client_id)
    headers = {
        "Upload-Offset": str(uploads.offset(ctx.blobs, row)),
        "Upload-Length": str(row["size"]),
        "Cache-Control": "no-store",
    }
    return Response(headers=headers)


@router.patch(
    "/uploads/{upload_id}",
    status_code=204,
    response_class=Response,
    responses={
        204: {"description": "Taken; the new offset.", "headers": _OFFSET_HEADER},
        **problems(400, *SIGNED_IN, 404, 409),
    },
    summary="Send bytes from the offset on",
    openapi_extra={
        "parameters": [
            {
                "name": "Upload-Offset",
                "in": "header",
                "required": True,
                "schema": {"type": "integer", "minimum": 0},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary"}
                }
            },
        },
    },
)
async def send(request: Request, ctx: Ctx, caller: Caller, upload_id: str) -> Response:
    """Append the body; when the file is whole, its SHA-256 must be right.

    Bytes that arrived before a connection broke are kept. After `hash_mismatch` the
    upload starts again at 0.
    """
    row = uploads.get(ctx.db.read(), upload_id, caller.client_id)
    wanted = _wanted_offset(request)
    if upload_id in _busy:
        raise ProblemError(
            409,
            "upload_busy",
            "Another connection is sending this file.",
            headers={"Retry-After": "1"},
        )
    _busy.add(upload_id)
    try:
        return await _receive(request, ctx, row, wanted)
    finally:
        _busy.discard(upload_id)


def _wanted_offset(request: Request) -> int:
    text = request.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ProblemError(400, "offset_missing", "Upload-Offset must be a number.")
    return int(text)


async def _receive(
    request: Request, ctx: Context, row: sqlite3.Row, wanted: int
) -> Response:
    offset = uploads.offset(ctx.blobs, row)
    if wanted != offset:
        raise ProblemError(
            409,
            "offset_mismatch",
            f"The upload stands at {offset}.",
            headers={"Upload-Offset": str(offset)},
            offset=offset,
        )
    if not row["completed_at"]:
        path = uploads.part_path(ctx.blobs, row["id"])
        limit = row["size"] - offset
        offset += await _append(request, path, limit, ctx.config.upload_idle_seconds)
        if offset >= row["size"]:
            await anyio.to_thread.run_sync(uploads.finish, ctx.db, ctx.blobs, row)
    return Response(status_code=204, headers={"Upload-Offset": str(offset)})


async def _append(request: Request, path: Path, limit: int, idle: float) -> int:
    """Write the body to the part; one byte too many is kept, so the check sees it."""
    written = 0
    stream = request.stream()
    with path.open("ab") as target:
        while True:
            try:
                with anyio.fail_after(idle):
                    chunk = await anext(stream, None)
            except (ClientDisconnect, TimeoutError):
                break
            if chunk is None:
                break
            kept = chunk[: limit + 1 - written]
            target.write(kept)
            written += len(kept)
            if written > limit:
                break
        target.flush()
        await anyio.to_thread.run_sync(os.fsync, target.fileno())
    return written
