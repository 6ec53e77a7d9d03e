"""An old register of many lines: killed in the middle, gone on with, within its memory.

What a test's single transaction can't show: what is committed when the process dies,
and how much memory the whole work takes.
"""

import signal
import time

import pytest
from stack.odoo import Odoo
from stack.paths import RUN

pytestmark = pytest.mark.proof

DATABASE = "pcu_e2e_intake"
LINES = 6000
MEGABYTES = 512

BEGIN = """
import base64
lines = ["Nr. inregistrare;Data inregistrarii;Emitent;Continut"] + [
    f"{{n}};{{1 + n % 28:02d}}.03.2021;Emitent {{n % 500}};Cerere {{n}}"
    for n in range(1, {lines} + 1)
]
record = env["pcu.intake.import"].create({{
    "name": "2021.csv", "content": base64.b64encode("\\n".join(lines).encode())}})
record.action_check()
env.cr.commit()
env["pcu.intake.import"]._cron_work()
record.action_import()
env.cr.commit()
"""
WORK = """
env["pcu.intake.import"]._cron_work()
env.cr.commit()
status = open("/proc/self/status").read()
print("peak", int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


@pytest.fixture(scope="module")
def odoo(postgres):
    runner = Odoo(postgres)
    runner.drop(DATABASE)
    runner.create(DATABASE)
    runner.install(DATABASE, ["pcu_intake"], log=RUN / "logs" / "intake.log")
    yield runner
    runner.drop(DATABASE)


def taken(postgres):
    return int(postgres.sql("SELECT count(*) FROM pcu_register_entry", DATABASE))


@pytest.mark.timeout(600)
def test_killed_import_goes_on_without_doubles_in_its_memory(odoo, postgres):
    begun = odoo.start_shell(DATABASE, BEGIN.format(lines=LINES))
    assert "Error" not in begun.stdout.read()
    assert taken(postgres) == 0

    victim = odoo.start_shell(DATABASE, WORK)
    end = time.monotonic() + 200
    while taken(postgres) < 1000 and time.monotonic() < end:
        time.sleep(0.2)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    half = taken(postgres)
    assert 1000 <= half < LINES

    heir = odoo.start_shell(DATABASE, WORK)
    output = heir.stdout.read()
    assert heir.wait() == 0, output
    row = postgres.sql(
        "SELECT count(*), count(DISTINCT number), min(number), max(number)"
        " FROM pcu_register_entry WHERE import_id IS NOT NULL",
        DATABASE,
    )
    assert [int(v) for v in str(row).replace("|", " ").split()] == [
        LINES, LINES, 1, LINES,
    ]  # fmt: skip
    assert str(postgres.sql("SELECT state FROM pcu_intake_import", DATABASE)) == "done"
    peak = int(output.rpartition("peak")[2].split()[0])
    assert peak < MEGABYTES
    print(f"killed after {half} of {LINES} lines; peak memory {peak} MB")
