"""The dashboard and the pivot of a head over a million requests, asked over HTTP.

    ours     the call that the web client makes, by a head of department (and the mayor)
    floor    an empty call of the same user, and the best SQL we can write by hand for
             the same figures
    naive    the same pivot over the requests themselves

The cells of a round run in random order, beside each other; a ratio compares two p95 of
the same run. Goals: dashboard and pivot of a head <= 2.5 x floor. Ten thousand requests
are open, the others went in the last five years. All tables are warm.
"""

import argparse
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from kept_database import KeptDatabase, Session, p95, timed  # noqa: E402
from register_scale_cases import TODAY  # noqa: E402
from stack.odoo import Odoo  # noqa: E402
from stack.paths import RUN  # noqa: E402
from stack.postgres import Postgres  # noqa: E402

FLOOR = 2.5
HEADED = 2  # the department of the head, in the order of the town

REQUESTS = """
INSERT INTO pcu_request (company_id, department_id, user_id, procedure_id, channel,
    applicant_id, state, registration_date, due_date, term_stopped, decided_at,
    filed_at, unclassified, entry_reference, create_uid, write_uid, create_date,
    write_date)
SELECT %(company)s, %(department)s,
       CASE WHEN open AND random() < 0.2 THEN NULL
            ELSE (%(people)s::int[])[1 + floor(5 * power(random(), 1.5))::int] END,
       (%(procedures)s::int[])[1 + floor(3 * power(random(), 1.5))::int],
       (ARRAY['counter', 'pcue', 'email', 'post'])[1 + floor(4 * random())::int],
       %(citizen)s,
       CASE WHEN NOT open THEN 'closed' WHEN random() < 0.1 THEN 'clarification'
            ELSE 'in_progress' END,
       came, came + 30 + (random() * 3)::int, open AND random() < 0.05,
       CASE WHEN NOT open THEN came + (power(random(), 1.7) * 40)::int
            + time '10:00' END,
       came, false, n || '/' || to_char(came, 'DD.MM.YYYY'), 1, 1, now(), now()
  FROM (SELECT n, n <= %(open)s AS open,
               CASE WHEN n <= %(open)s
                    THEN current_date - (power(random(), 1.5) * 40)::int
                    ELSE current_date - 41 - (random() * 1780)::int END AS came
          FROM generate_series(1, %(count)s) n) made
"""

WHEN = "s.month >= %(first)s AND s.month <= %(last)s"
#: The dashboard by hand: flow by every dimension, what lies open, handling times by
#: every dimension, twelve months, the pace of eight weeks.
DASHBOARD = (
    """
    SELECT department_id, user_id, procedure_id, channel, sum(in_count),
           sum(out_count), sum(late_out_count) FROM pcu_request_summary s
     WHERE MINE AND WHEN
     GROUP BY GROUPING SETS ((department_id), (user_id), (procedure_id), (channel))
    """,
    """
    SELECT department_id, user_id, procedure_id, channel, sum(open_count),
           sum(open_count) FILTER (WHERE due_date < current_date),
           sum(open_count) FILTER (WHERE due_date = current_date),
           sum(open_count) FILTER (WHERE due_date = current_date + 1),
           sum(open_count) FILTER (WHERE waiting),
           sum(open_count) FILTER (WHERE received_on < current_date - 30),
           sum(open_count) FILTER (WHERE due_date <= current_date + 12)
      FROM pcu_request_summary s WHERE MINE AND open_count <> 0
     GROUP BY GROUPING SETS ((department_id), (user_id), (procedure_id), (channel), ())
    """,
    """
    SELECT department_id, user_id, procedure_id, channel, days, sum(request_count)
      FROM pcu_request_duration s WHERE MINE AND WHEN
     GROUP BY GROUPING SETS ((department_id, days), (user_id, days),
                             (procedure_id, days), (channel, days))
    """,
    """
    SELECT month, sum(in_count), sum(out_count) FROM pcu_request_summary s
     WHERE MINE AND month >= %(year)s GROUP BY month
    """,
    """
    SELECT user_id, count(*) FROM pcu_request s
     WHERE MINE AND decided_at >= current_date - 56 AND user_id IN (
           SELECT user_id FROM pcu_request_summary s
            WHERE MINE AND open_count <> 0 AND due_date <= current_date + 12)
     GROUP BY user_id
    """,
)
PIVOT = """
    SELECT department_id, month, sum(in_count), sum(out_count), sum(open_count)
      FROM pcu_request_summary s WHERE MINE AND WHEN
     GROUP BY GROUPING SETS ((), (month), (department_id), (department_id, month))
"""


