"""`make demo`: a town hall with a platform, its citizens' submissions, and e-mail.

Starts everything, lets the connector pull once, prints what came of it and where to
look, and stays up until Ctrl-C. With ``--check`` it walks the whole way of one request
in a real browser instead and ends.
"""

import argparse
import signal
import sys
import time
from pathlib import Path

from stack.paths import RUN
from stack.world import World, demo_password

SUBMISSIONS = 12
LOGINS = (
    ("registratura", "registratură: Maria Dobre"),
    ("sef.urbanism", "șef compartiment urbanism: Andrei Țurcanu"),
    ("urbanism", "inspector urbanism: Elena Șerban"),
    ("sef.taxe", "șef compartiment impozite și taxe: Vasile Pîrvu"),
    ("taxe", "inspector impozite și taxe: Ștefania Ilie"),
    ("auditor", "auditor, numai citire: Dan Vlăsceanu"),
    ("administrator", "administratorul suitei: Radu Bălan"),
    ("admin", "administratorul de sistem"),
)


def say(text: str = "") -> None:
    print(text, flush=True)


def start(world: World) -> str:
    """Start all parts, seed the platform, pull once; return the platform's words."""
    world.postgres.start()
    say("PostgreSQL runs. Starting the mail catcher and the platform …")
    world.start_platform()
    seeded = world.sandbox.seed(SUBMISSIONS, 2026, "--password", demo_password())
    say("Making the town hall (the first time this installs the modules) …")
    world.make_database(interval=1, pull=True)
    world.start_odoo()
    return seeded


def wait_for_numbers(world: World, count: int, timeout: float = 120) -> int:
    """Wait until the first pull has registered everything; return how many it did."""
    limit = time.monotonic() + timeout
    query = "SELECT count(*) FROM pcu_register_entry WHERE number IS NOT NULL"
    while time.monotonic() < limit:
        done = int(world.postgres.sql(query, world.database))
        if done >= count:
            return done
        time.sleep(0.5)
    raise SystemExit(
        f"only {done} of {count} submissions were registered, see {RUN}/logs"
    )


def table(world: World) -> None:
    """Print what happened and where to look."""
    entries = world.postgres.sql(
        "SELECT count(*), min(number), max(number) FROM pcu_register_entry",
        world.database,
    ).split("|")
    unclassified = world.postgres.sql(
        "SELECT count(*) FROM pcu_request WHERE unclassified", world.database
    )
    rows = (
        ("Solicitări pe platformă", SUBMISSIONS),
        ("Înregistrate", f"{entries[0]}, numerele {entries[1]}–{entries[2]}"),
        ("Neclasificate", unclassified),
        ("E-mailuri către cetățeni", len(world.mail.messages())),
        ("", ""),
        ("Odoo (funcționarii)", world.servers[0].url),
        ("Platforma (cetățenii)", world.sandbox.url),
        ("Căsuța de e-mail", world.mail.url),
        ("", ""),
        ("Parola tuturor conturilor", demo_password()),
        ("Cetățean pe platformă", "ana.popescu"),
        *LOGINS,
    )
    say()
    for name, value in rows:
        say(f"  {name:28}{value}")
    say()


def demo(world: World) -> int:
    start(world)
    wait_for_numbers(world, SUBMISSIONS)
    world.wait_for_mails(SUBMISSIONS)
    table(world)
    say("Gata. Ctrl-C oprește tot. / Ready. Ctrl-C stops everything.")
    while all(p.running for p in (*world.servers, world.sandbox, world.mail)):
        time.sleep(1)
    say("A part of the demonstration ended by itself; see .run/logs.")
    return 1


def check(world: World, pictures: Path | None) -> int:
    from townhall.journey import Journey, StepError

    start(world)
    done = wait_for_numbers(world, SUBMISSIONS)
    say(f"ok      {done} seeded submissions registered")
    try:
        Journey(world, pictures=pictures, say=say).walk()
    except StepError as error:
        say(f"FAILED {error}")
        return 1
    say("The whole way works.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="walk the way and end")
    parser.add_argument("--screenshots", type=Path, help="where to put pictures")
    parser.add_argument("--name", default="", help="another demonstration beside it")
    options = parser.parse_args()
    # Both mean "stop everything": Ctrl-C in the terminal, TERM from a supervisor.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    world = World(options.name or ("demo_check" if options.check else "demo"))
    try:
        with world:
            if options.check:
                return check(world, options.screenshots or RUN / "screenshots")
            return demo(world)
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        world.postgres.release()


if __name__ == "__main__":
    sys.exit(main())
