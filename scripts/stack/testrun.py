"""One test run of Odoo, judged by more than its summary line.

Odoo ends with 0 when no test ran, when browser tests were skipped, and with a summary
of "0 failed" when loading broke. So a run passes only if the exit code is 0, tests ran,
none was skipped, and the log has no warning or error that the project caused.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from .odoo import Odoo
from .paths import RUN

SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ [A-Z]+ ")
LINE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+): (.*)$")
SKIPPED = re.compile(r": skipped ")

#: Warnings that are not ours: (logger prefix, start of the text).
FOREIGN = (
    ("odoo.tools.config", ""),
    ("odoo.addons.base.models.ir_actions_report", "You need Wkhtmltopdf"),
    ("odoo.tools.pdf", ""),
    ("py.warnings", ""),
)


@dataclass
class Verdict:
    """What a run of tests came to."""

    module: str
    code: int
    tests: int = 0
    failed: int = 0
    seconds: float = 0
    complaints: list[str] = field(default_factory=list)
    log: Path | None = None

    @property
    def passed(self) -> bool:
        return (
            not self.code and self.tests > 0 and not self.failed and not self.complaints
        )

    def __str__(self):
        word = "ok" if self.passed else "FAILED"
        text = f"{self.module}: {self.tests} tests, {self.failed} failed, "
        return f"{text}{self.seconds:.0f} s: {word}"


def judge(module: str, code: int, log: str, seconds: float = 0) -> Verdict:
    """Read the verdict out of an exit code and a log."""
    verdict = Verdict(module, code, seconds=seconds)
    for failed, errors, tests in SUMMARY.findall(log):
        verdict.tests += int(tests)
        verdict.failed += int(failed) + int(errors)
    if code:
        verdict.complaints.append(f"Odoo ended with code {code}")
    if not verdict.tests:
        verdict.complaints.append("no test ran")
    ours = False
    for line in log.splitlines():
        if ours and not STAMP.match(line):
            # A traceback belongs to the line above it: who reads only the summary of a
            # run elsewhere needs it.
            verdict.complaints[-1] += f"\n    {line}"
            continue
        found = LINE.match(line)
        ours = bool(found) and not _is_foreign(found[2], found[3])
        if ours or SKIPPED.search(line):
            verdict.complaints.append(line)
    return verdict


def shorten(complaint: str, lines: int = 12) -> str:
    """Return a complaint with the end of its traceback, where the reason stands."""
    head, *traceback = complaint.splitlines()
    return "\n".join([head[:300], *(line[:300] for line in traceback[-lines:])])


def _is_foreign(logger: str, text: str) -> bool:
    return any(logger.startswith(a) and text.startswith(b) for a, b in FOREIGN)


def run_module_tests(
    odoo: Odoo, modules: list[str], *, tags: str | None = None, keep: str | None = None
) -> Verdict:
    """Install modules in a fresh database and run their tests.

    :param tags: as Odoo's ``--test-tags``; default: all tests of these modules
    :param keep: name of a database that stays and is updated the next time
    """
    label = modules[-1] if len(modules) == 1 else f"modules_to_{modules[-1]}"
    name = odoo.postgres.name(keep or f"test_{label}")
    log = RUN / "logs" / f"test-{label}.log"
    log.unlink(missing_ok=True)
    fresh = not (keep and odoo.postgres.exists(name))
    if fresh:
        odoo.create(name)
    began = time.monotonic()
    code = odoo.run(
        "--database", name, "--init" if fresh else "--update", ",".join(modules),
        "--skip-auto-install", "--stop-after-init", "--http-port", "0",
        "--test-tags", tags or ",".join(f"/{module}" for module in modules),
        # Tests over HTTP share the test's transaction, so everything is one process.
        "--workers", "0", "--screenshots", RUN / "screenshots", log=log, check=False,
    )  # fmt: skip
    text = log.read_text(errors="replace")
    verdict = judge(label, code, text, time.monotonic() - began)
    if not tags:
        verdict.complaints += [
            f"no test of {module} ran"
            for module in modules
            if f"odoo.addons.{module}.tests" not in text
        ]
    verdict.log = log
    if not keep:
        odoo.drop(name)
    return verdict


def report(verdict: Verdict) -> int:
    """Print a verdict; return 0 or 1."""
    print(verdict)
    for complaint in verdict.complaints[:40]:
        print(f"  {shorten(complaint)}")
    if verdict.complaints:
        print(f"  log: {verdict.log}")
    return 0 if verdict.passed else 1
