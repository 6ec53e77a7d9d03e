"""The back door for tests and demonstrations: faults, and acting as a citizen.

It is added to the application only when a control token is configured; otherwise its
paths do not exist.
"""

import base64
import binascii
import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from edirect import catalogue, citizens, clock, db, submissions
from edirect.blobs import filler
from edirect.context import Context
from edirect.faults import FaultError
from edirect.submissions import NewFile, NewSubmission


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    expected = context.config.control_token
    given = request.headers.get("x-control-token", "")
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise HTTPException(403)
    return context


Ctx = Annotated[Context, Depends(_context)]
router = APIRouter(prefix="/_control", include_in_schema=False)


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise HTTPException(422, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(422, "The body must be an object.")
    return body


Body = Annotated[dict[str, Any], Depends(_body)]


@router.put("/faults")
async def put_faults(ctx: Ctx, body: Body) -> dict[str, Any]:
    """Set these faults and switch all others off; `{}` heals everything."""
    try:
        return ctx.faults.replace(body)
    except FaultError as error:
        raise HTTPException(422, str(error)) from error


@router.post("/submit", status_code=201)
async def submit(ctx: Ctx, body: Body) -> dict[str, Any]:
    """Create a submission as a citizen's page does.

    Body: `institution`, `procedure`, optional `procedure_title`, `applicant`,
    `account_kind`, `observations`, `form`, `payments`, `user` (a user name),
    `scan_seconds`, and `files: [{name, slot, type, signed, text | base64 | size}]`;
    with `size` the platform makes up so many bytes, which cannot be compressed.
    """
    return await run_in_threadpool(_submit, ctx, body)


def _submit(ctx: Context, body: dict[str, Any]) -> dict[str, Any]:
    code = str(body.get("procedure", "PET"))
    institution = str(body.get("institution") or ctx.config.institutions[0].code)
    if ctx.config.institution(institution) is None:
        raise HTTPException(422, "There is no such institution.")
    known = catalogue.procedures().get(code, {})
    files = [_file(ctx, item) for item in body.get("files", ())]
    new = NewSubmission(
        institution=institution,
        procedure_code=code,
        procedure_title=body.get("procedure_title") or known.get("title") or code,
        applicant=body.get("applicant") or {"kind": "natural", "name": "Ana Popescu"},
        account_kind=body.get("account_kind", "personal"),
        observations=body.get("observations", ""),
        form=body.get("form", {}),
        payments=body.get("payments", []),
        files=files,
    )
    with ctx.db.write() as tx:
        if body.get("user"):
            user = citizens.by_username(tx, str(body["user"]))
            if user is None:
                raise HTTPException(422, "There is no such user.")
            new.user_id = user["id"]
        scan = body.get("scan_seconds", ctx.config.scan_seconds)
        created = submissions.create(tx, new, float(scan))
    ctx.wakeup.call(institution)
    return created


def _file(ctx: Context, item: dict[str, Any]) -> NewFile:
    content = b""
    try:
        if "base64" in item:
            content = base64.b64decode(item["base64"], validate=True)
        else:
            content = str(item.get("text", "")).encode()
        chunks = filler(int(item["size"])) if "size" in item else (content,)
    except (binascii.Error, ValueError, TypeError) as error:
        raise HTTPException(422, "A file's content cannot be read.") from error
    sha256, size = ctx.blobs.put_chunks(chunks)
    return NewFile(
        name=str(item.get("name", "document.txt")),
        size=size,
        sha256=sha256,
        declared_type=str(item.get("type", "application/octet-stream")),
        slot=item.get("slot"),
        signed=bool(item.get("signed")),
        infected=submissions.EICAR_MARK in content,
    )


@router.post("/relist")
def relist(ctx: Ctx) -> dict[str, int]:
    """Show every submission in the list again, with the version it has."""
    with ctx.db.write() as tx:
        rows = tx.execute("SELECT id FROM submissions ORDER BY updated_at, id")
        ids = [row["id"] for row in rows]
        for submission_id in ids:
            stamp = db.next_stamp(tx)
            tx.execute(
                "UPDATE submissions SET updated_at = ? WHERE id = ?",
                (stamp, submission_id),
            )
    return {"submissions": len(ids)}


@router.post("/expire-tokens")
def expire_tokens(ctx: Ctx) -> dict[str, str]:
    ctx.tokens.expire_all()
    return {"status": "ok"}


@router.post("/clock", dependencies=[Depends(_context)])
def set_clock(body: Body) -> dict[str, str]:
    """Let the platform's clock go `minutes` ahead, or behind with a minus."""
    try:
        clock.skew(float(body.get("minutes", 0)))
    except (TypeError, ValueError, OverflowError) as error:
        raise HTTPException(422, "minutes is a number.") from error
    return {"now": clock.now_text()}


@router.post("/submissions/{submission_id}/{act}")
async def act(ctx: Ctx, body: Body, submission_id: str, act: str) -> dict[str, Any]:
    """Act as the citizen: `answer`, `message`, `withdraw`, `delete`.

    `answer` and `message` take `text` and `files` as `/submit` does.
    """
    return await run_in_threadpool(_act, ctx, body, submission_id, act)


def _act(
    ctx: Context, body: dict[str, Any], submission_id: str, act: str
) -> dict[str, Any]:
    text = str(body.get("text", ""))
    files = [_file(ctx, item) for item in body.get("files", ())]
    scan = ctx.config.scan_seconds
    with ctx.db.write() as tx:
        row = submissions.get(tx, submission_id)
        if act == "answer":
            citizens.answer(tx, row, text, files, scan)
        elif act == "message":
            citizens.write(tx, row, text, files, scan)
        elif act == "withdraw":
            citizens.withdraw(tx, row, text)
        elif act == "delete":
            citizens.delete(tx, row)
        else:
            raise HTTPException(404)
        institution = row["institution"]
    ctx.wakeup.call(institution)
    return {"status": "ok"}
