"""Sign-in of institutions: OAuth 2 client credentials."""

import base64
import binascii
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from edirect.api import schemas
from edirect.api.common import Ctx, problems
from edirect.problems import ProblemError

router = APIRouter(tags=["sign-in"])
_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": "client_credentials"},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string"},
        "institution": {
            "type": "string",
            "description": "Optional; one the client does not serve is refused.",
        },
    },
}


@router.post(
    "/oauth/token",
    response_model=schemas.Token,
    responses=problems(400, 401, 403, 413),
    summary="Get an access token",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {"schema": _FORM},
                "application/json": {"schema": _FORM},
            },
        },
        "security": [],
    },
)
async def token(request: Request, response: Response, ctx: Ctx) -> dict[str, object]:
    """Take the client's id and secret as HTTP Basic or as form fields."""
    values = await _values(request)
    if values.get("grant_type") != "client_credentials":
        raise ProblemError(
            400,
            "unsupported_grant_type",
            "Only client_credentials is known here.",
            error="unsupported_grant_type",
        )
    client_id, secret = _credentials(request, values)
    access_token, lifetime = ctx.tokens.issue(client_id, secret)
    client = ctx.config.client(client_id)
    asked = values.get("institution")
    if asked and client and asked not in client.institutions:
        raise ProblemError(
            403, "other_institution", "The client does not serve this institution."
        )
    response.headers["Cache-Control"] = "no-store"
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": lifetime,
    }


async def _values(request: Request) -> dict[str, str]:
    """Read the fields; JSON is taken too, since careless clients send it."""
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            fields = await request.json()
        except (ValueError, RecursionError) as error:
            raise ProblemError(400, "bad_request", "That is not JSON.") from error
        fields = fields if isinstance(fields, dict) else {}
    else:
        fields = await request.form(max_files=0, max_fields=20)
    return {k: v for k, v in fields.items() if isinstance(v, str)}


def _credentials(request: Request, values: dict[str, str]) -> tuple[str, str]:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            plain = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return "", ""
        client_id, _, secret = plain.partition(":")
        return unquote(client_id), unquote(secret)
    return values.get("client_id", ""), values.get("client_secret", "")
