"""Writing: the acts of the institution on a submission."""

import json
from typing import Any

from fastapi import APIRouter, Response

from edirect import clock, effects, notices, submissions
from edirect.api import schemas
from edirect.api.common import SIGNED_IN, Caller, Ctx, problems
from edirect.config import Client
from edirect.context import Context
from edirect.effects import Act

router = APIRouter(tags=["writing"])
REFUSALS = problems(400, *SIGNED_IN, 404, 409, 410, 413)


def _perform(
    ctx: Context, caller: Client, submission_id: str, effect: str, said: schemas.Effect
) -> tuple[dict[str, Any], Any, bool]:
    """Do the act once; return the submission's line, the result, and "first time"."""
    body = said.content()
    with ctx.db.write() as tx:
        row = submissions.get_for(tx, submission_id, caller.institutions)
        known = effects.replay(tx, caller.client_id, effect, submission_id, body)
        if known:
            return submissions.summary(row), json.loads(known["result"]), False
        result = effects.ACTS[effect](Act(tx, row, body, caller.client_id))
        effects.record(
            tx, caller.client_id, effect, submission_id, body, clock.now_text(), result
        )
        after = submissions.get(tx, submission_id)
        notices.on_effect(ctx, tx, effect, row, after)
        return submissions.summary(after), result, True


@router.put(
    "/submissions/{submission_id}/receipt",
    response_model=schemas.SubmissionRow,
    responses=REFUSALS,
    summary="Say that we have it",
)
def put_receipt(
    ctx: Ctx, caller: Caller, submission_id: str, body: schemas.Receipt
) -> dict[str, Any]:
    return _perform(ctx, caller, submission_id, "receipt", body)[0]


@router.put(
    "/submissions/{submission_id}/registration",
    response_model=schemas.SubmissionRow,
    responses=REFUSALS,
    summary="Write the internal number, which the citizen sees",
)
def put_registration(
    ctx: Ctx, caller: Caller, submission_id: str, body: schemas.Registration
) -> dict[str, Any]:
    """Accepted without an earlier receipt, and even after a withdrawal."""
    return _perform(ctx, caller, submission_id, "registration", body)[0]


@router.put(
    "/submissions/{submission_id}/refusal",
    response_model=schemas.SubmissionRow,
    responses=REFUSALS,
    summary="Refuse to take it over, with words for the citizen",
)
def put_refusal(
    ctx: Ctx, caller: Caller, submission_id: str, body: schemas.Refusal
) -> dict[str, Any]:
    return _perform(ctx, caller, submission_id, "refusal", body)[0]


@router.put(
    "/submissions/{submission_id}/state",
    response_model=schemas.SubmissionRow,
    responses=REFUSALS,
    summary="Tell the progress",
)
def put_state(
    ctx: Ctx, caller: Caller, submission_id: str, body: schemas.StateChange
) -> dict[str, Any]:
    return _perform(ctx, caller, submission_id, "state", body)[0]


@router.post(
    "/submissions/{submission_id}/messages",
    response_model=schemas.MessageSent,
    status_code=201,
    responses={
        200: {"model": schemas.MessageSent, "description": "Sent before; repeated."},
        **REFUSALS,
    },
    summary="Write to the citizen, or ask for clarifications",
)
def post_message(
    ctx: Ctx,
    caller: Caller,
    submission_id: str,
    body: schemas.Message,
    response: Response,
) -> dict[str, Any]:
    _, result, first = _perform(ctx, caller, submission_id, "message", body)
    response.status_code = 201 if first else 200
    return result


@router.put(
    "/submissions/{submission_id}/decision",
    response_model=schemas.SubmissionRow,
    responses=REFUSALS,
    summary="End it: outcome and documents for the citizen",
)
def put_decision(
    ctx: Ctx, caller: Caller, submission_id: str, body: schemas.Decision
) -> dict[str, Any]:
    return _perform(ctx, caller, submission_id, "decision", body)[0]
