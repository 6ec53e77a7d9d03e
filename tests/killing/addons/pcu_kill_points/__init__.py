"""Watches an Odoo process from outside its code; see ``tests/killing/points.py``.

The step is read from the call stack: the innermost function that stands below, or what
runs in one of the connector's short transactions. So no line of the suite is there for
the tests.
"""

import os
import sys

import requests
import urllib3
from odoo import http, sql_db
from odoo.service import server

sys.path.append(os.environ["PCU_TESTS"])
from killing.points import Points, writing

#: (function, end of its file's name) -> what the step is called
STEPS = {
    ("_list_pages", "pcu_platform_poll.py"): "list",
    ("_probe", "pcu_platform_health.py"): "probe",
    ("_step_fetch", "pcu_exchange_item_steps.py"): "fetch",
    ("_step_refresh", "pcu_exchange_item_steps.py"): "refresh",
    ("_step_download", "pcu_exchange_item_files.py"): "download",
    ("_step_send", "pcu_exchange_item_effects.py"): "send",
    ("_step_upload", "pcu_exchange_item_effects.py"): "upload",
    ("_step_lookup", "pcu_exchange_item_effects.py"): "lookup",
    ("_number_pending", "pcu_register_entry_numbering.py"): "number",
    ("_run_after_numbered", "pcu_register_entry_numbering.py"): "after number",
    ("_cron_number_waiting", "pcu_register_entry_numbering.py"): "number sweep",
    ("_claim", "pcu_notice.py"): "notice claim",
    ("_send_claimed", "pcu_notice.py"): "notice send",
    ("_runjob", "main.py"): "job",
    ("runjob", "main.py"): "job",
}
TRANSACTION = ("_transact", "pcu_exchange_mixin.py")
#: What clerks press, by the end of the call's address.
PRESSED = ("action_take", "action_confirm")


def watch():
    """Put the observer around SQL, HTTP, files and SMTP of this process."""
    if "PCU_KILL_POINTS" not in os.environ:
        return
    points = Points(os.environ["PCU_KILL_POINTS"], "odoo")

    def passing(what):
        found = find_step(sys._getframe(2))
        if found:
            points.passing(*found, what)

    # Nobody has a browser open: the process for live updates is left out.
    server.PreforkServer.long_polling_spawn = lambda _prefork: None
    watch_database(passing)
    watch_network(passing)
    watch_files(passing)


def find_step(frame):
    """Return the step that runs and the frame that is its run, or None."""
    while frame:
        code = frame.f_code
        key = code.co_name, os.path.basename(code.co_filename)
        if key in STEPS:
            return STEPS[key], frame
        if key == TRANSACTION:
            return name_transaction(frame.f_locals), frame
        if key == ("retrying", "model.py") and http.request:
            name = http.request.httprequest.path.rpartition("/")[2]
            return (f"clerk {name}", frame) if name in PRESSED else None
        frame = frame.f_back
    return None


def name_transaction(local):
    """Name a short transaction by its method; ``_store`` by what it stores."""
    name, args = local["step"], local["args"]
    return (args[1] if name == "_store" else name).strip("_").replace("_", " ")


def watch_database(passing):
    """Count statements and commits; a statement in autocommit is a commit, too."""
    execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit

    def counted_execute(self, query, params=None, log_exceptions=True):
        text = " ".join(str(getattr(query, "code", query)).split())[:50]
        passing(f"sql {text}")
        result = execute(self, query, params, log_exceptions)
        if self._cnx.autocommit:
            passing("done")
        return result

    def counted_commit(self):
        passing("before commit")
        commit(self)
        passing("after commit")

    sql_db.Cursor.execute, sql_db.Cursor.commit = counted_execute, counted_commit


def watch_network(passing):
    """Count calls, their answers, and each piece of an answer."""
    send = requests.adapters.HTTPAdapter.send
    read = urllib3.response.HTTPResponse.read1

    def counted_send(self, request, **options):
        passing(f"call {request.method}")
        answer = send(self, request, **options)
        passing(f"answer {request.method}")
        return answer

    def counted_read(self, *args, **options):
        piece = read(self, *args, **options)
        passing("piece")
        return piece

    requests.adapters.HTTPAdapter.send = counted_send
    urllib3.response.HTTPResponse.read1 = counted_read


def watch_files(passing):
    """Count what changes files, and the commands to the mail server."""
    fsync = os.fsync

    def counted_fsync(handle):
        passing("before fsync")
        fsync(handle)
        passing("after fsync")

    os.fsync = counted_fsync

    def audit(event, args):
        if event == "smtplib.send":
            passing("smtp")
        elif event[:3] in ("ope", "os.") and (what := writing(event, args)):
            passing(what)

    sys.addaudithook(audit)
