"""The interface keeps what its description says, against anything sent to it."""

from pathlib import Path

import pytest
import schemathesis
from conftest import INSTITUTION, Platform
from edirect.api import create_api, description_yaml
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

PUBLISHED = Path(__file__).parents[2] / "docs" / "exchange-api.yaml"


def test_the_published_description_is_what_the_program_says():
    assert PUBLISHED.read_text(encoding="utf-8") == description_yaml()


schema = schemathesis.openapi.from_dict(create_api().openapi())
# Filled when the platform runs; the description is read before that.
real: dict[str, str] = {"institution": INSTITUTION}


@schema.hook
def map_path_parameters(_context, path_parameters):
    """Send half of the calls to what exists, so that they get past the door."""
    return {
        name: real.get(name, value) if len(str(value)) % 2 else value
        for name, value in (path_parameters or {}).items()
    }


@pytest.fixture(scope="module", autouse=True)
def _something_to_find(platform: Platform):
    created = platform.submit(("a.txt", "abc"))
    real.update(submission_id=created["id"], file_id=created["files"][0])


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_description_knows(case, platform: Platform):
    token = _token(platform)
    case.call_and_validate(
        base_url=platform.api,
        headers={"Authorization": f"Bearer {token}"},
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
        timeout=20,
    )


_tokens: dict[str, str] = {}


def _token(platform: Platform) -> str:
    if platform.url not in _tokens:
        header = platform.client().headers["Authorization"]
        _tokens[platform.url] = header.removeprefix("Bearer ")
    return _tokens[platform.url]
