"""`make two-servers`: both work, the killed leader is not missed, Ctrl-C ends clean."""

import re
import signal
import subprocess
from pathlib import Path

import pytest
from stack.paths import ROOT, TOOLS_PYTHON

pytestmark = pytest.mark.proof

EACH = 8


def test_two_servers_share_the_work_and_one_alone_finishes_it(tmp_path, measured):
    output = tmp_path / "output"
    with output.open("w") as target:
        process = subprocess.Popen(
            [TOOLS_PYTHON, "scripts/two_servers.py", "--submissions", str(EACH),
             "--name", "e2e_two_servers"],
            cwd=ROOT, stdout=target, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        parts = wait_for(process, output, "Ready.")
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    finally:
        process.kill()
    text = output.read_text()
    measured("\n".join(line for line in text.splitlines() if "submissions" in line))

    assert code == 0, text
    assert not [pid for pid in parts if Path(f"/proc/{pid}").exists()]
    both, alone, again = text.split("submissions, two servers:")[1].split("register ")[
        :3
    ]
    assert len(worked(both)) == 2, text
    assert list(worked(alone).values()) == [EACH], text
    assert sum(worked(again).values()) >= EACH, text
    for count in (EACH, 2 * EACH, 3 * EACH):
        assert f"{count} entries, {count} numbers, the highest {count}" in text


def wait_for(process, output, word: str) -> list[str]:
    """Wait until the program says a word; return the ids of what it started."""
    for _tick in range(600):
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            if word in output.read_text():
                return subprocess.run(
                    ["ps", "--ppid", str(process.pid), "-o", "pid="],
                    text=True, capture_output=True, check=True,
                ).stdout.split()  # fmt: skip
        else:
            break
    raise AssertionError(output.read_text())


def worked(text: str) -> dict[str, int]:
    """Return how many submissions each server worked on, from the printed table."""
    found = re.findall(r"(server on port \d+)\s+worked on (\d+) submissions", text)
    return {name: int(count) for name, count in found}
