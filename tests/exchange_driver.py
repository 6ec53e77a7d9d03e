"""Runs inside `odoo shell`: the connector itself, on a real database, with a platform
in memory that lies, forgets and breaks, and a process that dies wherever it is told to.

The test beside it (`test_exchange_states.py`) says over a socket what happens next and
gets back which of the guarantees that broke. Everything commits for real: what a death
leaves behind is what PostgreSQL has.
"""

import base64
import contextlib
import importlib.util
import io
import json
import os
import re
import socket
import zipfile
from datetime import timedelta
from unittest.mock import patch

import requests
from odoo import fields, sql_db
from odoo.addons.pcu_connector import exchange_states as es
from odoo.addons.pcu_connector.adapters.edirect import TOKENS
from odoo.addons.pcu_connector.models.pcu_exchange_file import BY_HAND
from odoo.addons.pcu_connector.models.pcu_exchange_item import PROVISIONAL
from odoo.exceptions import UserError

env = globals()["env"]


def load(path):
    """Import a file of the tests; this code itself has no folder."""
    spec = importlib.util.spec_from_file_location("loaded", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fake = load(os.environ["PCU_FAKE"])

BREAKS = {
    "refused": {"error": requests.ConnectTimeout()},
    "silence": {"error": requests.ReadTimeout(), "after": True},
    "500": {"status": 500},
    "502 after": {"status": 502, "after": True},
    "429": {"status": 429},
    "410": {"status": 410},
    "sign-in": {"status": 403},
}


class Death(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up."""


class Fuse:
    """Burns at each commit and each call, on both sides of it; kills at its end."""

    def __init__(self):
        self.left, self.only = None, None

    def burn(self, what):
        if self.left is not None and self.only in (None, what):
            self.left -= 1
            if self.left <= 0:
                self.left = None
                raise Death


class Rival:
    """Another worker, who takes over what one holds that waits for an answer.

    That one has stood still for so long that its leases have run out; the answer in its
    hand is true, and what it would make of it is not.
    """

    def __init__(self):
        self.left = None

    def look(self):
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            self.left = None
            platform._transact("_lapse")
            platform._poll()
            env["pcu.exchange.item"]._sweep(float("inf"))


def lapse(self):
    """Let all leases run out; the look is due again."""
    past = fields.Datetime.now() - timedelta(seconds=1)
    self.next_poll_at = past
    for model in (self, self.env["pcu.exchange.item"]):
        model.search([("lease_until", ">", past)]).lease_until = past


class Doubt:
    """Remembers what left without an answer: it is asked for before it leaves again."""

    def __init__(self):
        self.references, self.broken = set(), []

    def sending(self, request):
        """Return the reference of what is sent."""
        writes = request.body and "/submissions/" in request.url
        reference = json.loads(request.body)["client_reference"] if writes else None
        if reference in self.references:
            self.broken.append(
                f"N4: {request.method} {request.url} sent without asking"
            )
        return reference

    def lost(self, reference):
        """Nobody knows what became of it."""
        if reference:
            self.references.add(reference)

    def answered(self, request, answer, reference):
        """Note what an answer leaves open, and what it settles."""
        if answer.status_code in (502, 504):
            self.lost(reference)
        asked = re.search("/references/(.+)$", request.url)
        if asked and answer.status_code in (200, 404):
            self.references.discard(asked[1])


fuse, rival, doubt, remote = Fuse(), Rival(), Doubt(), fake.FakePlatform()
real_commit = sql_db.Cursor.commit


def commit(cursor):
    fuse.burn("commit")
    result = real_commit(cursor)
    fuse.burn("commit")
    return result


def send(session, request, **options):
    fuse.burn("call")
    reference = doubt.sending(request)
    try:
        answer = remote.handle(request)
        fuse.burn("call")
    except (Death, requests.ReadTimeout):
        doubt.lost(reference)
        raise
    doubt.answered(request, answer, reference)
    rival.look()
    return answer


sql_db.Cursor.commit = commit
requests.Session.send = send

department = env["pcu.department"].search([], limit=1)
platform = env["pcu.platform"].create(
    {
        "name": "În memorie", "code": "memory", "base_url": "https://platforma.test",
        "institution": fake.INSTITUTION, "client_id": "client",
        "client_secret": fake.SECRET, "page_size": 2,
    }
)  # fmt: skip
env["pcu.platform"].search([("id", "!=", platform.id)]).active = False
clerk = env["res.users"].search([("login", "=", "registratura")])
env.cr.commit()
numbers, touched, filed, contents = {}, [], {}, {}
type(platform)._lapse = lapse
mistakes, undo = load(os.environ["PCU_MUTANTS"]), contextlib.ExitStack()


class World:
    """What can happen; each method is a rule of the state machine."""

    def submit(self, files):
        key = remote.submit([(f"{n}.pdf", b"%%PDF-1.4 %d" % n) for n in range(files)])
        touched.append(key)
        return key

    def list(self):
        platform.next_poll_at = fields.Datetime.now() - timedelta(seconds=1)
        self._alive(platform._poll)

    def work(self):
        self._alive(env["pcu.exchange.item"]._sweep, float("inf"))

    def change(self, key):
        remote.submissions[key]["observations"] += "x"
        remote._touch(key)

    def write(self, key, files):
        if self._open(key):
            remote.happen(key, "message", [("m.pdf", b"%PDF m")] * files, text="da")

    def withdraw(self, key):
        if self._open(key):
            remote.happen(key, "withdrawn", reason="nu mai doresc")

    def delete(self, key):
        if self._open(key):
            remote.happen(key, "deleted")
            remote.submissions[key]["state"] = "deleted"

    def spoil(self, key):
        """Other bytes come than announced, as many as announced."""
        for file in remote.submissions[key]["files"]:
            content = contents.setdefault(file["id"], remote.contents[file["id"]])
            remote.contents[file["id"]] = content[:-1] + b"!"

    def restore(self, key):
        for file in remote.submissions[key]["files"]:
            if file["id"] in contents:
                remote.contents[file["id"]] = contents[file["id"]]

    def fault(self, kind, calls, times):
        remote.fail(calls, times=times, **BREAKS[kind])

    def crash(self, points, only=None):
        """Die at a point of a look and of the work after it, and start again."""
        fuse.left, fuse.only = points, only
        try:
            self.list()
            self.work()
        except Death:
            TOKENS._tokens.clear()
            # What a server does at its start with what its dead one held.
            for model in (platform, env["pcu.exchange.item"]):
                model.search([]).write({"lease_until": False, "lease_owner": False})
        finally:
            fuse.left = None
        env.cr.commit()

    def overtake(self, calls):
        """Another worker takes over while one waits for the answer to a call."""
        rival.left = calls
        self.list()
        self.work()
        rival.left = None

    def time(self):
        """Let all waiting times pass, and the sweeps of every minute run."""
        past = fields.Datetime.now() - timedelta(seconds=1)
        if platform.retry_at:
            platform.retry_at = past
        for name in ("item", "effect", "event"):
            self._touched_rows(name).next_try_at = past
        env.cr.commit()
        env["pcu.register.entry"]._cron_number_waiting()
        self._alive(platform._probe)

    def sign_in(self):
        """The administrator corrects the secret."""
        platform.client_secret = fake.SECRET

    def retry(self, key):
        self._item(key).with_user(clerk).action_retry()

    def without_files(self, key):
        item = self._item(key)
        if item.state in (es.HELD, es.DOWNLOADING) and not item.request_id:
            item.with_user(clerk).action_register_without_files()

    def by_hand(self, key, mode, files):
        """A clerk brings a submission in, with copies of some of its files."""
        there = remote.submissions[key]
        copies = [
            (file["name"], contents.get(file["id"], remote.contents[file["id"]]))
            for file in there["files"][:files]
        ]
        values = {"platform_id": platform.id, "mode": mode}
        if mode == "zip":
            values["package"] = base64.b64encode(packed(there, copies))
        else:
            uploads = env["ir.attachment"].with_user(clerk)
            uploads = uploads.create([{"name": n, "raw": c} for n, c in copies])
            values |= {
                "number": there["number"], "applicant_name": "Ana Popescu",
                "attachment_ids": uploads.ids,
            }  # fmt: skip
        wizard = env["pcu.exchange.manual"].with_user(clerk).create(values)
        env.cr.commit()
        try:
            wizard.action_take()
        except UserError as refused:
            print(refused)

    def solve(self, key, act):
        item = self._item(key)
        if not item:
            return
        env["pcu.exchange.repair"].with_user(clerk).create(
            {
                "act": act, "item_ids": item.ids, "reason": "probă",
                "parked_until": fields.Date.today() + timedelta(days=3),
            }
        ).action_apply()  # fmt: skip

    def heal(self):
        """Everything works again; then all that can come to rest comes to rest."""
        remote.faults.clear()
        for key in touched:
            self.restore(key)
        self.sign_in()
        env.cr.commit()
        self._settle(8)
        for key in touched:
            if self._item(key).is_stuck:
                self.retry(key)
                env.cr.commit()  # it went on in transactions of its own
        found = self._settle(4)
        touched.clear()
        doubt.broken.clear()
        return found

    def _settle(self, rounds):
        """Let time pass until nothing is left to do; return what is."""
        for _round in range(rounds):
            self.time()
            self.list()
            self.work()
            if not (found := self._unfinished()):
                return []
        return found

    def mistake(self, name):
        """Put a mistake into the connector."""
        getattr(mistakes, name)(
            env, lambda *change: undo.enter_context(patch.object(*change, create=True))
        )

    def forget(self):
        """Take the mistake out again, and leave what it did alone."""
        undo.close()
        remote.faults.clear()
        for name in ("item", "effect", "event"):
            self._touched_rows(name).next_try_at = fields.Datetime.now() + timedelta(
                3650
            )
        touched.clear()
        doubt.broken.clear()
        doubt.references.clear()

    # -- helpers ----------------------------------------------------------------------

    def _alive(self, act, *arguments):
        env.cr.commit()
        act(*arguments)
        env.cr.commit()  # what it read here is old for whatever comes next
        env.invalidate_all()

    def _open(self, key):
        state = remote.submissions[key]["state"]
        return state not in ("withdrawn", "deleted", "refused")

    def _item(self, key):
        return rows_of([key])

    def _touched_rows(self, name):
        owner = "id" if name == "item" else "item_id"
        return env[f"pcu.exchange.{name}"].search([(owner, "in", rows_of(touched).ids)])

    def _unfinished(self):
        """Return what should have ended and has not."""
        found = []
        for key in touched:
            item = self._item(key)
            owed = item.effect_ids.filtered(lambda e: e.state in es.EFFECT_OPEN)
            acts = item.event_ids.filtered(lambda e: e.state in es.EVENT_OPEN)
            ended = item.state in (
                es.ACKED, es.CLOSED, es.REFUSED, es.WITHDRAWN, es.RETURNED,
            )  # fmt: skip
            gone = remote.submissions[key]["state"] == "deleted"
            if not item and not gone:
                found.append(f"N3: {key} is nowhere")
            elif item.request_id.is_open and (
                remote.submissions[key]["state"] == "withdrawn"
            ):
                found.append(f"N3: {key} was withdrawn, and is {item.request_id.state}")
            elif item and (not ended or owed or acts) and not item.is_stuck:
                found.append(
                    f"N7: {key} is {item.state} ({item.problem_code}), owes"
                    f" {owed.mapped('kind')}, {acts.mapped('kind')} not applied"
                )
            if not gone and not item.is_stuck:
                found += files_not_here(item)
        return found


def packed(description, files):
    """Return the package that a citizen downloads from the platform."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("submission.json", json.dumps(description))
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def rows_of(keys):
    """Return the inbox rows of submissions, also of those typed in and not met yet."""
    typed = [PROVISIONAL + remote.submissions[key]["number"] for key in keys]
    return env["pcu.exchange.item"].search([("remote_id", "in", [*keys, *typed])])


def key_of(item):
    """Return the platform's identifier of a row, whether we know it or not."""
    by_number = {
        remote.submissions[key]["number"]: key
        for key in touched
        if item.remote_id == PROVISIONAL + remote.submissions[key]["number"]
    }
    return by_number.get(item.remote_number, item.remote_id)


def files_not_here(item):
    """N3: each file of a request is on it, or its row says why not."""
    gone = env["pcu.journal"].search_count([
        ("model", "=", item._name), ("res_id", "=", item.id),
        ("action", "=", "exchange_files_gone"),
    ])  # fmt: skip
    if gone or not item.request_id:
        return
    ours = {file.remote_id: file for file in item.file_ids}
    for file in remote.submissions[key_of(item)]["files"]:
        here = ours.get(file["id"])
        if not here:
            yield f"N3: nobody knows of {file['name']} of {item.remote_id}"
        elif here.state == "pending":
            yield f"N3: {file['name']} of {item.remote_id} never comes"
        elif here.document_id and here.document_id.request_id != item.request_id:
            yield f"N3: {file['name']} of {item.remote_id} lies on no request"


def broken():
    """Return the guarantees that do not hold now, for what this story touched."""
    env.invalidate_all()
    found = list(doubt.broken)
    items = rows_of(touched)
    by_key = items.grouped(key_of)
    cursor = int(platform.submissions_cursor or 0)
    for key in touched:
        item, there = by_key.get(key, items.browse()), remote.submissions[key]
        if len(item) > 1:
            found.append(f"N1: {len(item)} rows for {key}")
        if not item and there["seq"] <= cursor:
            found.append(f"N5: the cursor passed {key}")
        found += _told(key, item[:1])
    for item in items:
        found += _sound(item)
    known = env["pcu.exchange.effect"].search([("item_id", "in", items.ids)])
    bodies = {e.client_reference: e.body for e in known}
    for reference, told in remote.effects.items():
        if told["submission_id"] in touched and bodies.get(reference) != told["body"]:
            found.append(f"N4: {reference} left without a row that says so")
    requests_ = env["pcu.request"].search(
        [("origin_key", "in", items.mapped("origin_key"))]
    )
    if len(requests_) != len(set(requests_.mapped("origin_key"))):
        found.append("N1: two requests for one submission")
    entries = requests_.entry_id
    if len(entries) != len(requests_):
        found.append("N1: a request without its own entry")
    return found


def _told(key, item):
    """N2: what the platform was told is true, and stays true."""
    number = item.request_id.entry_id.number
    if numbers.setdefault(key, number) != number:
        if numbers[key]:
            yield f"N1: {key} had number {numbers[key]} and has {number}"
        numbers[key] = number
    first = item.file_ids.filtered(lambda f: f.state == "pending")
    later = item.event_ids.filtered(lambda e: e.kind == "message")
    for told in remote.effects.values():
        if told["submission_id"] != key or told["effect"] not in fake_positive:
            continue
        if not number:
            yield f"N2: {told['effect']} of {key}, which has no number"
        elif told["body"].get("number", str(number)) != str(number):
            yield f"N2: {key} was told {told['body']['number']}, it has {number}"
        # Of what came by hand a person said that it is here.
        if first and not later and not item.manual:
            yield f"N2: {key} was acknowledged before its files were here"
    if item.request_id and any(t["permanent"] for t in remote.told(key, "refusal")):
        yield f"N1: {key} was refused and registered"


fake_positive = ("receipt", "registration")


def _sound(item):
    """N3, N4, N8: in sight, with its rows and its lines."""
    romanian = item.with_context(lang="ro_RO")
    if item.is_stuck and len(romanian.problem_summary or "") < 20:
        yield f"N3: {item.remote_id} needs a person and nobody says why"
    if item.request_id and item.state not in es.IN_REGISTER:
        yield f"N3: {item.remote_id} has its request, and its row is {item.state}"
    if item.state in es.STUCK and not item.is_stuck:
        yield f"N3: {item.remote_id} is {item.state} and not in the list"
    yield from _as_filed(item)
    if item.request_id:
        kinds = item.effect_ids.filtered(lambda e: e.version == 1).mapped("kind")
        if not {"receipt", "registration"} <= set(kinds):
            yield f"N4: {item.remote_id} is registered and owes {kinds}"
    acts = env["pcu.journal"].search(
        [("model", "=", item._name), ("res_id", "=", item.id)]
    )
    said = set(acts.mapped("action"))
    needs = {es.HELD: "exchange_stuck", es.DEAD: "exchange_stuck",
             es.WITHDRAWN: "exchange_withdrawn"}  # fmt: skip
    if item.state in needs and needs[item.state] not in said:
        yield f"N8: no line says why {item.remote_id} is {item.state}"
    sent = [row.data.get("ref") for row in acts if row.action == "exchange_sent"]
    for effect in item.effect_ids.filtered(lambda e: e.state == es.DONE):
        if effect.client_reference not in sent:
            yield f"N8: no line says that {effect.kind} was sent"


def _as_filed(item):
    """N1, N2, N4: filed once, kept as filed, the applicant told once."""
    announced = {
        f["id"]: f["sha256"] for f in remote.submissions[key_of(item)]["files"]
    }
    for file in item.file_ids.filtered("document_id"):
        if file.remote_id.startswith(BY_HAND):
            continue
        if file.document_id.sha256 != announced[file.remote_id]:
            yield f"N2: {item.remote_id} has other bytes than its citizen filed"
    if not item.request_id:
        return
    # Of what was typed in the platform tells the rest later.
    if not item.manual and filed.setdefault(item.id, item.payload) != item.payload:
        yield f"N1: what {item.remote_id} filed was overwritten"
    if item.state in es.INTAKE:
        yield f"N1: {item.remote_id} is registered and {item.state} again"
    told = item.request_id.notice_ids.filtered(lambda n: n.kind == "registered")
    if len(told) != 1:
        yield f"N4: the applicant of {item.remote_id} is told {len(told)} times"


world = World()
with socket.socket(socket.AF_UNIX) as line:
    line.connect(os.environ["PCU_SOCKET"])
    stream = line.makefile("rw", encoding="utf-8")
    for text in stream:
        rule, arguments = json.loads(text)
        result = getattr(world, rule)(**arguments)
        env.cr.commit()
        print(json.dumps([result, broken()]), file=stream, flush=True)
        env.cr.rollback()
