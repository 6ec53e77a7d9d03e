"""Questions to a register of a million entries, asked as a clerk asks them: over HTTP.

    ours     the call that the web client makes, by an ordinary clerk
    floor    an empty call of the same clerk, and the best SQL we can write by hand for
             the same answer, made into JSON by PostgreSQL: the rows with their names
             and, where the pager shows it, their number up to 1000+
    naive    the same data without our indexes and the questions as Odoo asks by default
    root     the same call as ours by the superuser, whom no record rule slows down

The cells of a round run in random order, beside each other, and the sizes round by
round; a ratio compares two p95 of the same run. Goals at the first size: ours <= 2.5 x
floor; >= 10 x faster than naive where naive reads the whole table (told by PostgreSQL's
own statistics, not by us); ours <= 1.3 x root. At each further size, pages and look-ups
<= 1.5 x their time at the first one. All tables are warm.

One goal can't be reached by an index: that two frequent words never stand together is
known only by whoever has looked at all the rows of one of them (a table of all pairs of
words apart), so that case grows with the register.
"""

import argparse
import random
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import register_scale_cases as questions  # noqa: E402
import register_scale_data as data  # noqa: E402
from kept_database import KeptDatabase, Session, p95, timed  # noqa: E402
from stack.odoo import Odoo  # noqa: E402
from stack.paths import RUN  # noqa: E402
from stack.postgres import Postgres  # noqa: E402

FLOOR, NAIVE, ROOT_RATIO, GROWTH = 2.5, 10, 1.3, 1.5


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


class Scale(KeptDatabase):
    """One database of one size, its server, and its naive twin."""

    KNOWN = (*KeptDatabase.KNOWN, "some_ids", "rare_name")
    MODULES = ("pcu_registry",)

    def __init__(self, odoo: Odoo, entries: int, naive: bool):
        super().__init__(odoo, f"scale_{entries}")
        self.entries = entries
        self.naive_database = f"{self.database}_naive" if naive else None
        self.server = self.naive_server = None

    def build(self) -> None:
        self.odoo.create(self.database)
        self.odoo.install(self.database, self.MODULES, log=RUN / "logs/scale.log")
        self.town = self.make_town("register_scale_town.py")
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
            self.forget_ours()
            say("naive twin")
        self.note()

    def update(self, database: str) -> None:
        super().update(database)
        if self.naive_database:
            super().update(self.naive_database)
            self.forget_ours()

    def forget_ours(self) -> None:
        """Take our indexes off the naive twin."""
        cr = self.cursor(self.naive_database)
        data.drop_ours(cr)
        cr.connection.close()

    def start(self) -> None:
        self.server = self.serve()
        self.sessions = {
            login: Session(self.server.url, self.database, login, self.password)
            for login in ("clerk", "inspector", self.town["root"])
        }
        self.sessions["root"] = self.sessions.pop(self.town["root"])
        self.listed = specification(self.sessions["clerk"], "list")
        self.formed = specification(self.sessions["clerk"], "form")
        if self.naive_database:
            self.naive_server = self.serve(self.naive_database)
            self.naive = Session(
                self.naive_server.url, self.naive_database, "clerk", self.password
            )

    def stop(self, keep: bool) -> None:
        for server in filter(None, (self.server, self.naive_server)):
            server.stop()
        if keep:
            return
        self.drop()
        if self.naive_database:
            self.odoo.drop(self.naive_database)

    # -- measuring ----------------------------------------------------------------

    def prepare(self, only: str) -> None:
        """Choose the questions of which the name matches."""
        self.cr = self.cursor()
        self.cr.execute("SET work_mem = '64MB'")  # the floor has what a search brings
        self.cases = [c for c in questions.cases(self) if re.search(only, c.name)]

    def ask(self, *, warm_up: bool) -> None:
        """Ask every question once, in random order."""
        for case in random.sample(self.cases, len(self.cases)):
            for key, seconds in self.one_round(case, self.cr).items():
                if not warm_up:
                    case.times.setdefault(key, []).append(1000 * seconds)

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
    odoo, missed = Odoo(postgres), []
    scales = [
        Scale(odoo, entries, naive=not number)
        for number, entries in enumerate(options.entries)
    ]
    for scale in scales:
        if not (options.keep and scale.remember()):
            scale.build()
    try:
        for scale in scales:
            scale.start()
            scale.prepare(options.only)
        for number in range(-2, options.rounds):  # two rounds to warm up
            for scale in random.sample(scales, len(scales)):
                scale.ask(warm_up=number < 0)
        for case in scales[0].cases:
            scales[0].measure_naive(case, max(2, options.rounds // 20))
    finally:
        for scale in scales:
            scale.stop(options.keep)
    first = None
    for scale in scales:
        print(f"\n{scale.entries:,} entries, {options.rounds} rounds")
        goals = report(scale.cases, scale.entries, first)
        missed += [f"{scale.entries:,}: {goal}" for goal in goals]
        first = first or {case.name: case for case in scale.cases}
    postgres.release()
    print(
        "\n" + ("\n".join(f"MISSED  {goal}" for goal in missed) or "all goals reached")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
