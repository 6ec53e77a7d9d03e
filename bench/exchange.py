"""The exchange with a platform: how fast, how idle, how patient, how lean.

Each cell runs over real processes: the stand-in platform, PostgreSQL, Odoo. Ratios are
within one run; the floor makes the same calls and writes the same bytes as durably, one
row per submission and file, without Odoo (exchange_floor.py).

    bench/exchange.py --submissions 200 rate      # the quick look
    bench/exchange.py                             # everything, in full size
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from stack.paths import TOOLS_PYTHON  # noqa: E402
from stack.services import INSTITUTION  # noqa: E402
from townhall_world import TownHall  # noqa: E402

FILES, MEAN = 3, 300_000
LATENCIES = (0, 50)
TENANTS = 300
LARGE, CUTS = 2 * 1024**3, 10
#: Seconds that one piece of a run may take before it is given up.
PATIENCE = 3600


class Exchange(TownHall):
    """A town hall whose platform holds what is to be taken over."""

    def __init__(self, name: str):
        super().__init__(f"bench_exchange_{name}", wakeup=False, interval=5)
        self.sandbox.settings["EDIRECT_RATE_LIMIT"] = "100000000"

    def open_outside(self) -> None:
        """Start everything but Odoo."""
        self.mail.start()
        self.sandbox.start()

    def file_away(self, count: int, mean: int = MEAN) -> None:
        """File so many submissions; sizes spread around the mean, always the same."""
        chance = random.Random(1)
        for _ in range(count):
            sizes = [int(mean * chance.uniform(0.2, 1.8)) for _ in range(FILES)]
            self.submit(
                files=[
                    {"name": f"{n}.pdf", "type": "application/pdf", "size": size}
                    for n, size in enumerate(sizes)
                ]
            )

    def delay(self, seconds: float) -> None:
        """Let each answer of the platform take longer, as over a real line."""
        self.sandbox.control("faults", {"latency_seconds": seconds}, "PUT")

    def work(self, workers: int, wanted: int) -> list[dict]:
        """Let workers take over what is there; return what each one measured."""
        for old in self.folder.glob("ready-*"):
            old.unlink()
        (self.folder / "go").unlink(missing_ok=True)
        code = Path(__file__).with_name("exchange_worker.py").read_text()
        options = {"PCU_WANTED": str(wanted), "PCU_FOLDER": str(self.folder)}
        running = [
            self.odoo.start_shell(self.database, code, **options)
            for _ in range(workers)
        ]
        self.wait_until(
            lambda: (
                len(list(self.folder.glob("ready-*"))) == workers
                or any(process.poll() is not None for process in running)
            ),
            300,
            "the start of the workers",
        )
        (self.folder / "go").touch()
        return [_measured(process) for process in running]


def _measured(process: subprocess.Popen) -> dict:
    said = process.stdout.read()
    process.wait(60)
    found = [row for row in said.splitlines() if row.startswith("MEASURED ")]
    if not found:
        raise SystemExit(said[-4000:])
    return json.loads(found[0].removeprefix("MEASURED "))


class Report:
    """Prints each figure beside its goal and counts what is missed."""

    def __init__(self):
        self.missed = 0

    def show(self, cell: str, figure: str, good: bool | None = None) -> None:
        self.missed += good is False
        verdict = {True: "ok", False: "MISSED", None: ""}[good]
        print(f"{cell:44}{figure:>38}  {verdict}", flush=True)


# -- rate --------------------------------------------------------------------------


def rate(report: Report, options: argparse.Namespace) -> None:
    """Submissions per second against the floor, with one and with two workers."""
    count = options.submissions
    for latency in (milliseconds / 1000 for milliseconds in options.latency):
        line = f"{latency * 1000:.0f} ms line"
        floor = floor_rate(latency, count)
        report.show(f"floor, {line}", f"{floor:.1f}/s")
        one, shares, waits = worker_rate(1, latency, count)
        report.show(
            f"1 worker, {line} (>= 0.5 of the floor)",
            f"{one:.1f}/s, {one / floor:.2f} of the floor", one / floor >= 0.5,
        )  # fmt: skip
        report.show(f"  where the time went, {line}", shares)
        two, shares, _waits = worker_rate(2, latency, count)
        report.show(
            f"2 workers, {line}" + (" (>= 1.7 x)" if latency else ""),
            f"{two:.1f}/s, {two / one:.2f} x one worker",
            two / one >= 1.7 if latency else None,
        )
        report.show(f"  where the time went, {line}", shares)
        if latency:
            report.show("recorded after the commit, p95 (<= 10 s)",
                        f"{waits:.1f} s", waits <= 10)  # fmt: skip
            report.show("1,000 after an outage, at this rate (<= 10 min)",
                        f"{1000 / one / 60:.1f} min", 1000 / one <= 600)  # fmt: skip


def floor_rate(latency: float, count: int) -> float:
    with Exchange("floor") as hall:
        hall.postgres.start()
        hall.open_outside()
        hall.file_away(count)
        hall.delay(latency)
        hall.postgres.drop(hall.database)
        hall.postgres.sql(f'CREATE DATABASE "{hall.database}"')
        place = hall.folder / "floor"
        place.mkdir()
        done = subprocess.run(
            [TOOLS_PYTHON, Path(__file__).with_name("exchange_floor.py"),
             hall.sandbox.url, INSTITUTION, place],
            env={**os.environ, **hall.postgres.env(), "PCU_DATABASE": hall.database,
                 "PCU_TOKEN": hall.sandbox.token()},
            text=True, stdout=subprocess.PIPE, check=True, timeout=PATIENCE,
        )  # fmt: skip
        found = json.loads(done.stdout)
        if found["done"] != count:
            raise SystemExit(f"the floor took over {found['done']} of {count}")
        return count / found["seconds"]


def worker_rate(workers: int, latency: float, count: int) -> tuple[float, str, float]:
    """Return submissions per second, where the time went, seconds to the answer."""
    with Exchange(f"rate{workers}") as hall:
        hall.open_outside()
        hall.file_away(count)
        hall.make_database(interval=5)
        hall.delay(latency)
        found = hall.work(workers, count)
        hall.delay(0)
        if hall.numbers() != list(range(1, count + 1)):
            raise SystemExit("not each submission has its number")
        took = max(f["ended"] for f in found) - min(f["began"] for f in found)
        waits = hall.value(
            "SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY"
            " extract(epoch FROM write_date - create_date))"
            " FROM pcu_exchange_effect WHERE kind = 'registration'"
        )
    return count / took, _shares(found, count), float(waits)


def _shares(found: list[dict], count: int) -> str:
    total = sum(f["ended"] - f["began"] for f in found)
    parts = {
        name: sum(f[name] for f in found) / total for name in ("calls", "disk", "sql")
    }
    parts["ORM"] = 1 - sum(parts.values())
    queries = sum(f["queries"] for f in found) / count
    text = " ".join(f"{name} {part:.0%}" for name, part in parts.items())
    return f"{text}, {queries:.0f} queries"


# -- many tenants --------------------------------------------------------------------


def idle(report: Report, _options: argparse.Namespace) -> None:
    """What the minute wake-up costs when nobody has anything to do."""
    with Exchange("idle") as hall:
        hall.make_database()
        code = Path(__file__).with_name("exchange_idle.py").read_text()
        found = _measured(
            hall.odoo.start_shell(hall.database, code, PCU_TENANTS=str(TENANTS))
        )
    report.show(
        f"wake-up with {TENANTS} idle tenants (<= 1 s)",
        f"{found['cpu']:.2f} s of CPU", found["cpu"] <= 1,
    )  # fmt: skip


def hanging(report: Report, _options: argparse.Namespace) -> None:
    """How much later others get their numbers when one tenant's platform hangs."""
    with Exchange("hanging") as hall:
        hall.open_outside()
        hall.make_database(interval=1)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            # It takes the connection and never answers, which is worse than refusing.
            hall.rows(
                "INSERT INTO pcu_platform (name, code, company_id, adapter, channel,"
                " base_url, allow_http, institution, client_id, client_secret, active,"
                " poll_minutes, page_size, max_file_mb, reconcile_days, state,"
                " next_poll_at, instance_uuid, sequence, answers_share, max_waiting)"
                " SELECT 'Silent', 'silent', company_id, adapter, channel, %s, true,"
                " 'silent', client_id, client_secret, true, poll_minutes, page_size,"
                " max_file_mb, reconcile_days, state, next_poll_at - interval '1 hour',"
                " instance_uuid, 1, answers_share, max_waiting"
                " FROM pcu_platform RETURNING id",
                f"http://127.0.0.1:{silent.getsockname()[1]}",
            )
            hall.start_odoo()
            waits = []
            for count in range(1, 4):
                hall.submit()
                waits.append(hall.wait_for_numbers(count, 300))
    cycle = 60
    report.show(
        "one tenant hangs: others wait (< 2 cycles of 60 s)",
        ", ".join(f"{seconds:.0f} s" for seconds in waits),
        max(waits) < 2 * cycle,
    )


