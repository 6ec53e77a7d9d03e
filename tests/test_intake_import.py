"""An old register brought in at its real size: killed in the middle, within its memory.

What a test's single transaction can't show: what is committed when the process dies,
that the scheduler goes on by itself, how much memory the whole server takes, and how
long a clerk waits. `make proof` takes 100,000 lines of each kind of file.
"""

import base64
import os
import subprocess
import time

import pytest
from stack.paths import ODOO_PYTHON, ROOT
from townhall_world import TownHall

pytestmark = pytest.mark.proof

LINES = 3_000 if int(os.environ.get("PCU_PROOF", "20")) <= 20 else 100_000
FAULTY = LINES // 50
MEGABYTES = 512
PATIENCE = 300 + LINES // 50
MODEL = "pcu.intake.import"


@pytest.fixture(scope="module")
def hall():
    with TownHall("e2e_old_register") as hall:
        hall.make_database()
        hall.start_odoo()
        yield hall


@pytest.mark.timeout(3 * PATIENCE)
@pytest.mark.parametrize(
    ("kind", "year"), [("csv", 2021), ("xlsx", 2022), ("ods", 2023)]
)
def test_old_register_killed_in_the_middle_is_whole(hall, kind, year, measured):
    clerk = hall.clerk()
    record = clerk.call(MODEL, "create", {
        "name": f"{year}.{kind}", "content": old_register(hall, kind, year),
    })  # fmt: skip

    clerk.call(MODEL, "action_check", [record])
    dry = wait_for(hall, record, "checked")
    figures = ["taken_count", "refused_count", "rows_total", "refusals_csv"]
    found = clerk.call(MODEL, "read", [record], figures)[0]
    report = base64.b64decode(found["refusals_csv"]).decode("utf-8-sig")
    assert (found["rows_total"], found["taken_count"]) == (LINES, LINES - FAULTY)
    assert len(report.splitlines()) == 1 + found["refused_count"] == 1 + FAULTY
    assert entries(hall, record) == (0, 0)

    clerk.call(MODEL, "action_import", [record])
    began = time.monotonic()
    hall.wait_until(
        lambda: entries(hall, record)[0] > LINES // 4, PATIENCE, "a quarter"
    )
    peak = memory(hall.servers[0])
    hall.servers[0].kill()
    killed_at = entries(hall, record)[0]
    assert killed_at < LINES - FAULTY
    took = time.monotonic() - began

    hall.servers[0].start()
    peak_before = memory(hall.servers[0])
    took += wait_for(hall, record, "done")
    peak = max(peak, memory(hall.servers[0]))
    assert entries(hall, record) == (LINES - FAULTY, LINES - FAULTY)
    assert peak < MEGABYTES
    measured(
        f"{LINES} lines of {kind.upper()}: dry run {dry:.0f} s, import {took:.0f} s"
        f" ({LINES / took:.0f} lines/s) with a kill after {killed_at};"
        f" the server's peak {peak} MB ({peak_before} MB idle)"
    )


def old_register(hall, kind: str, year: int) -> str:
    path = hall.folder / f"{year}.{kind}"
    subprocess.run(
        [ODOO_PYTHON, ROOT / "tests" / "old_register.py", path, str(LINES), str(year)],
        check=True,
    )
    return base64.b64encode(path.read_bytes()).decode()


def wait_for(hall, record: int, state: str) -> float:
    def reached():
        now, problem = hall.rows(
            "SELECT state, problem FROM pcu_intake_import WHERE id = %s", record
        )[0]
        assert not problem
        return now == state

    return hall.wait_until(reached, PATIENCE, state)


def entries(hall, record: int) -> tuple[int, int]:
    """Return how many entries the import made, and how many numbers they have."""
    return hall.rows(
        "SELECT count(*), count(DISTINCT number) FROM pcu_register_entry"
        " WHERE import_id = %s", record,
    )[0]  # fmt: skip


def memory(server) -> int:
    """Return the most memory the server ever had, in MB."""
    with open(f"/proc/{server.popen.pid}/status") as status:
        return int(status.read().partition("VmHWM:")[2].split()[0]) // 1024
