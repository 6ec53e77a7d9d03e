"""Faults that a connector may have, put into the running one for a test of the tests.

Loaded by ``exchange_driver.py`` inside Odoo. Each is a single plausible mistake, made
by ``put(owner, name, function)``, which can be undone; nothing shipped knows of them.
``test_exchange_states.py`` shows that every one is found.
"""

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
