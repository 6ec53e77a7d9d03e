"""SQLite in WAL mode: many readers, one writer at a time.

Each thread has its own connection. All writing goes through `write()`, which takes
the lock first; so the stamps given inside are in commit order, and a reader who
pages by stamp can never miss a row that was committed late with an earlier one.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from edirect import clock

SCHEMA = Path(__file__).with_name("data") / "schema.sql"


class Database:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        with self.write() as tx:
            for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
                if statement.strip():
                    tx.execute(statement)

    def read(self) -> sqlite3.Connection:
        """Return this thread's connection; every statement reads what is committed."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run a writing transaction, alone."""
        connection = self.read()
        with self._writing:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def next_stamp(tx: sqlite3.Connection, at_least: datetime | None = None) -> str:
    """Return a moment later than every moment given before, even if the clock slips.

    :param at_least: used by the seed, which lets submissions arrive in the past.
    """
    wanted = at_least or clock.now()
    row = tx.execute("SELECT value FROM meta WHERE name = 'last_stamp'").fetchone()
    if row:
        wanted = max(wanted, clock.from_text(row[0]) + timedelta(microseconds=1))
    text = clock.to_text(wanted)
    tx.execute("INSERT OR REPLACE INTO meta VALUES ('last_stamp', ?)", (text,))
    return text


def next_number(tx: sqlite3.Connection, name: str, first: int) -> int:
    row = tx.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    number = int(row[0]) + 1 if row else first
    tx.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, str(number)))
    return number


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def insert(tx: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    """Insert one row; table and column names come from our code only."""
    columns = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 -- our names
    tx.execute(sql, tuple(values.values()))
