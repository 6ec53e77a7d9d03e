"""The desk at 10,000 open requests: the list as a clerk beside the superuser's.

Pages of the same list are read by turns in one process, each with an empty record
cache, in random order, so that noise hits all alike; figures are medians. Goals: the
inspector's and the head's page <= 1.3 x the superuser's, all counters <= 12 queries.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from stack.odoo import Odoo  # noqa: E402
from stack.postgres import Postgres  # noqa: E402

MOST, QUERIES = 1.3, 12
FLOOR = "list, superuser"


def main() -> int:
    odoo = Odoo(Postgres().start())
    name = odoo.postgres.name("bench_desk")
    odoo.create(name)
    try:
        odoo.install(name, ["pcu_requests"])
        code = Path(__file__).with_name("desk_questions.py").read_text()
        output = odoo.run_shell(name, code)
    finally:
        odoo.drop(name)
    line = next(row for row in output.splitlines() if row.startswith("MEASURED "))
    return report(json.loads(line.removeprefix("MEASURED ")))


def report(found: dict[str, list[float]]) -> int:
    """Print the table; return how many goals are missed."""
    floor, missed = found[FLOOR][0], 0
    for cell, (seconds, queries) in found.items():
        ratio = seconds / floor
        page = cell.startswith("list")
        good = ratio <= MOST if page else queries <= QUERIES
        missed += not good
        print(
            f"{cell:22}{seconds * 1000:8.1f} ms{ratio:7.2f} x{queries:5} queries"
            f"  {'ok' if good else 'MISSED'}"
        )
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