# -- one very large file ------------------------------------------------------------


def large(report: Report, _options: argparse.Namespace) -> None:
    """A file of 2 GB whose line breaks ten times."""
    with Exchange("large") as hall:
        hall.open_outside()
        hall.make_database(interval=5)
        hall.rows("UPDATE pcu_platform SET max_file_mb = 4096 RETURNING id")
        hall.submit(
            files=[{"name": "plan.pdf", "type": "application/pdf", "size": LARGE}]
        )
        hall.sandbox.control(
            "faults",
            {"only": "GET .*/files/", "cut_rate": 1.0, "times": CUTS,
             "cut_after_bytes": LARGE // (CUTS + 2)},
            "PUT",
        )  # fmt: skip
        found = hall.work(1, 1)[0]
    size = f"{LARGE / 2**30:.0f} GB, {CUTS} cuts"
    report.show(
        f"{size}: peak memory (<= 256 MB)",
        f"{found['peak'] / 2**20:.0f} MB, {found['grown'] / 2**20:.0f} over idle",
        found["peak"] <= 256 * 2**20,
    )
    again = (found["received"] - LARGE) / CUTS
    report.show(
        "read again after each cut (<= 1 piece of 1 MiB)",
        f"{again / 2**20:.2f} MiB, {found['resumes']} resumed",
        again <= 2**20 and found["resumes"] >= CUTS,
    )


CELLS = {"rate": rate, "idle": idle, "hanging": hanging, "large": large}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", choices=[*CELLS, []], help="all if none")
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument(
        "--latency", type=int, nargs="+", default=LATENCIES, help="of the line, in ms"
    )
    options = parser.parse_args()
    report = Report()
    for name in options.cells or CELLS:
        CELLS[name](report, options)
    return 1 if report.missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
