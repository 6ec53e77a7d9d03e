"""Questions to a register of a million entries, asked as a clerk asks them: over HTTP.

    ours     the call that the web client makes, by an ordinary clerk
    floor    an empty call of the same clerk, and the best SQL we can write by hand for
             the same answer, made into JSON by PostgreSQL: the rows with their names
             and, where the pager shows it, their number up to 1000+
    naive    the same data without our indexes and the questions as Odoo asks by default
    root     the same call as ours by the superuser, whom no record rule slows down

The cells of a round run in random order, beside each other; a ratio compares two p95 of
the same run. Goals at the first size: ours <= 2.5 x floor; >= 10 x faster than naive
where naive reads the whole table (told by PostgreSQL's own statistics, not by us); ours
<= 1.3 x root. At each further size, pages and
look-ups <= 1.5 x their time at the first one. All tables are warm.
"""

import argparse
import json
import random
import re
import secrets
import statistics
import sys
import time
from pathlib import Path

import psycopg2
import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import register_scale_cases as questions  # noqa: E402
import register_scale_data as data  # noqa: E402
from stack.odoo import Odoo  # noqa: E402
from stack.paths import RUN  # noqa: E402
from stack.postgres import Postgres  # noqa: E402

FLOOR, NAIVE, ROOT_RATIO, GROWTH = 2.5, 10, 1.3, 1.5
#: A naive call that takes longer is broken off and counts as this long.
PATIENCE = 60


