"""Random stories of citizens, clerks, faults and deaths, told to the connector itself.

`hypothesis` makes up the stories, always the same ones, and shortens one that breaks a
guarantee to its few steps that matter. After every step the guarantees hold; at the end
of every story all faults are lifted and everything comes to rest.
"""

import contextlib
import json
import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)
from stack.paths import ADDONS

pytestmark = pytest.mark.proof

FEW = int(os.environ.get("PCU_PROOF", "20")) < 100
STORIES, STEPS = (12, 14) if FEW else (150, 30)
CALLS = ("GET /submissions/[^/]+$", "/files/", "PUT .*/receipt", "PUT .*/registration",
         "PUT .*/refusal", "GET /institutions", "GET /references", ".")  # fmt: skip


def told(step: str, **arguments) -> tuple[str, dict]:
    return step, arguments


TAKE_OVER = (told("submit", files=1), told("list"), told("work"))
#: The mistakes of ``exchange_mutants.py``, each with a story that must break on it.
MISTAKES = {
    "told_before_commit": [
        step for points in range(1, 16)
        for step in (told("submit", files=0), told("crash", points=points, only="call"))
    ],
    "cursor_before_rows": [
        step for points in range(12, 24)
        for step in (told("submit", files=0),
                     told("crash", points=points, only="commit"))
    ],
    "mail_twice": [*TAKE_OVER],
    "delivery_not_looked_at": [
        told("submit", files=1), told("by_hand", key=True, mode="typed", files=0),
        told("list"), told("work"), told("heal"),
    ],
    "number_not_looked_for": [
        *TAKE_OVER, told("by_hand", key=True, mode="typed", files=1), told("heal"),
    ],
    "withdrawal_ignored": [
        *TAKE_OVER, told("withdraw", key=True), told("list"), told("work"),
        told("heal"),
    ],
    "newer_over_older": [
        *TAKE_OVER, told("change", key=True), told("write", key=True, files=1),
        told("list"), told("work"),
    ],
    "unknown_is_failure": [
        told("fault", kind="silence", calls="PUT .*/receipt", times=1),
        *TAKE_OVER, told("time"), told("work"),
    ],
    "announced_hash_lost": [
        told("submit", files=1), told("spoil", key=True), told("list"), told("work"),
    ],
    "no_lease_check": [
        step for calls in range(1, 9)
        # Details that come late do no harm; that it is gone, heard late, would.
        for step in (told("fault", kind="410", calls=CALLS[0], times=1),
                     told("submit", files=1), told("overtake", calls=calls))
    ],
}  # fmt: skip


class Driver:
    """The way to the Odoo process that does what the stories say."""

    def __init__(self, hall, folder: Path):
        address = folder / "driver.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen(1)
            listener.settimeout(1)
            self.process = hall.odoo.start_shell(
                hall.database,
                (Path(__file__).parent / "exchange_driver.py").read_text(),
                PCU_SOCKET=str(address),
                PCU_FAKE=str(ADDONS / "pcu_connector" / "tests" / "fake_platform.py"),
                PCU_MUTANTS=str(Path(__file__).with_name("exchange_mutants.py")),
            )
            self.line = self._wait_for(listener)
        self.stream, self.steps = self.line.makefile("rw", encoding="utf-8"), 0

    def tell(self, step: str, **arguments):
        """Do a step; return its result and what broke."""
        self.steps += 1
        try:
            print(json.dumps([step, arguments]), file=self.stream, flush=True)
            answer = self.stream.readline()
        except OSError:
            answer = ""
        return json.loads(answer or self._say_that_it_ended(step))

    def _wait_for(self, listener) -> socket.socket:
        while self.process.poll() is None:
            with contextlib.suppress(TimeoutError):
                return listener.accept()[0]
        return self._say_that_it_ended("start")

    def _say_that_it_ended(self, step: str):
        said = self.process.stdout.read()[-4000:]
        print(said)  # hypothesis tries once more and would show only that
        pytest.fail(f"{step}: the process ended, {self.process.wait(60)}:\n{said}")

    def close(self) -> None:
        with contextlib.suppress(OSError):  # as when it has ended before
            self.stream.close()
        self.line.close()
        self.process.stdout.read()
        self.process.wait(60)


