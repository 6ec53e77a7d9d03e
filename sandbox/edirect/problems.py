"""Errors as RFC 9457 problems: one shape for every refusal of the interface.

`code` is what programs read, `detail` is what people read, `trace_id` finds the
line in the platform's log.
"""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
}


class Problem(BaseModel):
    """A refusal, with a code for programs and words for people (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="URI that names the kind of problem.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable word for programs, e.g. `scan_pending`.")
    trace_id: str = Field(description="Finds this answer in the platform's log.")


class ProblemError(Exception):
    """Raised anywhere below the interface to refuse with a documented problem."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra


def problem_body(
    status: int, code: str, detail: str, trace_id: str, **extra: Any
) -> dict[str, Any]:
    return {
        "type": f"urn:edirect:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "trace_id": trace_id,
        **extra,
    }


def problem_response(request: Request, error: ProblemError) -> Response:
    body = problem_body(
        error.status, error.code, error.detail, trace_id(request), **error.extra
    )
    return JSONResponse(
        body, status_code=error.status, headers=error.headers, media_type=MEDIA_TYPE
    )


def trace_id(request: Request) -> str:
    return request.scope.get("edirect.trace_id", "")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem, the framework's own too."""

    @app.exception_handler(ProblemError)
    async def on_problem(request: Request, error: ProblemError) -> Response:
        return problem_response(request, error)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        # The input itself is left out: it may hold personal data, and it may hold
        # what JSON cannot carry back (lone surrogates, NaN).
        errors = [
            {"at": ".".join(_clean(part) for part in item["loc"]), "type": item["type"]}
            for item in error.errors()
        ]
        first = errors[0] if errors else {"at": "body", "type": "invalid"}
        detail = f"The request is not valid: {first['at']} ({first['type']})."
        problem = ProblemError(422, "invalid_request", detail, errors=errors[:20])
        return problem_response(request, problem)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        code = _CODES.get(error.status_code, "error")
        headers = dict(error.headers or {})
        problem = ProblemError(
            error.status_code, code, str(error.detail), headers=headers
        )
        return problem_response(request, problem)

    @app.exception_handler(Exception)
    async def on_bug(request: Request, error: Exception) -> Response:
        logger.error("Bug, trace %s", trace_id(request), exc_info=error)
        problem = ProblemError(500, "internal_error", "The platform failed.")
        return problem_response(request, problem)


def _clean(part: object) -> str:
    return str(part).encode("utf-8", "replace").decode("utf-8")[:80]
