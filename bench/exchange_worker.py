"""One worker of the connector, timed (runs in `odoo shell`, see exchange.py).

Waits for the signal, then looks and works until so many submissions are registered and
both answers recorded. Says where the time went: calls, disk, SQL; the rest is Python.
"""

import contextlib
import json
import os
import threading
import time
from pathlib import Path

from odoo.addons.pcu_base import file_store
from odoo.addons.pcu_connector.adapters import downloading, partial_file, transport

env = globals()["env"]
spent = {"calls": 0.0, "disk": 0.0}
inside: list[str] = []


def count(owner, name: str, kind: str) -> None:
    """Add the time of a function to its kind, without that of others inside it."""
    plain = getattr(owner, name)

    def counted(*args, **kwargs):
        began = time.perf_counter()
        inside.append(kind)
        try:
            return plain(*args, **kwargs)
        finally:
            inside.pop()
            took = time.perf_counter() - began
            spent[kind] += took
            if inside:
                spent[inside[-1]] -= took

    setattr(owner, name, counted)


for owner, name, kind in (
    (transport.HttpConnection, "send", "calls"),
    (transport.HttpConnection, "read_body", "calls"),
    (downloading, "_stream", "calls"),
    (partial_file.PartialFile, "append", "disk"),
    (partial_file.PartialFile, "finish", "disk"),
    (partial_file.PartialFile, "_load", "disk"),
    (file_store, "fingerprint", "disk"),
    (file_store, "place", "disk"),
    (file_store, "sync_folder", "disk"),
):
    count(owner, name, kind)


line = {"resumes": 0, "received": 0}


def watch(part_class) -> None:
    """Count bytes that came over the line, and downloads that went on."""
    headers, append = part_class.headers, part_class.append

    def asked(part):
        answer = headers(part)
        line["resumes"] += "Range" in answer
        return answer

    def came(part, piece):
        line["received"] += len(piece)
        return append(part, piece)

    part_class.headers, part_class.append = asked, came


watch(partial_file.PartialFile)


def memory(what: str) -> int:
    """Return a figure of this process's memory in bytes."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(r.split()[1]) for r in rows if r.startswith(what)) * 1024


def hurry() -> None:
    """Do not wait for the next try after a fault: only its work is measured."""
    with env.registry.cursor() as cr:
        cr.execute(
            "UPDATE pcu_exchange_item SET next_try_at = now() AT TIME ZONE 'UTC'"
            " WHERE next_try_at > now() AT TIME ZONE 'UTC' AND lease_until IS NULL;"
            "UPDATE pcu_platform SET state = 'running', failures = 0"
            " WHERE failures > 0"
        )


def done() -> int:
    with env.registry.cursor() as cr:
        cr.execute("SELECT count(*) FROM pcu_exchange_item WHERE state = 'acked'")
        return cr.fetchone()[0]


def work(wanted: int, folder: Path) -> dict:
    platform, items = env["pcu.platform"].search([]), env["pcu.exchange.item"]
    thread = threading.current_thread()
    (folder / f"ready-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.02)
    thread.query_time, thread.query_count = 0.0, 0
    began, cpu, idle = time.monotonic(), time.process_time(), memory("VmRSS")
    while done() < wanted:
        platform._poll()
        items._sweep(time.monotonic() + 3600)
        hurry()
        time.sleep(0.05)
    return {
        "began": began, "ended": time.monotonic(), "sql": thread.query_time,
        "cpu": time.process_time() - cpu, "queries": thread.query_count,
        "peak": memory("VmHWM"), "grown": memory("VmHWM") - idle, **spent, **line,
    }  # fmt: skip


with contextlib.ExitStack() as stack:
    if profile := os.environ.get("PCU_PROFILE"):
        import cProfile

        profiler = stack.enter_context(cProfile.Profile())
        stack.callback(lambda: profiler.dump_stats(profile))
    found = work(int(os.environ["PCU_WANTED"]), Path(os.environ["PCU_FOLDER"]))
print("MEASURED", json.dumps(found))