class Stories(RuleBasedStateMachine):
    """One story; each rule is something that happens."""

    driver: Driver
    filed = Bundle("filed")

    def happen(self, step: str, **arguments):
        result, broken = self.driver.tell(step, **arguments)
        assert not broken, f"after {step}: {broken}"
        return result

    @rule(target=filed, files=st.integers(0, 2))
    def submit(self, files):
        return self.happen("submit", files=files)

    @rule()
    def list_and_work(self):
        self.happen("list")
        self.happen("work")

    @rule(step=st.sampled_from(["list", "work", "time", "sign_in"]))
    def machine(self, step):
        self.happen(step)

    @rule(key=filed, files=st.integers(0, 1))
    def write(self, key, files):
        self.happen("write", key=key, files=files)

    @rule(key=filed, step=st.sampled_from(
        ["change", "withdraw", "delete", "spoil", "restore"]))  # fmt: skip
    def citizen(self, key, step):
        self.happen(step, key=key)

    @rule(kind=st.sampled_from(
            ["refused", "silence", "500", "502 after", "429", "410", "sign-in"]),
          calls=st.sampled_from(CALLS), times=st.integers(1, 4))  # fmt: skip
    def fault(self, kind, calls, times):
        self.happen("fault", kind=kind, calls=calls, times=times)

    @rule(points=st.integers(1, 60), only=st.sampled_from([None, "call"]))
    def crash(self, points, only):
        self.happen("crash", points=points if only is None else 1 + points // 5,
                    only=only)  # fmt: skip

    @rule(calls=st.integers(1, 12))
    def overtake(self, calls):
        self.happen("overtake", calls=calls)

    @rule(key=filed, step=st.sampled_from(["retry", "without_files"]))
    def clerk(self, key, step):
        self.happen(step, key=key)

    @rule(key=filed, mode=st.sampled_from(["typed", "zip"]), files=st.integers(0, 2))
    def by_hand(self, key, mode, files):
        self.happen("by_hand", key=key, mode=mode, files=files)

    @rule(key=filed, act=st.sampled_from(
        ["refused", "returned", "as_is", "spam", "duplicate", "park", "retry"],
    ))  # fmt: skip
    def solve(self, key, act):
        self.happen("solve", key=key, act=act)

    def teardown(self):
        unfinished = self.happen("heal")
        assert not unfinished, f"at rest: {unfinished}"


@pytest.fixture
def driver(make_town_hall, tmp_path):
    hall = make_town_hall(wakeup=False)
    hall.postgres.start()
    hall.odoo.clone(hall.townhall_template(), hall.database)
    driver = Driver(hall, tmp_path)
    yield driver
    driver.close()


def test_no_story_breaks_a_guarantee(driver, measured):
    run_state_machine_as_test(
        type("Told", (Stories,), {"driver": driver}),
        settings=settings(
            max_examples=STORIES, stateful_step_count=STEPS, deadline=None,
            derandomize=True, database=None, print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )  # fmt: skip
    measured(f"{STORIES} stories, {driver.steps} steps: no guarantee broken")


def test_each_mistake_is_found_and_only_it(driver, measured):
    """A story passes; with one mistake in the connector the same story breaks."""
    for mistake, story in MISTAKES.items():
        assert not tell(driver, story), f"{mistake}: its story without it"
        driver.tell("mistake", name=mistake)
        found = tell(driver, story)
        driver.tell("forget")
        assert found, f"{mistake} was not found"
        measured(f"mistake {mistake}: {found[0]}")


def tell(driver: Driver, story: list) -> list[str]:
    """Tell a story until something breaks; return what."""
    key, broken = None, []
    for step, arguments in story:
        named = arguments | ({"key": key} if "key" in arguments else {})
        result, broken = driver.tell(step, **named)
        key = result if step == "submit" else key
        if broken := broken or (result if step == "heal" else []):
            break
    driver.tell("forget")
    return broken
