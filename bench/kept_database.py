"""What benchmarks over HTTP share: a database that is kept, its users, the figures."""

import json
import re
import secrets
import sys
import time
from pathlib import Path

import psycopg2
import requests
from stack.digest import digest_of
from stack.odoo import Odoo
from stack.paths import ADDONS, RUN

#: Seconds after which a call is broken off; it counts as this long.
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


class KeptDatabase:
    """A database that is built once and asked as often as one likes."""

    KNOWN = ("town", "password", "sources")
    """What has to be known of it when a later run takes it up."""
    MODULES: tuple[str, ...] = ()
    """The modules that it needs."""
    town: dict

    def __init__(self, odoo: Odoo, name: str):
        self.odoo, self.postgres = odoo, odoo.postgres
        self.sources = digest_of(ADDONS)
        self.database = self.postgres.name(name)
        self.notes = RUN / f"{self.database}.json"
        self.password = secrets.token_urlsafe(12)

    def remember(self) -> bool:
        """Take up a database that an earlier run has kept."""
        if not (self.notes.exists() and self.postgres.exists(self.database)):
            return False
        sources = self.sources
        vars(self).update(json.loads(self.notes.read_text()))
        if sources != self.sources:
            self.update(self.database)
            self.sources = sources
            self.note()
        return True

    def update(self, database: str) -> None:
        """Bring a kept database up to the modules as they are now.

        :raise SystemExit: they can't take it over; it has to be built anew
        """
        print(f"  updating {database}: the modules have changed", file=sys.stderr)
        try:
            self.odoo.run(
                "--database", database, "--update", ",".join(self.MODULES),
                "--skip-auto-install", "--stop-after-init", "--no-http",
                log=RUN / "logs/bench.log",
            )  # fmt: skip
        except RuntimeError as error:
            raise SystemExit(f"{error}\nRun once without --keep.") from error

    def note(self) -> None:
        """Write down, for this user only, what a later run has to know."""
        self.notes.touch(mode=0o600)
        self.notes.write_text(json.dumps({n: getattr(self, n) for n in self.KNOWN}))

    def make_town(self, program: str) -> dict:
        """Run a program beside this file in Odoo; return the town that it prints."""
        code = Path(__file__).with_name(program).read_text()
        said = self.odoo.run_shell(self.database, code, PCU_PASSWORD=self.password)
        found = re.search(r"^TOWN (.*)$", said, re.MULTILINE)
        if not found:
            raise SystemExit(said[-3000:])
        return json.loads(found[1])

    def cursor(self, database: str | None = None):
        env = self.postgres.env()
        connection = psycopg2.connect(
            host=env["PGHOST"], port=env["PGPORT"], user=env["PGUSER"],
            password=env["PGPASSWORD"], dbname=database or self.database,
        )  # fmt: skip
        connection.autocommit = True
        return connection.cursor()

    def serve(self, database: str | None = None):
        """Start a server of the database without scheduled actions."""
        options = ("--max-cron-threads", "0", "--log-level=warn")
        return self.odoo.server(database or self.database, options=options).start()

    def drop(self) -> None:
        self.odoo.drop(self.database)
        self.notes.unlink(missing_ok=True)


def timed(cr, statement: str, values: dict) -> float:
    """Return the seconds that a statement and reading its answer take."""
    began = time.perf_counter()
    cr.execute(statement, values)
    cr.fetchall()
    return time.perf_counter() - began


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]
