"""A copy of a working town hall calls nobody, whoever made it and however.

Everything a copy could call is replaced by sockets that count: the platform, the mail
server, a mailbox, a webhook. Then every scheduled action and every job of the copy
runs, switched off or not. Once an administrator has said that the copy is the real one,
the same run calls: that is the control.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import threading

import pytest
from stack.odoo import Odoo
from stack.process import free_port

pytestmark = pytest.mark.proof

#: What the town hall still owes when it is copied.
OWED = """
SELECT (SELECT count(*) FROM pcu_exchange_effect WHERE state <> 'done'),
       (SELECT count(*) FROM pcu_notice WHERE state <> 'sent'),
       (SELECT count(*) FROM pcu_exchange_item WHERE state IN ('seen', 'fetched')),
       (SELECT count(*) FROM mail_mail WHERE state = 'outgoing'),
       (SELECT count(*) FROM queue_job WHERE state IN ('pending', 'enqueued'))
"""
#: The town hall's own way out and in: mail server, mailbox, webhook, a waiting e-mail.
WAYS = """
import os
env["ir.mail_server"].create({
    "name": "Server", "smtp_host": "127.0.0.1", "smtp_port": os.environ["SMTP"]})
env["fetchmail.server"].create({
    "name": "Box", "server": "127.0.0.1", "port": os.environ["OUTSIDE"],
    "server_type": "imap", "is_ssl": False, "user": "x", "password": "x",
    "state": "done"})
env["mail.mail"].create({
    "email_to": "ana@exemplu.invalid", "subject": "x", "body_html": "<p>x</p>",
    "email_from": "registratura@valea-mare.invalid"})
partner = env["ir.model"]._get("res.partner")
hook = env["ir.actions.server"].create({
    "name": "Hook", "model_id": partner.id, "state": "webhook",
    "webhook_url": f"http://127.0.0.1:{os.environ['OUTSIDE']}/"})
env["ir.cron"].create({
    "name": "Hook", "model_id": partner.id, "state": "code",
    "code": f"env['ir.actions.server'].browse({hook.id}).with_context("
            "active_model='res.partner', active_id=env.user.partner_id.id).run()"})
env["pcu.platform"].search([])._delay_poll()
env["pcu.exchange.item"].search([])._delay_advance()
env.cr.commit()
"""
#: All scheduled actions and all jobs at once; then what the administrator sees.
RUN = """
import os
from odoo.addons.queue_job.job import Job
if os.environ.get("CONFIRM"):
    env["pcu.platform"].with_user(env.ref("base.user_admin")).search(
        []).action_confirm_database()
    env.cr.commit()
env.cr.execute('''
    UPDATE pcu_platform SET next_poll_at = now(), retry_at = now(), lease_until = NULL;
    UPDATE pcu_exchange_item SET next_try_at = now(), lease_until = NULL;
    UPDATE pcu_exchange_effect SET next_try_at = now();
    UPDATE pcu_notice SET next_try_at = now(), lease_until = NULL
     WHERE state IN ('waiting', 'sending')''')
env.cr.commit()
env.invalidate_all()
ran = 0
for cron in env["ir.cron"].with_context(active_test=False).search([]):
    try:
        cron.method_direct_trigger()
    except Exception as error:
        print("CRON", cron.name, repr(error))
    env.cr.commit()
    ran += 1
for row in env["queue.job"].search([("state", "in", ("pending", "enqueued"))]):
    try:
        Job.load(env, row.uuid).perform()
    except Exception as error:
        print("JOB", row.name, repr(error))
    env.cr.commit()
    ran += 1
