"""The whole stack as one thing: PostgreSQL, mail, platform, Odoo with a town hall."""

import fcntl
import secrets
import shutil
import time
from pathlib import Path
from typing import Self

from .digest import digest_of
from .odoo import Odoo
from .paths import ADDONS, MODULES, ROOT, RUN
from .postgres import Postgres
from .process import free_port
from .services import CLIENT, INSTITUTION, MailCatcher, Sandbox

TOWNHALL = ROOT / "scripts" / "townhall"
PLATFORM_CODE = "edirect"


def demo_password() -> str:
    """Return the password of the demonstration users, made once for this checkout."""
    file = RUN / "demo-password"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"Valea-{secrets.token_hex(4)}")
    return file.read_text()


class World:
    """Everything that runs for a demonstration or an end-to-end test.

    ``with World("name") as world`` starts nothing by itself; the caller says what it
    needs. Leaving the block stops all that was started, in reverse order.
    """

    def __init__(self, name: str, *, folder: Path | None = None, ports=None):
        self.name, self.folder = name, folder or RUN / name
        self.ports = ports or {}
        self.postgres = Postgres()
        self.odoo = Odoo(self.postgres)
        self.database = self.postgres.name(name)
        self.mail = MailCatcher(
            self.folder / "mail",
            smtp_port=self.ports.get("smtp"), http_port=self.ports.get("mail"),
        )  # fmt: skip
        self.sandbox = Sandbox(
            self.mail.smtp_port, self.folder / "edirect", port=self.ports.get("edirect")
        )
        self.odoo_port = self.ports.get("odoo") or free_port()
        self.servers = []

    def __enter__(self) -> Self:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_exc) -> None:
        self.stop()

    # -- parts --------------------------------------------------------------------

    def start_platform(self) -> None:
        """Start the mail catcher and the platform, which wakes our first server up."""
        self.mail.start()
        self.sandbox.wake_up_at(
            f"http://127.0.0.1:{self.odoo_port}/pcu/wakeup/{PLATFORM_CODE}"
        )
        self.sandbox.start()

    def make_database(self, *, interval: int = 1, pull: bool = False) -> None:
        """Clone the town hall's database and connect it with the platform.

        :param pull: have the first server look at the platform as soon as it runs
        """
        self.postgres.start()
        self.odoo.clone(self.townhall_template(), self.database)
        self.shell(
            "platform.py",
            PCU_PLATFORM_URL=self.sandbox.url,
            PCU_PLATFORM_CODE=PLATFORM_CODE,
            PCU_PLATFORM_INSTITUTION=INSTITUTION,
            PCU_CLIENT=CLIENT,
            PCU_CLIENT_SECRET=self.sandbox.client_secret,
            PCU_WAKEUP_SECRET=self.sandbox.wakeup_secret,
            PCU_INTERVAL=str(interval),
            PCU_PULL="yes" if pull else "no",
        )

    def start_odoo(self, *, port: int | None = None, env=None, options=()):
        """Start one more Odoo server on the database; the first has the known port."""
        server = self.odoo.server(
            self.database,
            port=port or (free_port() if self.servers else self.odoo_port),
            log=self.folder / f"odoo-{len(self.servers)}.log",
            env=env,
            options=(
                "--smtp", "127.0.0.1", "--smtp-port", str(self.mail.smtp_port),
                "--email-from", "registratura@valea-mare.invalid", *options,
            ),
        )  # fmt: skip
        self.servers.append(server)
        server.start()
        return server

    def ring(self) -> None:
        """Let the scheduler's next minute come at once for the suite's own actions."""
        self.postgres.sql(
            "INSERT INTO ir_cron_trigger (cron_id, call_at)"
            " SELECT c.id, now() AT TIME ZONE 'UTC' FROM ir_cron c"
            "   JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id"
            "  WHERE c.active AND c.interval_type = 'minutes' AND d.module LIKE 'pcu%'",
            self.database,
        )
        self.postgres.sql(f"NOTIFY cron_trigger, '{self.database}'")

    def wait_for_mails(self, count: int, timeout: float = 60) -> int:
        """Wait until ``count`` e-mails arrived or the time is over; return how many."""
        limit = time.monotonic() + timeout
        while (found := len(self.mail.messages())) < count:
            if time.monotonic() > limit:
                break
            time.sleep(0.5)
        return found

    def stop(self) -> None:
        for process in (*reversed(self.servers), self.sandbox, self.mail):
            process.stop()

    # -- templates ----------------------------------------------------------------

    def townhall_name(self) -> str:
        """Return what the town hall's template of this state is called."""
        key = digest_of(ADDONS, TOWNHALL) + self.odoo.template_name()[-8:]
        return self.postgres.name(f"townhall_{key}")

    def townhall_template(self) -> str:
        """Return a database with the modules and the town hall, made once per state."""
        name = self.townhall_name()
        self.odoo.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.odoo.data_dir / "townhall.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.postgres.exists(name):
                self._make_townhall(name)
        return name

    def _make_townhall(self, name: str) -> None:
        unfinished = f"{name}_new"
        self.odoo.create(unfinished)
        self.odoo.install(unfinished, MODULES, log=RUN / "logs" / "townhall.log")
        self.shell("institution.py", database=unfinished)
        self.odoo.rename_filestore(unfinished, name)
        self.postgres.sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')

    def shell(self, script: str, *, database: str | None = None, **env) -> str:
        """Run one of the town hall's scripts in Odoo; return what it printed.

        :raise RuntimeError: when it ends with an error
        """
        return self.odoo.run_shell(
            database or self.database, (TOWNHALL / script).read_text(), **env,
            PYTHONPATH=str(ROOT / "scripts"), PCU_PASSWORD=demo_password(),
        )  # fmt: skip
