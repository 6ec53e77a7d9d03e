"""The exchange interface: an application of its own, mounted under `/api/v1`."""

from typing import Any

import yaml
from fastapi import FastAPI

from edirect.api import files, oauth, reading, uploads, writing
from edirect.context import Context
from edirect.problems import Problem, install

BASE = "/api/v1"
DESCRIPTION = """\
What an institution's back office says to the public platform and hears from it.

* Times are RFC 3339 with offset; identifiers are opaque strings.
* Every refusal is a problem (RFC 9457) with a `code` for programs.
* `client_reference` names one act of the institution for ever: repeating it with the
  same content answers 200 and changes nothing, other content answers 409.
* Fields may be added at any time; readers keep what they do not know.
* Every answer carries `RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`.

When a citizen submits, answers or withdraws, the platform may POST
`{"institution": "<code>"}` to an address of the institution, with `X-PCU-Timestamp`
(Unix seconds) and `X-PCU-Signature: sha256=<hex HMAC-SHA256(secret, timestamp + "." +
body)>`. It says "look", nothing more.
"""


def create_api(context: Context | None = None) -> FastAPI:
    """Return the interface; without a context only its description works."""
    api = FastAPI(
        title="PCU exchange interface",
        version="1.0.0",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": BASE}],
        root_path_in_servers=False,
        license_info={"name": "LGPL-3.0-or-later", "identifier": "LGPL-3.0-or-later"},
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.context = context
    install(api)
    for router in (
        oauth.router,
        reading.router,
        files.router,
        writing.router,
        uploads.router,
    ):
        api.include_router(router)
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _completed(generate())
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]
    return api


def _completed(description: dict[str, Any]) -> dict[str, Any]:
    """Add what the generator cannot know: problems and the headers of all answers."""
    schema = Problem.model_json_schema()
    description["components"]["schemas"]["Problem"] = schema
    limits = {
        f"RateLimit-{name}": {"schema": {"type": "string"}}
        for name in ("Limit", "Remaining", "Reset")
    }
    for path in description["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                headers = {**limits, **response.get("headers", {})}
                if status == "429":
                    headers["Retry-After"] = {"schema": {"type": "string"}}
                response["headers"] = headers
    return description


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they read."""


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)


def description_yaml() -> str:
    """Return the OpenAPI description as `docs/exchange-api.yaml` holds it."""
    return yaml.dump(
        create_api().openapi(),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=88,
    )
