"""Starts the stand-in platform under the observer; see ``points.py``.

The step is the call that is answered; whatever happens for it in another thread counts,
too, because the framework hands the context on.
"""

import contextvars
import os
import re
import sqlite3
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from edirect import app, cli

from killing.points import Points, writing

POINTS = Points(os.environ["PCU_KILL_POINTS"], "platform")
CALL: contextvars.ContextVar = contextvars.ContextVar("call", default=None)
IDENTIFIER = re.compile(r"^[0-9a-f-]{32,36}$")


class Call:
    """One call under way."""

    def __init__(self, method: str, path: str):
        words = [
            "*" if IDENTIFIER.match(word) else word
            for word in path.removeprefix("/api/v1/").split("/")
        ]
        self.name = f"{method} {' '.join(words)}"


def passing(what: str) -> None:
    if call := CALL.get():
        POINTS.passing(call.name, call, what)


class Connection(sqlite3.Connection):
    """Counts statements; a commit before and after."""

    def execute(self, sql, *args):
        passing(f"sql {' '.join(sql.split())[:50]}")
        cursor = super().execute(sql, *args)
        if sql == "COMMIT":
            passing("after COMMIT")
        return cursor


def watch(interface):
    """Wrap the application: from the request's arrival to the answer's last byte."""

    async def watched(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith("/api/v1/"):
            await interface(scope, receive, send)
            return
        CALL.set(Call(scope["method"], scope["path"]))

        async def counted_receive():
            message = await receive()
            passing("received")
            return message

        async def counted_send(message):
            passing(f"before {message['type'].rpartition('.')[2]}")
            await send(message)
            passing(f"after {message['type'].rpartition('.')[2]}")

        passing("request")
        await interface(scope, counted_receive, counted_send)

    return watched


def audit(event: str, args: tuple) -> None:
    if event[:3] in ("ope", "os.") and (what := writing(event, args)):
        passing(what)


def main() -> int:
    connect, create = sqlite3.connect, app.create_app
    sqlite3.connect = lambda *args, **options: connect(
        *args, factory=Connection, **options
    )
    app.create_app = lambda context: watch(create(context))
    sys.addaudithook(audit)
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
