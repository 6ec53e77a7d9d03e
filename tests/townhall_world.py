"""A running town hall, with the questions that the tests ask of it."""

import base64
import contextlib
import os
import sqlite3
import time

import psycopg2
import requests
from stack.world import World, demo_password

#: What each row of the exchange does or waits for.
STATE = """
SELECT 'platform', id, state, incident_code, incident_detail, next_poll_at, lease_until
  FROM pcu_platform
UNION ALL SELECT 'item', id, state, problem_code, problem_detail, next_try_at,
                 lease_until FROM pcu_exchange_item
UNION ALL SELECT 'file of ' || item_id, id, state, threat, name, write_date, NULL
  FROM pcu_exchange_file
UNION ALL SELECT kind || ' of ' || item_id, id, state, problem_code, problem_detail,
                 next_try_at, NULL FROM pcu_exchange_event
UNION ALL SELECT kind || ' of ' || item_id, id, state, problem_code, problem_detail,
                 next_try_at, NULL FROM pcu_exchange_effect
UNION ALL SELECT 'now', 0, NULL, NULL, NULL, now() AT TIME ZONE 'UTC', NULL
"""


class TownHall(World):
    """World, plus a direct look into the database and the clerk's own HTTP session."""

    def __init__(self, name: str, *, wakeup: bool = True, interval: int = 1):
        super().__init__(name)
        self.wakeup, self.interval = wakeup, interval

    def __exit__(self, *exc) -> None:
        super().__exit__(*exc)
        if not os.environ.get("PCU_KEEP"):
            self.odoo.drop(self.database)

    def open(self, **odoo) -> None:
        """Start everything."""
        self.mail.start()
        if self.wakeup:
            self.sandbox.wake_up_at(
                f"http://127.0.0.1:{self.odoo_port}/pcu/wakeup/edirect"
            )
        self.sandbox.start()
        self.make_database(interval=self.interval)
        self.start_odoo(**odoo)

    # -- citizen ------------------------------------------------------------------

    def submit(self, **values) -> dict:
        """File a submission as the citizen's page does; return its id and number."""
        values.setdefault("procedure", "PET")
        values.setdefault("applicant", applicant())
        values.setdefault("files", [text_file("cerere.txt")])
        return self.sandbox.control("submit", values)

    # -- database -----------------------------------------------------------------

    def rows(self, query: str, *arguments) -> list[tuple]:
        with psycopg2.connect(dbname=self.database, **self._dsn()) as connection:
            cursor = connection.cursor()
            cursor.execute(query, arguments)
            return cursor.fetchall()

    def value(self, query: str, *arguments):
        rows = self.rows(query, *arguments)
        return rows[0][0] if rows else None

    def _dsn(self) -> dict:
        env = self.postgres.env()
        return {key.removeprefix("PG").lower(): env[key] for key in env}

    def numbers(self) -> list[int]:
        """Return the numbers of the general register, in order."""
        return [
            row[0]
            for row in self.rows(
                "SELECT e.number FROM pcu_register_entry e"
                " JOIN pcu_register r ON r.id = e.register_id"
                " WHERE r.kind = 'general' AND e.number IS NOT NULL ORDER BY e.number"
            )
        ]

    def wait_until(self, true, timeout: float = 60, what: str = "it"):
        """Wait until ``true()`` is; return how long it took.

        :raise AssertionError: when the time is over
        """
        began = time.monotonic()
        while time.monotonic() - began < timeout:
            if true():
                return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError(f"{what} did not happen in {timeout} s\n{self._state()}")

    def _state(self) -> str:
        """Tell where the exchange stands, for whoever reads that a wait was in vain."""
        try:
            rows = self.rows(STATE)
        except psycopg2.Error as error:
            return f"The database says: {error}"
        return "\n".join(" | ".join(map(str, row)) for row in rows)

    def wait_for_numbers(self, count: int, timeout: float = 60) -> float:
        return self.wait_until(
            lambda: len(self.numbers()) >= count, timeout, f"{count} numbers"
        )

    @contextlib.contextmanager
    def platform_database(self):
        """Reach behind the platform's program, as a restored backup of it would."""
        file = self.sandbox.folder / "edirect.sqlite3"
        connection = sqlite3.connect(file, timeout=30)
        connection.row_factory = sqlite3.Row
        with contextlib.closing(connection) as database, database:
            yield database

    def platform_rows(self, query: str, *arguments) -> list[sqlite3.Row]:
        """Ask the platform's own books."""
        with self.platform_database() as database:
            return database.execute(query, arguments).fetchall()

    # -- clerk --------------------------------------------------------------------

    def pull(self) -> None:
        """Press "take over now"."""
        self.clerk("administrator").call(
            "pcu.platform", "action_pull_now", self.value("SELECT id FROM pcu_platform")
        )

    def clerk(self, login: str = "registratura") -> "Clerk":
        return Clerk(self.servers[0].url, self.database, login)


class Clerk:
    """A signed-in user who calls methods as the web client does."""

    def __init__(self, url: str, database: str, login: str):
        self.url, self.session = url, requests.Session()
        answer = self._call(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": demo_password()},
        )
        self.uid = answer["uid"]

    def call(self, model: str, method: str, *args, **kwargs):
        return self._call(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _call(self, path: str, params: dict):
        answer = self.session.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=60,
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer.get("result")


def applicant(**values) -> dict:
    return {
        "kind": "natural", "name": "Ștefan Țăranu", "first_name": "Ștefan",
        "last_name": "Țăranu", "cnp": "1800101221144",
        "email": "stefan.taranu@exemplu.invalid", "phone": "0722000000",
        "address": {
            "street": "Strada Fântânii", "number": "3", "locality": "Valea Mare",
            "county": "Ilfov",
        },
        **values,
    }  # fmt: skip


def text_file(name: str, text: str = "Subsemnatul solicit …", **values) -> dict:
    return {"name": name, "text": text, "type": "text/plain", **values}


def bytes_file(name: str, content: bytes, **values) -> dict:
    return {
        "name": name, "base64": base64.b64encode(content).decode(),
        "type": "application/pdf", **values,
    }  # fmt: skip
