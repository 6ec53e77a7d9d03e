"""Runs inside `odoo shell`: one submission for each mistake, with or without it.

The connector works as in a server, in transactions of its own, against the sandbox.
``test_both_books.py`` reads the last line: which submission met which mistake.
"""

import contextlib
import importlib.util
import json
import os
from unittest.mock import patch

import requests
from odoo import fields

env = globals()["env"]

spec = importlib.util.spec_from_file_location("mistakes", os.environ["PCU_MUTANTS"])
mistakes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mistakes)
platform = env["pcu.platform"].search([], limit=1)
APPLICANT = json.loads(os.environ["PCU_APPLICANT"])
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def submit():
    """File with two files; return the identifier."""
    files = [{"name": f"{name}.txt", "text": name} for name in ("cerere", "plan")]
    answer = requests.post(
        f"{os.environ['PCU_SANDBOX']}/_control/submit",
        json={"procedure": "PET", "files": files, "applicant": APPLICANT},
        headers={"X-Control-Token": os.environ["PCU_CONTROL"]},
        timeout=30,
    )
    return answer.json()["id"]


def look():
    """List what is new."""
    platform.next_poll_at = fields.Datetime.now()
    env.cr.commit()
    platform._poll()
    env.cr.commit()


def work():
    """Do all that is due."""
    env.cr.commit()
    env["pcu.exchange.item"]._sweep(float("inf"))
    env.cr.commit()
    env.invalidate_all()


def item_of(key):
    return env["pcu.exchange.item"].search([("remote_id", "=", key)])


def take_over(key):
    look()
    work()


def progress_twice(key):
    """Ask, hear nothing, and work on: progress is told twice."""
    request = item_of(key).request_id
    request._set_state("in_progress")
    work()
    request._ask_clarification("Lipsește actul.")
    request._set_state("in_progress")
    work()


def decide(key):
    document = env["pcu.document"]._create_from_bytes(
        [{"name": "Răspuns.pdf", "content": PDF, "kind": "issued"}]
    )
    item_of(key).request_id._set_state("in_progress")
    item_of(key).request_id._decide("favourable", "Se aprobă.", document)
    work()


def refuse(key):
    look()
    item_of(key)._transact("_refuse", env.uid, "spam", "Probă")
    work()


def withdraw(key):
    item_of(key).request_id._withdraw("La ghișeu", fields.Datetime.now())
    work()


#: Mistake -> what happens before it is made, and under it.
STORIES = {
    "number_said_and_never_sent": ([], take_over),
    "last_file_forgotten": ([], take_over),
    "recorded_gives_way": ([take_over], progress_twice),
    "other_document_pushed": ([take_over], decide),
    "refused_here_only": ([], refuse),
    "withdrawn_here_only": ([take_over], withdraw),
}

met = {}
for name, (before, story) in STORIES.items():
    met[name] = submit()
    for step in before:
        step(met[name])
    with contextlib.ExitStack() as undo:
        if os.environ["PCU_MISTAKEN"] == "yes":
            getattr(mistakes, name)(
                env, lambda *change: undo.enter_context(patch.object(*change))
            )
        story(met[name])
print(json.dumps(met))
