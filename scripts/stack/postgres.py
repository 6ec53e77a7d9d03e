"""The project's own PostgreSQL cluster under `.run/`, or that of `DATABASE_URL`."""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .paths import CHECKOUT, RUN
from .process import free_port

ROLE = "pcu"
#: After a power cut the server syncs every file of every database before it answers,
#: which with many of them takes longer than the minute that `pg_ctl` would wait.
WAITING = ("--wait", "--timeout", "600", "--silent")


def binaries() -> Path:
    """Return the folder with `initdb` and `pg_ctl` of the newest installed server."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    program = shutil.which("initdb")
    if program:
        return Path(program).parent
    sys.exit("PostgreSQL's server programs are missing. Run: make setup")


class Postgres:
    """A PostgreSQL server for this checkout, with durable default settings.

    PostgreSQL refuses to run as root; there the cluster belongs to the `postgres`
    account of the Debian package.
    """

    def __init__(self, home: Path | None = None):
        self.home = home or RUN / "postgres"
        self.external = os.environ.get("DATABASE_URL")
        self._users = None
        self.account = "postgres" if os.geteuid() == 0 else None

    # -- life ---------------------------------------------------------------------

    def start(self) -> "Postgres":
        """Make sure that the server runs; create the cluster the first time."""
        if self.external:
            return self
        self._share()
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._start()
        return self

    def _start(self) -> None:
        """Create and start what isn't there; one command of the checkout at a time."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if not self.running:
            (self.home / "port").write_text(str(free_port()))
            log = self.data.parent / "server.log"
            self._as_account(
                binaries() / "pg_ctl", "start", *WAITING,
                "--pgdata", self.data, "--log", log,
                "--options", f"-p {self.port}",
            )  # fmt: skip

    def release(self) -> None:
        """Stop the server if no other command of this checkout still uses it."""
        if self.external or self._users is None:
            return
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()
        self._users.close()
        self._users = None

    def stop(self, mode: str = "fast") -> None:
        if not self.external and self.running:
            self._as_account(
                binaries() / "pg_ctl", "stop", "--wait", "--silent",
                "--pgdata", self.data, "--mode", mode,
            )  # fmt: skip

    def restart(self) -> None:
        """Stop as in a power cut and come back at the same address."""
        self._as_account(
            binaries() / "pg_ctl", "restart", *WAITING, "--pgdata",
            self.data, "--mode", "immediate", "--log", self.data.parent / "server.log",
            "--options", f"-p {self.port}",
        )  # fmt: skip

    def _share(self) -> None:
        """Hold the lock that says "in use"; several commands may hold it at once."""
        if self._users is None:
            self.home.mkdir(parents=True, exist_ok=True)
            self._users = (self.home / "users.lock").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def remove(self) -> None:
        """Stop the server and delete the cluster, wherever it lies."""
        if self.external or not self.home.exists():
            return
        self.stop("immediate")
        shutil.rmtree(self.data.parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def running(self) -> bool:
        status = self._as_account(
            binaries() / "pg_ctl", "status", "--pgdata", self.data, check=False
        )
        return status.returncode == 0

    @property
    def port(self) -> int:
        return int((self.home / "port").read_text())

    @property
    def data(self) -> Path:
        place = self.home / "place"
        return Path(place.read_text()) if place.exists() else self.home / "data"

    def env(self) -> dict[str, str]:
        """Return the `PG*` variables that reach this server."""
        if self.external:
            url = urlsplit(self.external)
            return {
                "PGHOST": url.hostname or "127.0.0.1",
                "PGPORT": str(url.port or 5432),
                "PGUSER": unquote(url.username or ROLE),
                "PGPASSWORD": unquote(url.password or ""),
            }
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": ROLE,
            "PGPASSWORD": (self.home / "password").read_text(),
        }

    # -- databases ----------------------------------------------------------------

    def name(self, short: str) -> str:
        """Return the database name for ``short`` that no other checkout uses."""
        return f"pcu_{CHECKOUT}_{short}" if self.external else f"pcu_{short}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement with `psql` and return its bare output."""
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
             "-d", database, "-c", statement],
            env={**os.environ, **self.env()}, text=True, capture_output=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def exists(self, database: str) -> bool:
        return database in self.sql("SELECT datname FROM pg_database").splitlines()

    def drop(self, database: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def clone(self, template: str, database: str) -> None:
        """Copy a database, file by file.

        Since version 15 PostgreSQL copies page by page unless it is told; if it crashes
        soon afterwards, the copy's sequences give ids again that are taken.
        """
        self.drop(database)
        whole_files = int(self.sql("SHOW server_version_num")) >= 150000
        strategy = " STRATEGY FILE_COPY" if whole_files else ""
        self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{strategy}')

    # -- inner --------------------------------------------------------------------

    def _create(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        data = self._place()
        (self.home / "place").write_text(str(data))
        password = self.home / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        data.parent.mkdir(parents=True, exist_ok=True)
        given = data.parent / "initial-password"
        given.touch(mode=0o600)
        given.write_text(password.read_text())
        if self.account:
            owner = pwd.getpwnam(self.account)
            for path in (data.parent, given):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._as_account(
            binaries() / "initdb", "--pgdata", data, "--username", ROLE,
            "--pwfile", given, "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale", "C.UTF-8",
        )  # fmt: skip
        given.unlink()
        with (data / "postgresql.conf").open("a") as conf:
            conf.write("listen_addresses = '127.0.0.1'\n")
            conf.write("unix_socket_directories = ''\nmax_connections = 200\n")
            conf.write("shared_buffers = 256MB\nmax_wal_size = 4GB\n")

    def _place(self) -> Path:
        """Choose the data folder: here, or in /var/tmp where the account can't come.

        A checkout below root's own home is closed to the `postgres` account.
        """
        here = (self.home / "cluster" / "data").absolute()
        if not self.account:
            return here
        reach = subprocess.run(
            ["runuser", "-u", self.account, "--", "test", "-x", str(self.home)],
            check=False,
        )
        if reach.returncode == 0:
            return here
        return Path(f"/var/tmp/pcu-{CHECKOUT}-postgres/data")  # noqa: S108

    def _as_account(self, *command, check: bool = True):
        words = [str(word) for word in command]
        if self.account:
            words = ["runuser", "-u", self.account, "--", *words]
        done = subprocess.run(
            words, text=True, capture_output=True, check=False, cwd="/",
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if check and done.returncode:
            log = self.data.parent / "server.log"
            tail = log.read_text()[-2000:] if log.exists() else ""
            raise RuntimeError(f"{words[-1]}: {done.stderr}{done.stdout}{tail}")
        return done
