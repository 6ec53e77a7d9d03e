"""Faults that a connector may have, put into the running one for a test of the tests.

Loaded by ``exchange_driver.py`` inside Odoo. Each is a single plausible mistake, made
by ``put(owner, name, function)``, which can be undone; nothing shipped knows of them.
``test_exchange_states.py`` and ``test_both_books.py`` show that every one is found.
"""

import hashlib
from dataclasses import replace

from odoo.addons.pcu_connector import exchange_states as es


def no_lease_check(env, put):
    """Who lost the lease stores its result all the same."""
    for model in ("pcu.exchange.item", "pcu.platform"):
        lease = type(env[model])
        for name in ("_fence", "_extend_lease"):
            put(lease, name, lambda self, _token: self._lock_row())


def told_before_commit(env, put):
    """The platform hears "we have it" inside the transaction that registers."""
    item = type(env["pcu.exchange.item"])
    real = item._file_request

    def file_request(self, token):
        real(self, token)
        receipt = self.effect_ids.filtered(
            lambda e: e.kind == "receipt" and e.state == es.WAITING
        )
        if receipt:
            receipt._freeze()
            adapter = self.platform_id._make_adapter()
            adapter.send(self.remote_id, "receipt", receipt.body)
            adapter.close()

    put(item, "_file_request", file_request)


def cursor_before_rows(env, put):
    """The cursor is committed first, and the rows of the page after it."""
    platform = type(env["pcu.platform"])
    real = platform._store_page

    def move_on(self, feed, cursor):
        self[f"{feed}_cursor"] = cursor

    def store_page(self, look, feed, page):
        if page.next_cursor:
            self._transact("_move_on", feed, page.next_cursor)
        return real(self, look, feed, page)

    put(platform, "_move_on", move_on)
    put(platform, "_store_page", store_page)


def withdrawal_ignored(env, put):
    """A withdrawal is noted as applied, and the request goes on."""
    event = type(env["pcu.exchange.event"])
    put(event, "_apply_withdrawn", lambda _self, _request, _documents: None)


def delivery_not_looked_at(env, put):
    """What was brought by hand is met, and the platform's files stay there."""
    event = type(env["pcu.exchange.event"])
    put(event, "_add_delivery", lambda self, _item: self)


def number_not_looked_for(env, put):
    """A number is typed in, and nobody asks whether it has come already."""
    item = type(env["pcu.exchange.item"])
    put(item, "_find_by_hand", lambda self, _platform, _submission: self.browse())


def mail_twice(env, put):
    """The applicant is promised the same e-mail twice."""
    notice = type(env["pcu.notice"])
    real = notice._owe

    def owe(self, request, kind, *args, **options):
        real(self, request, kind, *args, **options)
        return real(self, request, kind, *args, **options)

    put(notice, "_owe", owe)


def newer_over_older(env, put):
    """What was filed and registered is overwritten by what is there later."""
    item = type(env["pcu.exchange.item"])
    real = item._store_refreshed

    def store_refreshed(self, step, submission):
        real(self, step, submission)
        if submission:
            self.payload = submission.raw

    put(item, "_store_refreshed", store_refreshed)


def unknown_is_failure(env, put):
    """What was sent without an answer counts as not sent."""
    item = type(env["pcu.exchange.item"])
    real = item._store_fault

    def store_fault(self, token, step, fault):
        real(self, token, step, fault)
        self.effect_ids.filtered(lambda e: e.state == es.UNKNOWN).state = es.WAITING

    put(item, "_store_fault", store_fault)


def announced_hash_lost(env, put):
    """The hash that the platform announces for a file is not kept."""
    file = type(env["pcu.exchange.file"])
    real = file._prepare_remote_values

    def prepare_remote_values(self, item, remote):
        return real(self, item, remote) | {"sha256": ""}

    put(file, "_prepare_remote_values", prepare_remote_values)


# Mistakes in what the two sides' books say, for ``test_both_books.py``.


def number_said_and_never_sent(env, put):
    """The number counts as told, and the call was left out."""
    item = type(env["pcu.exchange.item"])
    real = item._step_send

    def step_send(self, token, step, adapter):
        if step.data["letter"].kind == "registration":
            return self._transact(
                "_store", token, "_finish_effects",
                (*step.done, (step.data["letter"].effect_id, {})),
            )  # fmt: skip
        return real(self, token, step, adapter)

    put(item, "_step_send", step_send)


def recorded_gives_way(env, put):
    """The newest progress replaces what the platform has recorded as well."""
    effect = type(env["pcu.exchange.effect"])
    put(effect, "_give_way", lambda self, state: self.write({"state": state}))


def other_document_pushed(env, put):
    """Another copy of the final document is announced and pushed, whole and sound."""
    item = type(env["pcu.exchange.item"])
    real = item._make_upload_step

    def make_upload_step(self, effect, document):
        step = real(self, effect, document)
        content = step.data["file"].path.read_bytes() + b"% stamped\n"
        digest = hashlib.sha256(content).hexdigest()
        copy = step.data["file"].path.with_name(digest)
        copy.write_bytes(content)
        pushed = replace(step.data["file"], path=copy, size=len(content), sha256=digest)
        return replace(step, data=step.data | {"file": pushed})

    put(item, "_make_upload_step", make_upload_step)


def refused_here_only(env, put):
    """A clerk refuses, and nobody owes the citizen a word."""
    effect = type(env["pcu.exchange.effect"])
    put(effect, "_owe_refusal", lambda _self, *_words: None)


def withdrawn_here_only(env, put):
    """A request ends here at the counter, and goes on over there."""
    effect = type(env["pcu.exchange.effect"])
    real = effect._owe_state

    def owe_state(self, item, state, reason):
        return state != "withdrawn" and real(self, item, state, reason)

    put(effect, "_owe_state", owe_state)


def last_file_forgotten(env, put):
    """Of several files all but the last one are taken over."""
    file = type(env["pcu.exchange.file"])
    real = file._store_remote

    def store_remote(self, item, files):
        return real(self, item, files[:-1] or files)

    put(file, "_store_remote", store_remote)
