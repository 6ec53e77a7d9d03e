"""Numbers under real concurrency: several Odoo processes on one live database.

What a test's single transaction can't show: writers that commit at the same moment, a
process killed between its commit and its number, and a year opened by two at once.
"""

import signal
import time

import pytest
from stack.odoo import Odoo
from stack.paths import RUN

DATABASE = "pcu_e2e_numbering"
PROCESSES, THREADS, EACH = 3, 4, 12

WRITER = """
import os, threading
from odoo import api
from odoo.service.model import retrying
registry, barrier = env.registry, threading.Barrier({threads})
env.cr.commit()
def write(number):
    with registry.cursor() as cr:
        own = api.Environment(cr, 1, {{}})
        register = own["pcu.register"].search([], limit=1)
        entries = own["pcu.register.entry"]
        values = {{"register_id": register.id, "summary": "Cerere",
                  "sender_id": own.ref("base.partner_admin").id}}
        if {killed} and number == 3:
            # The process ends after the commit, before the number.
            cr.postcommit.add(lambda: os.kill(os.getpid(), 9))
        retrying(lambda: entries._register_new([values]), own)
def work():
    barrier.wait()
    for number in range({each}):
        write(number)
threads = [threading.Thread(target=work) for _each in range({threads})]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@pytest.fixture(scope="module")
def odoo(postgres):
    runner = Odoo(postgres)
    runner.drop(DATABASE)
    runner.create(DATABASE)
    runner.install(DATABASE, ["pcu_registry"], log=RUN / "logs" / "numbering.log")
    # A year that nobody has opened yet: all writers open it at once.
    postgres.sql("DELETE FROM pcu_register_year", DATABASE)
    yield runner
    runner.drop(DATABASE)


def finish(process, seconds=120):
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    if process.poll() is None:
        process.kill()
        pytest.fail("an Odoo process did not end")
    return process.stdout.read()


def test_no_gap_no_double_no_error_whoever_dies(odoo, postgres):
    writers = [
        odoo.start_shell(
            DATABASE, WRITER.format(threads=THREADS, each=EACH, killed=False)
        )
        for _each in range(PROCESSES)
    ]
    victim = odoo.start_shell(
        DATABASE, WRITER.format(threads=THREADS, each=EACH, killed=True)
    )
    for writer in writers:
        output = finish(writer)
        assert writer.returncode == 0, output
        assert "Error" not in output, output
    finish(victim)
    assert victim.returncode == -signal.SIGKILL

    odoo.run_shell(DATABASE, "env['pcu.register.entry']._cron_number_waiting()\n")

    row = postgres.sql(
        "SELECT count(*), count(number), count(DISTINCT number), min(number),"
        " max(number), count(*) FILTER (WHERE state = 'waiting')"
        " FROM pcu_register_entry",
        DATABASE,
    )
    found = [int(value) for value in str(row).replace("|", " ").split()]
    total = found[0]
    assert total >= PROCESSES * THREADS * EACH + 1
    assert found == [total, total, total, 1, total, 0]
