"""What the calls share: who is calling, cursors, and the documented refusals."""

import base64
import binascii
import json
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import OAuth2
from fastapi.security.base import SecurityBase

from edirect.config import Client
from edirect.context import Context
from edirect.problems import MEDIA_TYPE, ProblemError

_SCHEME: SecurityBase = OAuth2(
    flows={"clientCredentials": {"tokenUrl": "oauth/token", "scopes": {}}},
    description="OAuth 2 client credentials of an institution.",
    auto_error=False,
)
_REASONS = {
    400: "The request cannot be read, e.g. a cursor that is not ours.",
    401: "No token, an unknown one (`token_invalid`) or an old one (`token_expired`).",
    403: "The client does not serve this institution.",
    404: "There is no such thing.",
    409: "It does not fit what is recorded; `code` says how.",
    410: "It was deleted or withdrawn.",
    413: "The body is too large.",
    416: "The range lies outside the file.",
    422: "The request is not valid.",
    429: "Too many calls; wait `Retry-After` seconds.",
    500: "The platform failed.",
    503: "The platform is not available now.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the refusals a call may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    always = (422, 429, 500, 503)
    return {
        status: {
            "description": _REASONS[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in sorted({*statuses, *always})
    }


# Every call on behalf of an institution may be refused in these ways.
SIGNED_IN = (401, 403)


def context(request: Request) -> Context:
    return request.app.state.context


async def client(
    request: Request, authorization: Annotated[str | None, Depends(_SCHEME)]
) -> Client:
    """Return the client behind the token; the lookup is one read by primary key."""
    found = request.scope.get("edirect.client")
    return found or context(request).tokens.client_of(authorization or "")


Ctx = Annotated[Context, Depends(context)]
Caller = Annotated[Client, Depends(client)]


def check_institution(caller: Client, code: str) -> None:
    """Refuse an institution that is not the client's; unknown looks the same."""
    if code not in caller.institutions:
        raise ProblemError(
            403, "other_institution", "The client does not serve this institution."
        )


def write_cursor(*parts: str | int) -> str:
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, kinds: tuple[type, ...]) -> list[Any] | None:
    """Return the parts of a cursor of ours; anything else is refused.

    >>> read_cursor(write_cursor("a", 1), (str, int))
    ['a', 1]
    """
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if [type(part) for part in parts] == list(kinds):
            _ = json.dumps(parts, ensure_ascii=False).encode()
            if all(not isinstance(p, int) or abs(p) < 2**63 for p in parts):
                return parts
    except (ValueError, TypeError, RecursionError, binascii.Error):
        pass
    raise ProblemError(400, "invalid_cursor", "This cursor was not given by us.")
