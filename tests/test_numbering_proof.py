"""The proof under load: fifty sessions, random rollbacks, killed connections.

What an auditor asks of a register: every registration that was confirmed has exactly
one number, nothing that was rolled back has one, and no number is missing or double.
`make test` runs a short one; `make proof` all of it, 50 sessions × 200 registrations.
"""

import os
import time
from collections import Counter

import pytest
from stack.odoo import Odoo
from stack.paths import RUN
from test_numbering_concurrency import finish

DATABASE = "pcu_e2e_numbering_proof"
PROCESSES, THREADS = 2, 25
EACH = int(os.environ.get("PCU_PROOF", "20"))
RANGE = 500

PREPARE = f"""
entries = env["pcu.register.entry"]
number_range = env["pcu.register.range"].create(
    {{"name": "Proba", "size": {RANGE}, "purpose": "outage"}})
number_range.action_set_aside()
first = entries._register_new([{{"summary": "prima", "register_id":
    number_range.register_id.id, "sender_id": env.ref("base.partner_admin").id}}])
env.cr.commit()
print("year", first.register_year_id.id)
"""

WRITER = """
import logging, random, threading
from odoo import api, fields
from odoo.service.model import retrying
logging.disable(logging.CRITICAL)  # killed connections are meant to be
registry = env.registry
env.cr.commit()
barrier = threading.Barrier({threads}, action=lambda: open("{target}.begun", "x"))
class Rollback(Exception):
    pass
def register(own, key, chance):
    entries = own["pcu.register.entry"]
    partner = own.ref("base.partner_admin").id
    values = {{"summary": key, "sender_id": partner,
              "register_id": own["pcu.register"].search([], limit=1).id}}
    if chance < 0.1:  # a reply takes the number of what it answers
        answered = entries.search([("summary", "=", "prima")])
        values.update(direction="outgoing", recipient_id=partner,
                      answers_id=answered.id)
    elif chance < 0.12:  # a line of a range takes the number set aside for it
        values.update(range_id=own["pcu.register.range"].search([]).id,
                      occurred_at=fields.Datetime.now())
    entries._register_new([values])
    if chance > 0.85:
        raise Rollback
def work(name):
    dice = random.Random(name)
    barrier.wait()
    for number in range({each}):
        key, chance = f"{{name}}-{{number}}", dice.random()
        try:
            with registry.cursor() as cr:
                own = api.Environment(cr, 1, {{}})
                retrying(lambda: register(own, key, chance), own)
            said.append(f"confirmed {{key}}")
        except Rollback:
            said.append(f"undone {{key}}")
        except Exception as error:
            said.append(f"unknown {{key}} {{type(error).__name__}}")
said = []
threads = [threading.Thread(target=work, args=(f"{process}-{{n}}",))
           for n in range({threads})]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
with open("{target}", "w") as file:  # more than a pipe holds
    file.write("\\n".join(said))
"""

AUDIT = """
env["pcu.register.entry"]._cron_number_waiting()
env.cr.commit()
year = env["pcu.register.year"].browse({year})
print("findings", len(year._check_continuity()))
print("unused", sum(r["last"] - r["first"] + 1 for r in year._unused_numbers()))
"""


@pytest.fixture(scope="module")
def odoo(postgres):
    runner = Odoo(postgres)
    runner.drop(DATABASE)
    runner.create(DATABASE)
    runner.install(DATABASE, ["pcu_registry"], log=RUN / "logs" / "proof.log")
    yield runner
    runner.drop(DATABASE)


def run(odoo, code) -> dict[str, str]:
    output = odoo.run_shell(DATABASE, code)
    return dict(line.split(" ", 1) for line in output.splitlines() if " " in line)


def kill_until_done(postgres, writers, targets, seconds) -> int:
    """End connections at random, in the middle of whatever they do.

    Not before every process registers: one that dies while Odoo loads proves nothing.
    """
    killed, limit = 0, time.monotonic() + seconds
    begun = [target.with_suffix(".begun") for target in targets]
    while not all(file.exists() for file in begun):
        assert time.monotonic() < limit, "the writers did not begin"
        assert all(w.poll() is None for w in writers), "a writer ended early"
        time.sleep(0.1)
    while any(w.poll() is None for w in writers) and time.monotonic() < limit:
        killed += int(
            postgres.sql(
                "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM"
                " pg_stat_activity WHERE datname = current_database() AND state ="
                " 'active' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 2) v",
                DATABASE,
            )
        )
        time.sleep(0.3)
    return killed


@pytest.mark.proof
def test_fifty_sessions_leave_no_gap_and_no_duplicate(
    odoo, postgres, measured, tmp_path
):
    year = run(odoo, PREPARE)["year"]
    began = time.monotonic()
    targets = [tmp_path / f"said-{n}" for n in range(PROCESSES)]
    writers = [
        odoo.start_shell(
            DATABASE,
            WRITER.format(threads=THREADS, each=EACH, process=n, target=target),
        )
        for n, target in enumerate(targets)
    ]
    killed = kill_until_done(postgres, writers, targets, 60 + EACH * 10)
    said = [finish(writer) for writer in writers]
    assert not any(writer.returncode for writer in writers), said
    seconds = time.monotonic() - began
    words = [line.split() for each in targets for line in each.open()]
    fate = {w[1]: w[0] for w in words if w[0] in ("confirmed", "undone", "unknown")}
    counts = Counter(fate.values())
    assert len(fate) == PROCESSES * THREADS * EACH, said

    audit = run(odoo, AUDIT.format(year=year))
    assert audit["findings"] == "0"

    # The same once more without our own check, from the bare rows.
    rows = [
        line.split("|")
        for line in postgres.sql(
            "SELECT summary, coalesce(number, 0), answers_id IS NOT NULL,"
            " range_id IS NOT NULL FROM pcu_register_entry",
            DATABASE,
        ).splitlines()
    ]
    found = Counter(summary for summary, *_rest in rows)
    assert not [key for key, times in found.items() if times > 1]
    assert not [k for k, word in fate.items() if word == "confirmed" and k not in found]
    assert not [k for k, word in fate.items() if word == "undone" and k in found]
    own = [int(number) for _s, number, reply, _range in rows if reply == "f"]
    lines = sum(is_line == "t" for *_rest, is_line in rows)
    assert len(own) == len(set(own))
    # Each number up to the counter stands in the register or in the range.
    unused = set(range(1, RANGE + 1)) - set(own)
    assert len(unused) == RANGE - lines == int(audit["unused"])
    last = max(*own, RANGE)
    assert set(own) | unused == set(range(1, last + 1))
    assert str(last) == str(
        postgres.sql("SELECT max(last_number) FROM pcu_register_year", DATABASE)
    )
    assert {n for _s, n, reply, _r in rows if reply == "t"} <= {str(RANGE + 1)}
    assert counts["undone"] and killed
    measured(
        f"numbering: {PROCESSES * THREADS} sessions × {EACH}: {len(rows)} entries, "
        f"{counts['undone']} rolled back, {killed} connections killed "
        f"({counts['unknown']} registrations broken off), 0 gaps, 0 duplicates, "
        f"{seconds:.0f} s"
    )
