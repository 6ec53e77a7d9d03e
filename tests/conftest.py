"""Real processes for every test: PostgreSQL, mail, platform, Odoo.

Each test gets a database of its own, cloned from a town hall that is installed once.
"""

import contextlib
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from stack.postgres import Postgres  # noqa: E402
from townhall_world import TownHall  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def postgres():
    server = Postgres().start()
    yield server
    server.release()


@pytest.fixture
def measured():
    """Return a function that notes a measured figure for the summary of `make test`."""

    def note(text: str) -> None:
        print(text)
        if target := os.environ.get("PCU_MEASURED"):
            with open(target, "a") as file:
                file.write(f"{text}\n")

    return note


@pytest.fixture
def make_town_hall(request):
    """Return a factory; what it makes ends with the test."""
    with contextlib.ExitStack() as stack:

        def make(**options) -> TownHall:
            name = request.node.name.replace("[", "_").replace("]", "")[:40].lower()
            return stack.enter_context(TownHall(f"e2e_{name}", **options))

        yield make


@pytest.fixture
def town_hall(make_town_hall):
    """Return a running town hall, connected and woken up by the platform."""
    hall = make_town_hall()
    hall.open()
    return hall
