"""`make test`: everything that proves the suite, with one summary at the end.

Two lanes run side by side on two cores: the tests of the lower modules in Odoo, then
lint; those of the upper modules, then the platform's tests. The end-to-end tests
follow, those that measure how long people wait at the very end and alone. What floods,
kills or fills the machine for minutes is `make proof`, one after the other.
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
from stack.testrun import run_module_tests, shorten

#: Figures that the end-to-end tests measured on the way.
MEASURED = RUN / "measured.txt"
#: The modules that are tested without those above them.
LOWER = ["pcu_base", "pcu_registry", "pcu_intake", "pcu_archive"]
PYTEST_COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


@dataclass
class Part:
    """One part of the summary."""

    name: str
    passed: int
    failed: int
    seconds: float
    details: str = ""


def modules(name: str, chosen: list[str]) -> Part:
    """Install modules in a fresh database, run their tests on the way."""
    verdict = run_module_tests(Odoo(Postgres().start()), chosen)
    failed = max(verdict.failed, int(not verdict.passed))
    complaints = map(shorten, verdict.complaints[:40])
    details = "\n".join([*complaints, f"log: {verdict.log}"])
    passed = verdict.tests - verdict.failed
    return Part(f"{name} modules in Odoo", passed, failed, verdict.seconds, details)


def lower() -> Part:
    return modules("lower", LOWER)


def upper() -> Part:
    return modules("upper", [name for name in MODULES if name not in LOWER])


def linting() -> Part:
    began = time.monotonic()
    code = lint()
    return Part("lint", int(not code), code, time.monotonic() - began)


def pytest(name: str, folder: str, *options) -> Part:
    """Run a folder of pytest; a run without tests or with skipped ones has failed."""
    began = time.monotonic()
    log = RUN / "logs" / f"test-{re.sub('[^a-z]+', '-', name)}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        code = subprocess.run(
            [str(TOOLS_PYTHON), "-m", "pytest", "-q", "-rs", folder, *options],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT / 'sandbox'}:{ROOT / 'scripts'}",
                "PCU_MEASURED": str(MEASURED),
            },
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
    # More files at a time than cores: half of an end-to-end test is waiting. In the
    # order of their names: sorted by size, the longest one would begin last.
    lanes = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")
    return pytest("end to end", "tests", "-m", "not alone and not proof", *lanes)


def waiting() -> Part:
    return pytest("end to end: waiting times", "tests", "-m", "alone")


def proof() -> Part:
    return pytest("proofs", "tests", "-m", "proof")


def summary(parts: list[Part]) -> int:
    for part in parts:
        if part.failed:
            print(f"\n--- {part.name} ---\n{part.details}")
    print()
    if MEASURED.exists():
        print(MEASURED.read_text())
    for part in parts:
        print(
            f"{part.name:28}{part.passed:5} passed {part.failed:4} failed"
            f"{part.seconds:8.0f} s"
        )
    passed, failed = sum(p.passed for p in parts), sum(p.failed for p in parts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(only: list[str]) -> int:
    MEASURED.unlink(missing_ok=True)
    postgres = Postgres().start()
    try:
        return run(only)
    finally:
        postgres.release()


def run(only: list[str]) -> int:
    named = {
        "lower": lower,
        "upper": upper,
        "lint": linting,
        "platform": platform,
        "e2e": e2e,
        "waiting": waiting,
        "proof": proof,
    }
    if only:
        return summary([named[name]() for name in only])
    with ThreadPoolExecutor(2) as lanes:
        first = lanes.submit(lambda: [lower(), linting()])
        second = lanes.submit(lambda: [upper(), platform()])
        parts = [*first.result(), *second.result()]
    return summary([*parts, e2e(), waiting()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