platform = env["pcu.platform"].with_context(active_test=False, lang="ro_RO").search([])
print("RAN", ran)
print("SEES", platform.safe_mode, platform.health_text)
"""


class Counter:
    """Takes connections on a port, counts them, and hangs up."""

    def __init__(self, port: int):
        self.port, self.calls = port, 0
        self._socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                self.calls += 1
                connection.close()

    def close(self) -> None:
        # Without it the thread would go on waiting, and the port stay taken.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture(scope="module")
def hall(request, tmp_path_factory):
    """A town hall that stopped in the middle of its work, and its outside."""
    from townhall_world import TownHall

    with TownHall("e2e_clone", wakeup=False) as hall:
        hall.outside = free_port()
        hall.open()
        hall.sandbox.control(
            "faults", {"only": "(POST|PUT) .*/submissions/", "error_rate": 1.0}, "PUT"
        )
        hall.mail.stop()
        for _ in range(3):
            hall.submit()
        # Its file is never ready: it stays on the way in.
        hall.submit(scan_seconds=86400.0)
        hall.clerk("administrator").call(
            "pcu.platform", "action_pull_now", hall.value("SELECT id FROM pcu_platform")
        )
        hall.wait_for_numbers(3, 180)
        hall.wait_until(
            lambda: hall.value(
                "SELECT count(*) FROM pcu_exchange_item WHERE state = 'fetched'"
            ),
            180,
            "the submission on its way in",
        )
        hall.servers[0].stop()
        hall.odoo.run_shell(
            hall.database,
            WAYS,
            OUTSIDE=str(hall.outside),
            SMTP=str(hall.mail.smtp_port),
        )
        hall.sandbox.stop()
        yield hall


@pytest.fixture
def outside(hall):
    """Everything that a copy could call: it counts and answers nothing."""
    counters = {
        "platform": Counter(hall.sandbox.port),
        "mail": Counter(hall.mail.smtp_port),
        "mailbox and webhook": Counter(hall.outside),
    }
    yield lambda: {name: counter.calls for name, counter in counters.items()}
    for counter in counters.values():
        counter.close()


@pytest.fixture
def copy(hall, tmp_path):
    """Return a function that copies the database one way or another."""
    made = []

    def restore(database: str) -> None:
        env = {**os.environ, **hall.postgres.env()}
        hall.postgres.sql(f'CREATE DATABASE "{database}"')
        # As the guide says: a dump does not tell that Odoo made it immutable.
        hall.postgres.sql(
            "CREATE EXTENSION unaccent; ALTER FUNCTION unaccent(text) IMMUTABLE",
            database,
        )
        dump = hall.folder / "town.dump"
        if not dump.exists():
            subprocess.run(
                ["pg_dump", "-Fc", "-f", dump, hall.database], env=env, check=True
            )
        subprocess.run(["pg_restore", "-d", database, dump], env=env, check=True)

    def make(way: str) -> tuple[Odoo, str]:
        database = hall.postgres.name(f"e2e_clone_{way}")
        odoo = Odoo(hall.postgres, tmp_path / "odoo")
        odoo.drop(database)
        made.append((odoo, database))
        if way == "template":
            hall.postgres.clone(hall.database, database)
        else:
            restore(database)
        shutil.copytree(hall.odoo.filestore(hall.database), odoo.filestore(database))
        return odoo, database

    yield make
    for odoo, database in made:
        odoo.drop(database)


def test_the_town_hall_owes_something_of_every_kind(hall):
    assert all(hall.rows(OWED)[0]), hall.rows(OWED)


def test_a_restored_dump_calls_nobody_neutralized_or_not(copy, outside, measured):
    odoo, database = copy("restored")
    check_silence(odoo, database, outside, measured, "copie")
    odoo.run("-d", database, subcommand="neutralize")
    check_silence(odoo, database, outside, measured, "Arhivată")


def test_a_copy_made_from_a_template_calls_nobody_until_it_is_confirmed(
    copy, outside, measured
):
    odoo, database = copy("template")
    check_silence(odoo, database, outside, measured, "copie")
    said = odoo.run_shell(database, RUN, CONFIRM="yes")
    assert "SEES False" in said
    # The control: what was held back above is what leaves now.
    assert min(outside().values()) > 0, (outside(), said)


def check_silence(odoo, database, outside, measured, word) -> None:
    """Run everything in a copy; nothing may call, and the platform says why."""
    said = odoo.run_shell(database, RUN)
    ran, sees = int(said.split("RAN ")[1].split()[0]), said.split("SEES ")[1]
    measured(f"{database}: {ran} scheduled actions and jobs ran; calls: {outside()}")
    assert ran > 20, said
    assert set(outside().values()) == {0}, said
    assert sees.startswith("True"), said
    assert word in sees, said
