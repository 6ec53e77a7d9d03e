"""Random stories of citizens, clerks, faults and deaths, told to the connector itself.

`hypothesis` makes up the stories, always the same ones, and shortens one that breaks a
guarantee to its few steps that matter. After every step the guarantees hold; at the end
of every story all faults are lifted and everything comes to rest.
"""

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


class Driver:
    """The way to the Odoo process that does what the stories say."""

    def __init__(self, hall, folder: Path):
        address = folder / "driver.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen(1)
            listener.settimeout(300)
            self.process = hall.odoo.start_shell(
                hall.database,
                (Path(__file__).parent / "exchange_driver.py").read_text(),
                PCU_SOCKET=str(address),
                PCU_FAKE=str(ADDONS / "pcu_connector" / "tests" / "fake_platform.py"),
            )
            self.line = listener.accept()[0]
        self.stream, self.steps = self.line.makefile("rw", encoding="utf-8"), 0

    def tell(self, step: str, **arguments):
        """Do a step; return its result and what broke."""
        self.steps += 1
        print(json.dumps([step, arguments]), file=self.stream, flush=True)
        answer = self.stream.readline()
        if not answer:
            pytest.fail(
                f"{step}: the process ended:\n{self.process.stdout.read()[-4000:]}"
            )
        return json.loads(answer)

    def close(self) -> None:
        self.stream.close()
        self.line.close()
        self.process.stdout.read()
        self.process.wait(60)


@pytest.fixture
def driver(make_town_hall, tmp_path):
    hall = make_town_hall(wakeup=False)
    hall.postgres.start()
    hall.odoo.clone(hall.townhall_template(), hall.database)
    driver = Driver(hall, tmp_path)
    yield driver
    driver.close()


def test_no_story_breaks_a_guarantee(driver, measured):
    class Stories(RuleBasedStateMachine):
        """One story; each rule is something that happens."""

        filed = Bundle("filed")

        def happen(self, step: str, **arguments):
            result, broken = driver.tell(step, **arguments)
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

        @rule(points=st.integers(1, 60))
        def crash(self, points):
            self.happen("crash", points=points)

        @rule(key=filed, step=st.sampled_from(["retry", "without_files"]))
        def clerk(self, key, step):
            self.happen(step, key=key)

        @rule(key=filed, act=st.sampled_from(
            ["refused", "spam", "duplicate", "park", "retry"]))  # fmt: skip
        def solve(self, key, act):
            self.happen("solve", key=key, act=act)

        def teardown(self):
            unfinished = self.happen("heal")
            assert not unfinished, unfinished

    run_state_machine_as_test(
        Stories,
        settings=settings(
            max_examples=STORIES, stateful_step_count=STEPS, deadline=None,
            derandomize=True, database=None, print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )  # fmt: skip
    measured(f"{STORIES} stories, {driver.steps} steps: no guarantee broken")
