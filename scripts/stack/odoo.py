"""Odoo: databases from a template, test runs, servers."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from .paths import ADDONS, ODOO_PYTHON, ROOT, RUN, odoo_program
from .postgres import Postgres
from .process import Process, free_port

#: What lies below the suite; a database with it is cloned for every test run.
GROUND = ("base_setup", "mail", "portal", "queue_job")
DATA_DIR = RUN / "odoo"


class Odoo:
    """Runs the `odoo` program on the project's own configuration file."""

    def __init__(self, postgres: Postgres, data_dir: Path = DATA_DIR):
        self.postgres, self.data_dir = postgres, data_dir

    def command(self, *arguments, subcommand: str | None = None) -> list[str]:
        words = [str(ODOO_PYTHON), str(odoo_program())]
        if subcommand:
            words += subcommand.split()
        return [
            *words,
            f"--config={ROOT / 'odoo.conf'}",
            f"--addons-path={ADDONS}",
            f"--data-dir={self.data_dir}",
            *[str(a) for a in arguments],
        ]

    def env(self) -> dict[str, str]:
        # Odoo and its job runner both understand the variables of libpq.
        return {**self.postgres.env(), "PYTHONUNBUFFERED": "1"}

    def run(
        self, *arguments, subcommand: str | None = None, log: Path | None = None,
        check: bool = True, env=None,
    ) -> int:  # fmt: skip
        """Run Odoo to its end; return its exit code.

        :raise RuntimeError: on a non-zero exit, with the end of the log, if ``check``
        """
        log = log or RUN / "logs" / "odoo.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            done = subprocess.run(
                self.command(*arguments, subcommand=subcommand),
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                cwd=ROOT, check=False,
                env={**os.environ, **self.env(), **(env or {})},
            )  # fmt: skip
        if check and done.returncode:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-40:])
            raise RuntimeError(f"odoo ended with {done.returncode}, see {log}\n{tail}")
        return done.returncode

    def start_shell(self, database: str, code: str, **env) -> subprocess.Popen:
        """Start an Odoo process that runs a piece of code; both outputs in one pipe."""
        process = subprocess.Popen(
            self.command(
                "-d", database, "--no-http", "--workers=0", "--log-level=warn",
                subcommand="shell",
            ),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd=ROOT, env={**os.environ, **self.env(), **env},
        )  # fmt: skip
        process.stdin.write(code)
        process.stdin.close()
        return process

    def run_shell(self, database: str, code: str, **env) -> str:
        """Run a piece of code in Odoo to its end; return what it printed.

        :raise RuntimeError: when it ends with an error
        """
        with self.start_shell(database, code, **env) as process:
            output = process.stdout.read()
        if process.returncode:
            raise RuntimeError(output[-4000:])
        return output

    # -- databases ----------------------------------------------------------------

    def template_name(self) -> str:
        """Return what the template database of this configuration is called."""
        key = hashlib.sha256(
            ",".join(GROUND).encode()
            + (ROOT / "odoo.conf").read_bytes()
            + (ROOT / "requirements/odoo.lock").read_bytes()
        ).hexdigest()[:8]
        return self.postgres.name(f"template_{key}")

    def template(self) -> str:
        """Return the name of the template database, made if it isn't there yet."""
        name = self.template_name()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.postgres.exists(name):
                self._make_template(name)
        return name

    def _make_template(self, name: str) -> None:
        unfinished = f"{name}_new"
        self.drop(unfinished)
        self.run(
            "--database", unfinished, "--init", ",".join(GROUND), "--skip-auto-install",
            "--unaccent", "--load-language=ro_RO", "--stop-after-init", "--no-http",
            "--load=base,rpc,web", log=RUN / "logs" / "template.log",
        )  # fmt: skip
        self.rename_filestore(unfinished, name)
        self.postgres.sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')

    def create(self, database: str) -> None:
        """Make a fresh database with what lies below the suite."""
        self.clone(self.template(), database)

    def clone(self, source: str, database: str) -> None:
        """Make a database of its own from one that nobody uses, with its filestore."""
        self.postgres.clone(source, database)
        self.postgres.sql(
            "UPDATE ir_config_parameter SET value = gen_random_uuid()::text "
            "WHERE key = 'database.uuid'",
            database,
        )
        # Not a copy in the sense of `pcu.database`: it notes its place when it starts.
        self.postgres.sql(
            "DELETE FROM ir_config_parameter WHERE key = 'pcu_base.database_place'",
            database,
        )
        target = self.filestore(database)
        shutil.rmtree(target, ignore_errors=True)
        if self.filestore(source).exists():
            shutil.copytree(self.filestore(source), target)

    def drop(self, database: str) -> None:
        self.postgres.drop(database)
        shutil.rmtree(self.filestore(database), ignore_errors=True)

    def filestore(self, database: str) -> Path:
        return self.data_dir / "filestore" / database

    def rename_filestore(self, old: str, new: str) -> None:
        if self.filestore(old).exists():
            shutil.rmtree(self.filestore(new), ignore_errors=True)
            self.filestore(old).rename(self.filestore(new))

    def install(self, database: str, modules, *, log: Path | None = None) -> None:
        self.run(
            "--database", database, "--init", ",".join(modules), "--skip-auto-install",
            "--stop-after-init", "--no-http", log=log,
        )  # fmt: skip

    # -- serving ------------------------------------------------------------------

    def server(
        self, database: str, *, port: int | None = None, log: Path | None = None,
        env=None, options=(),
    ) -> "OdooServer":  # fmt: skip
        return OdooServer(self, database, port or free_port(), log, env, options)


class OdooServer(Process):
    """One Odoo server (threaded, crons and job runner included) on one database."""

    def __init__(self, odoo: Odoo, database: str, port: int, log, env, options):
        self.odoo, self.database, self.port = odoo, database, port
        command = odoo.command(
            "--database", database, "--db-filter", "", "--http-port", port,
            "--workers", "0", "--max-cron-threads", "2", *options,
        )  # fmt: skip
        jobs = {"ODOO_QUEUE_JOB_HOST": "127.0.0.1", "ODOO_QUEUE_JOB_PORT": str(port)}
        super().__init__(
            f"Odoo on port {port}",
            command,
            log or RUN / "logs" / f"{database}-{port}.log",
            env={**odoo.env(), **jobs, **(env or {})},
            cwd=ROOT,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def health(self) -> str:
        return f"{self.url}/web/health"

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.health, timeout=2) as answer:  # noqa: S310
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def start(self) -> "OdooServer":
        super().start()
        return self.wait_until(self.ready, timeout=120)