class Bench(KeptDatabase):
    """One database with its server and its sessions."""

    MODULES = ("pcu_analysis",)

    def __init__(self, odoo: Odoo, requests: int):
        super().__init__(odoo, f"analysis_{requests}")
        self.requests = requests

    def build(self) -> None:
        self.odoo.create(self.database)
        self.odoo.install(self.database, self.MODULES, log=RUN / "logs/bench.log")
        self.town = self.make_town("analysis_town.py")
        cr = self.cursor()
        cr.execute("SET session_replication_role = replica")
        cr.execute("SELECT setseed(0.5)")
        began, places = time.monotonic(), len(self.town["departments"])
        for department in self.town["departments"]:
            cr.execute(
                REQUESTS,
                {
                    "company": self.town["company"], "citizen": self.town["citizen"],
                    "department": department["id"], "people": department["people"],
                    "procedures": department["procedures"],
                    "count": self.requests // places, "open": 10_000 // places,
                },
            )  # fmt: skip
        cr.execute("RESET session_replication_role")
        for table in ("pcu_request_summary", "pcu_request_duration"):
            cr.callproc(f"{table}_recount")
        cr.execute("VACUUM ANALYZE")
        print(f"  built in {time.monotonic() - began:.0f} s", file=sys.stderr)
        self.note()

    def start(self) -> None:
        self.server = self.serve()
        self.sessions = {
            login: Session(self.server.url, self.database, login, self.password)
            for login in ("head", "mayor")
        }

    def cases(self) -> dict:
        """Return, by name, who asks, the call, and its SQL."""
        first = TODAY.replace(day=1)
        own = self.town["departments"][HEADED]["id"]
        mine = {"head": f"s.department_id = {own}", "mayor": "s.company_id = 1"}
        values = {"first": first, "last": TODAY, "year": first - timedelta(days=334)}
        values["year"] = values["year"].replace(day=1)
        found = {}
        for who, where in mine.items():

            def put(sql, where=where):
                return sql.replace("MINE", where).replace("WHEN", WHEN)

            found[f"{who}: dashboard"] = (
                who, ("pcu.analysis", "get_figures", {"period": "month"}),
                [(put(sql), values) for sql in DASHBOARD],
            )  # fmt: skip
            found[f"{who}: pivot of a year"] = (
                who, self.pivot("pcu.request.summary", "month", values["year"]),
                [(put(PIVOT), {**values, "first": values["year"]})],
            )  # fmt: skip
        found["head: naive pivot"] = (
            "head", self.pivot("pcu.request", "registration_date", values["year"]), [],
        )  # fmt: skip
        return found

    def pivot(self, model: str, when: str, first):
        measures = ["in_count:sum", "out_count:sum", "open_count:sum"]
        month = f"{when}:month"
        return model, "formatted_read_grouping_sets", {
            "domain": [(when, ">=", str(first)), (when, "<=", str(TODAY))],
            "grouping_sets": [[], [month], ["department_id"], ["department_id", month]],
            "aggregates": ["__count"] if model == "pcu.request" else measures,
        }  # fmt: skip

    def measure(self, rounds: int) -> dict:
        cr, found = self.cursor(), {}
        cases = self.cases()
        for number in range(-3, rounds):  # three rounds to warm up
            for name in random.sample(list(cases), len(cases)):
                who, (model, method, kwargs), sql = cases[name]
                session = self.sessions[who]
                cells = {
                    "empty": session.empty,
                    "sql": lambda sql=sql: sum(timed(cr, *one) for one in sql),
                    "ours": lambda s=session, m=model, f=method, k=kwargs: s.call(
                        m, f, **k
                    )[0],
                }
                took = {c: cells[c]() for c in random.sample(list(cells), len(cells))}
                took["floor"] = took["empty"] + took["sql"]
                if number >= 0:
                    for cell, seconds in took.items():
                        times = found.setdefault(name, {}).setdefault(cell, [])
                        times.append(1000 * seconds)
        return found


def report(found: dict) -> int:
    """Print a table; return how many goals were missed."""
    print(f"{'p95 ms':26}{'empty':>8}{'SQL':>8}{'floor':>8}{'ours':>9}{'/floor':>8}")
    missed = 0
    for name, cells in sorted(found.items()):
        t = {cell: p95(times) for cell, times in cells.items()}
        ratio = t["ours"] / t["floor"]
        bad = name.startswith("head") and "naive" not in name and ratio > FLOOR
        missed += bad
        print(
            f"{name:26}{t['empty']:8.1f}{t['sql']:8.1f}{t['floor']:8.1f}"
            f"{t['ours']:9.1f}{ratio:8.2f}{'  MISSED' if bad else ''}"
        )
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", action="store_true", help="keep the database")
    options = parser.parse_args()
    postgres = Postgres().start()
    odoo = Odoo(postgres)
    bench = Bench(odoo, options.requests)
    if not (options.keep and bench.remember()):
        bench.build()
    bench.start()
    try:
        found = bench.measure(options.rounds)
    finally:
        bench.server.stop()
        if not options.keep:
            bench.drop()
    print(f"{options.requests:,} requests, {options.rounds} rounds")
    missed = report(found)
    postgres.release()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
