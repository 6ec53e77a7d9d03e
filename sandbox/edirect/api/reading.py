"""Reading: submissions, events, the catalogue, references, health."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from edirect import catalogue, effects, submissions
from edirect.api import schemas
from edirect.api.common import (
    SIGNED_IN,
    Caller,
    Ctx,
    check_institution,
    problems,
    read_cursor,
    write_cursor,
)
from edirect.problems import ProblemError

router = APIRouter()
Cursor = Annotated[
    str | None, Query(max_length=300, description="`next_cursor` of an earlier page.")
]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get(
    "/institutions/{institution}/submissions",
    response_model=schemas.SubmissionPage,
    responses=problems(400, *SIGNED_IN),
    tags=["reading"],
    summary="List submissions in the order of their changes",
)
def list_submissions(
    request: Request,
    ctx: Ctx,
    caller: Caller,
    institution: str,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Return what changed after the cursor, ordered by (`updated_at`, `id`).

    The last page carries a cursor too, to go on from later.
    """
    check_institution(caller, institution)
    after = read_cursor(cursor, (str, str)) or ["", ""]
    rows = (
        ctx.db.read()
        .execute(
            "SELECT * FROM submissions WHERE institution = ?"
            " AND (updated_at, id) > (?, ?) AND deleted_at IS NULL"
            " ORDER BY updated_at, id LIMIT ?",
            (institution, *after, limit + 1),
        )
        .fetchall()
    )
    page = rows[:limit]
    last = [page[-1]["updated_at"], page[-1]["id"]] if page else after
    items = [submissions.summary(row) for row in page]
    call = f"{request.method} {request.url.path}"
    if ctx.faults.hits("duplicate_rate", call):
        items = [item for item in items for _ in range(2)]
    if ctx.faults.settings.unknown_fields:
        items = [{**item, "x_new_field": {"since": "tomorrow"}} for item in items]
    return {
        "items": items,
        "next_cursor": write_cursor(*last),
        "has_more": len(rows) > limit,
    }


@router.get(
    "/submissions/{submission_id}",
    response_model=schemas.Submission,
    responses=problems(*SIGNED_IN, 404, 410),
    tags=["reading"],
    summary="Read one submission whole",
)
def read_submission(ctx: Ctx, caller: Caller, submission_id: str) -> dict[str, Any]:
    connection = ctx.db.read()
    row = submissions.get_for(connection, submission_id, caller.institutions)
    result = submissions.detail(connection, row)
    if ctx.faults.settings.unknown_fields:
        result["x_new_field"] = {"since": "tomorrow"}
    return result


@router.get(
    "/institutions/{institution}/events",
    response_model=schemas.EventPage,
    responses=problems(400, *SIGNED_IN),
    tags=["reading"],
    summary="List what citizens did",
)
def list_events(
    ctx: Ctx,
    caller: Caller,
    institution: str,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    check_institution(caller, institution)
    after = (read_cursor(cursor, (int,)) or [0])[0]
    rows = (
        ctx.db.read()
        .execute(
            "SELECT * FROM events WHERE institution = ? AND seq > ?"
            " ORDER BY seq LIMIT ?",
            (institution, after, limit + 1),
        )
        .fetchall()
    )
    page = rows[:limit]
    keys = ("id", "at", "submission_id", "kind")
    return {
        "items": [
            {**{key: row[key] for key in keys}, "data": json.loads(row["data"])}
            for row in page
        ],
        "next_cursor": write_cursor(page[-1]["seq"] if page else after),
        "has_more": len(rows) > limit,
    }


@router.get(
    "/institutions/{institution}/procedures",
    response_model=schemas.Catalogue,
    responses=problems(*SIGNED_IN),
    tags=["reading"],
    summary="Read the catalogue of procedures",
)
def list_procedures(caller: Caller, institution: str) -> dict[str, Any]:
    check_institution(caller, institution)
    return {"items": list(catalogue.procedures().values())}


@router.get(
    "/references/{client_reference}",
    response_model=schemas.Recorded,
    responses=problems(*SIGNED_IN, 404),
    tags=["reading"],
    summary="Ask what the platform recorded under a reference of ours",
)
def read_reference(ctx: Ctx, caller: Caller, client_reference: UUID) -> dict[str, Any]:
    """The way out of "sent, no answer"."""
    row = effects.recorded(ctx.db.read(), caller.client_id, str(client_reference))
    if row is None:
        raise ProblemError(404, "not_found", "Nothing stands under this reference.")
    return effects.view(row)


@router.get(
    "/health",
    response_model=schemas.Health,
    responses=problems(),
    tags=["reading"],
    summary="Tell whether the platform works",
)
def health(ctx: Ctx) -> dict[str, str]:
    ctx.db.read().execute("SELECT 1 FROM meta LIMIT 1").fetchone()
    return {"status": "ok"}
