"""The writers of `numbering.py`: processes forked from one loaded Odoo registry.

Orders come as JSON lines on standard input: mode, number of writers, seconds.
"""

import json
import multiprocessing
import os
import statistics
import sys
import time

import odoo.tools.config  # noqa: F401 -- must be first, it sets Odoo up
from odoo import api, fields, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL, config

CLERK = "registratura"


class Writer:
    """Registers entries one after the other, each in a transaction of its own."""

    def __init__(self, database: str):
        self.registry = Registry(database)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.uid = env["res.users"].search([("login", "=", CLERK)]).id
            self.sender = env["res.partner"].search([], limit=1).id
            self.registers = {
                code: env["pcu.register"].search([("code", "=", code)]).id
                for code in ("BENCH-OURS", "BENCH-SEQUENCE", "BENCH-NOGAP")
            }
        model = self.registry["pcu.register.entry"]
        self.number_after_commit = model._number_after_commit
        self.modes = {
            "ours": ("BENCH-OURS", self.number_after_commit),
            "sequence": ("BENCH-SEQUENCE", self.number_from_sequence),
            "no_gap": ("BENCH-NOGAP", self.number_without_gap),
        }

    def run(self, mode: str, seconds: float, work: float) -> dict:
        code, number = self.modes[mode]
        self.work = work
        self.registry["pcu.register.entry"]._number_after_commit = number
        times, errors = [], 0
        limit = time.monotonic() + seconds
        while (began := time.monotonic()) < limit:
            try:
                self.register_one(mode, self.registers[code], len(times))
                times.append(time.monotonic() - began)
            except Exception as error:  # noqa: BLE001 -- counting them is the point
                print(f"{mode}: {error!r}", file=sys.stderr)
                errors += 1
        return {"times": times, "errors": errors}

    def register_one(self, mode: str, register: int, n: int) -> None:
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.uid, {"lang": "ro_RO"})
            values = {
                "register_id": register,
                "sender_id": self.sender,
                "summary": f"Cerere {n} privind eliberarea unui certificat",
                "channel": "counter",
            }
            retrying(lambda: self.transaction(env, mode, values), env)

    def transaction(self, env, mode: str, values: dict) -> None:
        """Do what a request does: register, and some work around it."""
        if mode == "no_gap":
            # As Odoo's own models use it: drawn in create(), before the row is written.
            number = env.ref("__bench__.no_gap").sudo().next_by_id()
            env = env(context={**env.context, "bench_number": int(number)})
        env["pcu.register.entry"]._register_new([values])
        env.flush_all()
        time.sleep(self.work)

    @staticmethod
    def number_from_sequence(entries):
        """Number in the registering transaction from a plain sequence."""
        entries.env.flush_all()
        entries.env.cr.execute("SELECT nextval('bench_numbers')")
        Writer.write_number(entries, entries.env.cr.fetchone()[0])

    @staticmethod
    def number_without_gap(entries):
        """Write the number that `ir.sequence` gave at the transaction's beginning."""
        entries.env.flush_all()
        Writer.write_number(entries, entries.env.context["bench_number"])

    @staticmethod
    def write_number(entries, number: int) -> None:
        entries.env.cr.execute(
            SQL(
                "UPDATE pcu_register_entry SET number = %s, state = 'registered',"
                " reference = pcu_register_reference('{number}/{date}', '', %s,"
                " registration_date) WHERE id = %s",
                number, number, entries.id,
            )
        )  # fmt: skip


def prepare(database: str) -> None:
    """Make one register per mode, so that each has its own numbers."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        for code in ("BENCH-OURS", "BENCH-SEQUENCE", "BENCH-NOGAP"):
            register = env["pcu.register"].create(
                {"name": code, "code": code, "kind": "internal"}
            )
            register._year_for(fields.Date.today())
        sequence = env["ir.sequence"].create(
            {"name": "no gap", "implementation": "no_gap", "company_id": False}
        )
        env["ir.model.data"].create(
            {"module": "__bench__", "name": "no_gap", "model": "ir.sequence",
             "res_id": sequence.id}
        )  # fmt: skip
        env["res.partner"].create({"name": "Ion Popescu"})
        cr.execute("CREATE SEQUENCE bench_numbers")
        cr.commit()


def check(database: str) -> dict:
    """Count gaps, duplicates and entries without a number in our register."""
    with Registry(database).cursor() as cr:
        cr.execute(
            "SELECT count(*), count(e.number), count(DISTINCT e.number),"
            " coalesce(max(e.number), 0) FROM pcu_register_entry e"
            " JOIN pcu_register r ON r.id = e.register_id WHERE r.code = 'BENCH-OURS'"
        )
        entries, numbered, distinct, last = cr.fetchone()
    return {
        "entries": entries, "waiting": entries - numbered,
        "duplicates": numbered - distinct, "gaps": last - distinct,
    }  # fmt: skip


def serve(database: str, orders, answers) -> None:
    writer = Writer(database)
    answers.put("ready")
    while order := orders.get():
        answers.put(writer.run(*order))


def summed_up(found: list[dict], seconds: float) -> dict:
    counts = [len(f["times"]) for f in found]
    times = sorted(1000 * t for f in found for t in f["times"])
    return {
        "rate": sum(counts) / seconds,
        "fairness": min(counts) / statistics.mean(counts),
        "p50": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "max": times[-1],
        "errors": sum(f["errors"] for f in found),
    }


def main() -> None:
    most = int(sys.argv[1])
    config.parse_config(sys.argv[2:], setup_logging=False)
    database = config["db_name"][0]
    prepare(database)
    sql_db.close_all()  # children must not share the parent's connections
    fork = multiprocessing.get_context("fork")
    queues = [(fork.Queue(), fork.Queue()) for _ in range(most)]
    crew = [
        fork.Process(target=serve, args=(database, *pair), daemon=True)
        for pair in queues
    ]
    for process in crew:
        process.start()
    for _orders, answers in queues:
        answers.get()
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order["mode"] == "check":
            print(json.dumps(check(database)), flush=True)
            continue
        used = queues[: order["writers"]]
        for orders, _answers in used:
            orders.put((order["mode"], order["seconds"], order["work"]))
        found = [answers.get() for _orders, answers in used]
        print(json.dumps(summed_up(found, order["seconds"])), flush=True)
    for orders, _answers in queues:
        orders.put(None)


if __name__ == "__main__":
    main()
