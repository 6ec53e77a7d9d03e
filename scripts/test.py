"""`make test`: everything that proves the suite, with one summary at the end.

Two lanes run side by side on two cores: the modules' own tests in Odoo, and lint plus
the platform's tests. The end-to-end tests follow alone: they measure waiting times.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from stack.lint import lint
from stack.odoo import Odoo
from stack.paths import MODULES, ROOT, RUN, TOOLS_PYTHON
from stack.postgres import Postgres
from stack.testrun import judge

PYTEST_COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


@dataclass
class Part:
    """One part of the summary."""

    name: str
    passed: int
    failed: int
    seconds: float
    details: str = ""


def modules() -> Part:
    """Install the four modules in a fresh database, run their tests on the way."""
    began = time.monotonic()
    odoo = Odoo(Postgres().start())
    name, log = odoo.postgres.name("test"), RUN / "logs" / "test-modules.log"
    log.unlink(missing_ok=True)
    odoo.create(name)
    code = odoo.run(
        "--database", name, "--init", MODULES[-1], "--skip-auto-install",
        "--test-tags", ",".join(f"/{m}" for m in MODULES), "--stop-after-init",
        "--http-port", "0", "--screenshots", RUN / "screenshots", log=log, check=False,
    )  # fmt: skip
    verdict = judge("modules", code, log.read_text(errors="replace"))
    odoo.drop(name)
    missing = [m for m in MODULES if f"odoo.addons.{m}.tests" not in log.read_text()]
    complaints = verdict.complaints + [f"no test of {m} ran" for m in missing]
    failed = max(verdict.failed, len(complaints) and 1)
    return Part(
        "modules in Odoo", verdict.tests - verdict.failed, failed,
        time.monotonic() - began, "\n".join([*complaints[:40], f"log: {log}"]),
    )  # fmt: skip


def linting() -> Part:
    began = time.monotonic()
    code = lint()
    return Part("lint", int(not code), code, time.monotonic() - began)


def pytest(name: str, folder: str, *options) -> Part:
    """Run a folder of pytest; a run without tests or with skipped ones has failed."""
    began = time.monotonic()
    log = RUN / "logs" / f"test-{folder.replace('/', '-')}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        code = subprocess.run(
            [str(TOOLS_PYTHON), "-m", "pytest", "-q", "-rs", folder, *options],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'sandbox'}:{ROOT / 'scripts'}"},
        ).returncode  # fmt: skip
    text = log.read_text(errors="replace")
    counts = {word: int(n) for n, word in PYTEST_COUNTS.findall(text.splitlines()[-1])}
    failed = sum(n for word, n in counts.items() if word != "passed")
    failed = max(failed, int(bool(code)), int(not counts.get("passed")))
    tail = "\n".join(text.splitlines()[-60:]) if failed else ""
    return Part(name, counts.get("passed", 0), failed, time.monotonic() - began, tail)


def platform() -> Part:
    return pytest("platform and mail catcher", "sandbox/tests")


def e2e() -> Part:
    return pytest("end to end", "tests")


def summary(parts: list[Part]) -> int:
    for part in parts:
        if part.failed:
            print(f"\n--- {part.name} ---\n{part.details}")
    print()
    for part in parts:
        print(
            f"{part.name:28}{part.passed:5} passed {part.failed:4} failed"
            f"{part.seconds:8.0f} s"
        )
    passed, failed = sum(p.passed for p in parts), sum(p.failed for p in parts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(only: list[str]) -> int:
    postgres = Postgres().start()
    try:
        return run(only)
    finally:
        postgres.release()


def run(only: list[str]) -> int:
    named = {"modules": modules, "lint": linting, "platform": platform, "e2e": e2e}
    if only:
        return summary([named[name]() for name in only])
    with ThreadPoolExecutor(2) as lanes:
        first = lanes.submit(modules)
        second = lanes.submit(lambda: [linting(), platform()])
        parts = [first.result(), *second.result()]
    return summary([*parts, e2e()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
