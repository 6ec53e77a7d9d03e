"""What is started stops again, all of it and nothing else."""

import os
import signal
import subprocess
import time

from stack.paths import ROOT, TOOLS_PYTHON
from stack.postgres import Postgres
from stack.testrun import judge, shorten

FAILING_RUN = """\
2026-11-22 17:40:41,472 69 INFO town odoo.modules.loading: loading pcu_registry
2026-11-22 17:40:41,480 69 ERROR town odoo.addons.pcu_base.tests: ERROR: TestA.test_b
Traceback (most recent call last):
  File "test_a.py", line 88, in test_b
psycopg2.ProgrammingError: no results to fetch
2026-11-22 17:40:42,001 69 WARNING town py.warnings: somebody else's
Traceback (most recent call last):
2026-11-22 17:44:57,424 69 ERROR town odoo.tests.result: 0 failed, 1 error(s) of 7 tests
"""


def processes_of(marker: str) -> list[str]:
    """Return the command lines of running programs that mention ``marker``."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in words and int(pid) != os.getpid():
            found.append(words)
    return found


def test_ctrl_c_stops_the_whole_demo_and_nothing_else(postgres):
    demo = subprocess.Popen(
        [str(TOOLS_PYTHON), "scripts/demo.py", "--name", "ctrl_c_demo"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    for line in demo.stdout:
        if "Ctrl-C" in line:
            break
    assert demo.poll() is None, "the demonstration did not come up"
    # Odoo, platform and mail catcher are told apart by their folder or database.
    assert len(processes_of("ctrl_c_demo")) >= 4

    os.killpg(demo.pid, signal.SIGINT)
    assert demo.wait(60) == 0
    deadline = time.monotonic() + 10
    while processes_of("ctrl_c_demo") and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_of("ctrl_c_demo") == []
    assert postgres.running, "another command of this checkout still uses the server"
    postgres.drop(postgres.name("ctrl_c_demo"))


def test_two_checkouts_have_two_servers(postgres, tmp_path_factory):
    # Below /var/tmp, because pytest's own folders are closed to other accounts.
    other = Postgres(home=tmp_path_factory.mktemp("other"))
    other.start()
    try:
        assert other.running
        assert postgres.running
        assert other.port != postgres.port
        assert not other.exists(postgres.name("test"))
    finally:
        other.remove()
    assert postgres.running


def test_a_second_setup_does_nothing_in_five_seconds():
    setup = {"args": ["scripts/setup.sh"], "cwd": ROOT, "text": True, "check": True}
    subprocess.run(**setup)
    began = time.monotonic()
    done = subprocess.run(**setup, capture_output=True)
    assert time.monotonic() - began < 5
    assert done.stderr == ""


def test_a_failed_run_says_why_in_its_summary():
    """Who sees only what `make test` printed has no log file to look into."""
    verdict = judge("pcu_registry", 1, FAILING_RUN)
    assert not verdict.passed
    code, failure, total = map(shorten, verdict.complaints)
    assert code == "Odoo ended with code 1"
    assert failure.splitlines()[0].endswith("ERROR: TestA.test_b")
    assert failure.splitlines()[-1].strip().endswith("no results to fetch")
    assert "of 7 tests" in total
    assert "somebody else" not in failure + total