class Session:
    """A logged-in user of one Odoo server."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url, self.http = url, requests.Session()
        answer = self.http.post(
            f"{url}/web/session/authenticate",
            json={"params": {"db": database, "login": login, "password": password}},
            timeout=PATIENCE,
        ).json()
        if "error" in answer:
            raise SystemExit(f"{login}: {answer['error']['data']['message']}")
        self.uid = answer["result"]["uid"]
        self.context = {
            "lang": "ro_RO", "tz": "Europe/Bucharest", "uid": self.uid,
            "allowed_company_ids": [1],
        }  # fmt: skip

    def call(self, model: str, method: str, args=(), **kwargs):
        """Return ``(seconds, result)`` of a call as the web client makes it."""
        kwargs["context"] = self.context
        body = {
            "jsonrpc": "2.0", "method": "call",
            "params": {"model": model, "method": method, "args": list(args),
                       "kwargs": kwargs},
        }  # fmt: skip
        began = time.perf_counter()
        try:
            answer = self.http.post(
                f"{self.url}/web/dataset/call_kw/{model}/{method}", json=body,
                timeout=PATIENCE,
            )  # fmt: skip
        except requests.Timeout:
            return float(PATIENCE), None
        seconds = time.perf_counter() - began
        found = answer.json()
        if "error" in found:
            raise SystemExit(f"{method}: {found['error']['data'].get('debug')}")
        return seconds, found["result"]

    def empty(self) -> float:
        """Return the seconds of a call that does nothing."""
        return self.call("res.users", "has_group", [[self.uid], "base.group_user"])[0]


def specification(session: Session, kind: str) -> dict:
    """Return what the web client asks for in a view of the entries."""
    found = session.call(
        "pcu.register.entry", "get_views", views=[[False, kind]], options={}
    )[1]
    fields = found["models"]["pcu.register.entry"]["fields"]
    arch = found["views"][kind]["arch"]
    top = re.sub(r"<(list|kanban)\b.*?</\1>", "", arch, flags=re.DOTALL)
    names = re.findall(r'<field [^>]*?name="(\w+)"', arch if kind == "list" else top)
    relational = {"many2one": {"fields": {"display_name": {}}},
                  "one2many": {"fields": {}}, "many2many": {"fields": {}}}  # fmt: skip
    return {name: relational.get(fields[name]["type"], {}) for name in names}


class Scale:
    """One database of one size, its server, and its naive twin."""

    def __init__(self, odoo: Odoo, entries: int, naive: bool):
        self.odoo, self.postgres, self.entries = odoo, odoo.postgres, entries
        self.password = secrets.token_urlsafe(12)
        self.database = self.postgres.name(f"scale_{entries}")
        self.naive_database = f"{self.database}_naive" if naive else None
        self.server = self.naive_server = None

    @property
    def notes(self) -> Path:
        """What has to be known of a database that is kept."""
        return RUN / f"{self.database}.json"

    def remember(self) -> bool:
        """Take up a database that an earlier run has kept."""
        if not (self.notes.exists() and self.postgres.exists(self.database)):
            return False
        vars(self).update(json.loads(self.notes.read_text()))
        return True

    def build(self) -> None:
        self.odoo.create(self.database)
        self.odoo.install(self.database, ["pcu_registry"], log=RUN / "logs/scale.log")
        self.town = self._town()
        began = time.monotonic()

        def say(what):
            print(f"  {time.monotonic() - began:6.0f} s  {what}", file=sys.stderr)

        cr = self.cursor()
        data.build(cr, self.town, self.entries, say)
        cr.execute("SELECT id FROM pcu_register_entry WHERE confidentiality <>"
                   " 'confidential' ORDER BY random() LIMIT 200")  # fmt: skip
        self.some_ids = [row[0] for row in cr.fetchall()]
        cr.execute("SELECT lower(split_part(name, ' ', 1)) FROM res_partner p JOIN"
                   " pcu_register_entry e ON e.sender_id = p.id WHERE name LIKE 'Zav%'"
                   " LIMIT 1")  # fmt: skip
        self.rare_name = cr.fetchone()[0]
        cr.connection.close()
        if self.naive_database:
            self.odoo.clone(self.database, self.naive_database)
            cr = self.cursor(self.naive_database)
            data.drop_ours(cr)
            cr.connection.close()
            say("naive twin")
        self.notes.touch(mode=0o600)
        known = {name: getattr(self, name) for name in
                 ("town", "some_ids", "rare_name", "password")}  # fmt: skip
        self.notes.write_text(json.dumps(known))

    def _town(self) -> dict:
        program = Path(__file__).with_name("register_scale_town.py").read_text()
        printed = self.odoo.run_shell(
            self.database, program, PCU_PASSWORD=self.password
        )
        found = re.search(r"^TOWN (.*)$", printed, re.MULTILINE)
        if not found:
            raise SystemExit(printed[-3000:])
        return json.loads(found[1])

    def cursor(self, database: str | None = None):
        env = self.postgres.env()
        connection = psycopg2.connect(
            host=env["PGHOST"], port=env["PGPORT"], user=env["PGUSER"],
            password=env["PGPASSWORD"], dbname=database or self.database,
        )  # fmt: skip
        connection.autocommit = True
        return connection.cursor()

    def start(self) -> None:
        options = ("--max-cron-threads", "0", "--log-level=warn")
        self.server = self.odoo.server(self.database, options=options).start()
        self.sessions = {
            login: Session(self.server.url, self.database, login, self.password)
            for login in ("clerk", "inspector", self.town["root"])
        }
        self.sessions["root"] = self.sessions.pop(self.town["root"])
        self.listed = specification(self.sessions["clerk"], "list")
        self.formed = specification(self.sessions["clerk"], "form")
        if self.naive_database:
            self.naive_server = self.odoo.server(
                self.naive_database, options=options
            ).start()
            self.naive = Session(
                self.naive_server.url, self.naive_database, "clerk", self.password
            )

    def stop(self, keep: bool) -> None:
        for server in filter(None, (self.server, self.naive_server)):
            server.stop()
        for database in filter(None, (self.database, self.naive_database)):
            if not keep:
                self.odoo.drop(database)
                self.notes.unlink(missing_ok=True)

    # -- measuring ----------------------------------------------------------------

    def measure(self, rounds: int, only: str) -> list[questions.Case]:
        cr = self.cursor()
        wanted = [c for c in questions.cases(self) if re.search(only, c.name)]
        for number in range(-2, rounds):  # two rounds to warm up
            random.shuffle(wanted)
            for case in wanted:
                found = self.one_round(case, cr)
                if number >= 0:
                    for key, seconds in found.items():
                        case.times.setdefault(key, []).append(1000 * seconds)
        if self.naive_database:
            for case in wanted:
                self.measure_naive(case, max(2, rounds // 20))
        return wanted

    def one_round(self, case: questions.Case, cr) -> dict[str, float]:
        clerk, root = self.sessions[case.user], self.sessions["root"]
        cells = {
            "empty": clerk.empty,
            "sql": lambda: timed(cr, *case.sql()),
            "ours": lambda: clerk.call(case.model, case.method, **case.kwargs())[0],
            "root": lambda: root.call(case.model, case.method, **case.kwargs())[0],
        }
        order = random.sample(list(cells), len(cells))
        found = {name: cells[name]() for name in order}
        found["floor"] = found["empty"] + found["sql"]
        return found

    def measure_naive(self, case: questions.Case, rounds: int) -> None:
        before = self.entries_read()
        for number in range(rounds):
            seconds, _answer = self.naive.call(
                case.naive_model, case.method, **case.naive()
            )
            case.times.setdefault("naive", []).append(1000 * seconds)
            if not number:
                case.naive_reads = self.entries_read() - before
            if seconds > 10:
                break

    def entries_read(self) -> int:
        """Return how many rows of entries PostgreSQL has read in the naive twin."""
        time.sleep(1.1)  # a session reports at most once a second, when it is used
        self.naive.empty()
        self.naive.empty()
        cr = self.cursor(self.naive_database)
        cr.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables"
            " WHERE relname = 'pcu_register_entry'"
        )
        (found,) = cr.fetchone()
        cr.connection.close()
        return found


def timed(cr, statement: str, values: dict) -> float:
    began = time.perf_counter()
    cr.execute(statement, values)
    cr.fetchall()
    return time.perf_counter() - began


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


def report(
    found: list[questions.Case], entries: int, first: dict[str, questions.Case] | None
) -> list[str]:
    """Print a table; return the goals that were missed."""
    print(
        f"{'p95 ms':24}{'empty':>7}{'SQL':>8}{'floor':>8}{'ours':>8}{'/floor':>8}"
        f"{'root':>8}{'/root':>7}{'naive':>9}{'reads':>9}{'faster':>8}{'growth':>8}"
        f"{'p50':>8}{'/floor':>7}"
    )
    missed = []
    for case in sorted(found, key=lambda c: c.name):
        t = {name: p95(times) for name, times in case.times.items()}
        ours, p50 = t["ours"], statistics.median(case.times["ours"])
        growth = ours / p95(first[case.name].times["ours"]) if first else 0
        faster = t["naive"] / ours if "naive" in t else 0
        print(
            f"{case.name:24}{t['empty']:7.1f}{t['sql']:8.1f}{t['floor']:8.1f}{ours:8.1f}"
            f"{ours / t['floor']:8.2f}{t['root']:8.1f}{ours / t['root']:7.2f}"
            f"{t.get('naive', 0):9.0f}{case.naive_reads:9}{faster:8.1f}{growth:8.2f}"
            f"{p50:8.1f}{p50 / statistics.median(case.times['floor']):7.2f}"
        )
        if first:
            if case.constant and growth > GROWTH:
                missed.append(f"{case.name}: {growth:.2f} x its time at the first size")
            continue
        if ours > FLOOR * t["floor"]:
            missed.append(f"{case.name}: {ours / t['floor']:.2f} x floor (<= {FLOOR})")
        if case.user == "clerk" and ours > ROOT_RATIO * t["root"]:
            missed.append(
                f"{case.name}: {ours / t['root']:.2f} x superuser (<= {ROOT_RATIO})"
            )
        if case.naive_reads > entries / 2 and faster < NAIVE:
            goal = f"{case.name}: {faster:.1f} x faster than naive (>= {NAIVE})"
            if t["naive"] < NAIVE * t["floor"]:
                goal += f"; the floor itself is {t['naive'] / t['floor']:.1f} x"
            missed.append(goal)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--entries", type=int, nargs="+", default=[1_000_000, 5_000_000]
    )
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="cases whose name matches")
    parser.add_argument(
        "--keep", action="store_true", help="keep the databases and use them again"
    )
    options = parser.parse_args()
    postgres = Postgres().start()
    odoo, first, missed = Odoo(postgres), None, []
    for entries in options.entries:
        scale = Scale(odoo, entries, naive=first is None)
        if not (options.keep and scale.remember()):
            scale.build()
        try:
            scale.start()
            found = scale.measure(options.rounds, options.only)
        finally:
            scale.stop(options.keep)
        print(f"\n{entries:,} entries, {options.rounds} rounds")
        missed += [f"{entries:,}: {goal}" for goal in report(found, entries, first)]
        first = first or {case.name: case for case in found}
    postgres.release()
    print(
        "\n" + ("\n".join(f"MISSED  {goal}" for goal in missed) or "all goals reached")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
