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


# Two transactions of one year and its closing, each beside what is let through. ``old``
# is a transaction whose snapshot is older than what the other then commits.
CLOSING = """
import threading, time
from freezegun import freeze_time
from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import retrying
env.cr.commit()
YEAR, AFTER = "2020-12-30 10:00:00", "2021-01-05 10:00:00"

def transaction():
    cr = env.registry.cursor()
    cr.execute("SELECT count(*) FROM pcu_register_year")  # the snapshot begins
    return api.Environment(cr, 1, {})

def register(own):
    values = {"register_id": own["pcu.register"].search([], limit=1).id,
              "summary": "Cerere", "sender_id": own.ref("base.partner_admin").id}
    entry = own["pcu.register.entry"]._register_new([values])
    own.flush_all()
    return entry

def correct(own, text):
    own["pcu.register.entry"].browse(first).action_correct({"summary": text}, "Greșit")
    own.flush_all()

def end(own, act="commit"):
    getattr(own.cr, act)()
    own.cr.close()

def do(step, *args):
    own = transaction()
    try:
        result = retrying(lambda: step(own, *args), own)
        return result and result.ids
    finally:
        own.cr.close()

def close_days(own):
    own["pcu.register.closing"].action_close_days()

def close(own):
    own["pcu.register.year"].search([("year", "=", 2020)]).action_close()

def reopen(own):
    own["pcu.register.year"].search([("year", "=", 2020)]).action_reopen()

def told(step, *args):
    try:
        step(*args)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
    return "done"

with freeze_time(YEAR):
    first = do(register)[0]
    # Who registers and who corrects don't wait for each other, nor for the numbers.
    slow, old = transaction(), transaction()
    waiting = register(slow).id
    do(register)
    print("number beside a slow desk:", told(correct, old, "Corectat"))
    end(old)
    end(slow)

# The year closes after the snapshot of a correction, and, whatever program does it,
# after that of a new entry.
with freeze_time(AFTER):
    do(close_days)
old = transaction()
with freeze_time(AFTER):
    do(close)
with freeze_time(YEAR):
    print("correct:", told(correct, old, "Prea târziu"))
    end(old, "rollback")
    print("correct again:", told(do, correct, "Prea târziu"))
do(reopen)
late = transaction()
do(lambda own: own.cr.execute("UPDATE pcu_register_year SET state = 'closed'"))
with freeze_time(YEAR):
    print("register:", told(register, late))
    end(late, "rollback")
    print("register again:", told(do, register))

# Closing waits for who registers, and then sees the entry without its number.
do(reopen)
with freeze_time(YEAR):
    late = transaction()
    register(late)
    late.cr.postcommit.clear()  # its process dies before the number
answer = []
with freeze_time(AFTER):
    closer = threading.Thread(target=lambda: answer.append(told(do, close)))
    closer.start()
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    limit = time.monotonic() + 60
    while closer.is_alive() and time.monotonic() < limit:
        env.cr.execute(blocked + " AND wait_event_type = 'Lock'")
        if env.cr.fetchone()[0]:
            break
        env.cr.commit()
    print("closing waited:", closer.is_alive())
    end(late)
    closer.join()
    print("close:", *answer)
    do(lambda own: own["pcu.register.entry"]._cron_number_waiting())
with freeze_time("2021-01-06 10:00:00"):  # a day later its closing took the entry in
    do(close_days)
    print("close again:", told(do, close))
"""


def test_closing_a_year_and_registering_in_it_see_each_other(odoo, postgres):
    output = odoo.run_shell(DATABASE, CLOSING)
    told = dict(line.split(": ", 1) for line in output.splitlines() if ": " in line)
    assert told["number beside a slow desk"] == "done", output
    assert told["correct"].startswith("SerializationFailure"), output
    assert "nothing in it is corrected" in told["correct again"], output
    assert told["register"].startswith("SerializationFailure"), output
    assert "The register year is closed" in told["register again"], output
    assert told["closing waited"] == "True", output
    assert "still wait for their number" in told["close"], output
    assert told["close again"] == "done", output
    row = postgres.sql(
        "SELECT y.state, y.last_number, count(*), count(e.number), max(e.number)"
        " FROM pcu_register_year y JOIN pcu_register_entry e"
        " ON e.register_year_id = y.id WHERE y.year = 2020 GROUP BY y.id",
        DATABASE,
    )
    assert str(row).replace("|", " ").split() == ["closed", "4", "4", "4", "4"]
