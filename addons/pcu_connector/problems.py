"""Problems in plain words: what happened, and what to do.

Rows store a code and a detail, never a sentence, so that every reader gets the text in
the reader's own language.
"""

from __future__ import annotations

#: Kinds of :class:`.adapters.base.ExchangeError` count against the whole platform.
PLATFORM_FAULTS = ("not_sent", "inner_address", "server", "unknown")
#: Faults that say nothing of the platform when one submission meets them, but leave us
#: blind when the list does.
LIST_FAULTS = ("bad_answer", "permanent", "gone")


def describe(env, code: str | bool, detail: str | bool) -> str | bool:
    """Put a problem into words for whoever reads it."""
    if not code:
        return False
    text = _texts(env).get(code) or _texts(env)["permanent"]
    return text % {"detail": detail or "–"}


def _texts(env) -> dict[str, str]:
    _ = env._
    return {
        "not_sent": _(
            "The platform can't be reached. Nothing is lost; the connector tries "
            "again by itself."
        ),
        "inner_address": _(
            "The platform's address leads into our own network (%(detail)s), so "
            "nothing was sent. Ask the administrator to check the address."
        ),
        "server": _(
            "The platform has a fault of its own (%(detail)s). Nothing is lost; the "
            "connector tries again by itself."
        ),
        "throttled": _(
            "The platform asks us to slow down. The connector goes on by itself."
        ),
        "scan_pending": _(
            "The platform still checks the file for viruses. The connector waits and "
            "goes on by itself."
        ),
        "scanner_down": _(
            "The virus scanner does not answer (%(detail)s), so the files wait. Ask "
            "the administrator to start it; the connector goes on by itself."
        ),
        "budget": _(
            "The calls that the platform allows us are used up for now. What we owe "
            "it goes first; the connector goes on by itself."
        ),
        "unknown": _(
            "The message left, but the platform's answer got lost. The connector asks "
            "the platform what it recorded before anything is sent again."
        ),
        "auth": _(
            "The platform refuses our sign-in (%(detail)s). Ask the administrator to "
            "check the client id, the secret and the institution's identifier."
        ),
        "forbidden": _(
            "The platform refuses just this (%(detail)s), though our sign-in works. "
            "Ask the administrator whether a firewall before the platform stops it, "
            "then press “Try again”; or register without the files."
        ),
        "permanent": _(
            "The platform refused this: %(detail)s. Correct the cause, then press "
            "“Try again”."
        ),
        "gone": _("The submission no longer exists on the platform."),
        "hash_mismatch": _(
            "The file “%(detail)s” arrived twice with other content than announced. "
            "Try again later, send the submission back to be repaired, or register "
            "without the file."
        ),
        "too_large": _(
            "The file “%(detail)s” is larger than the limit set here. Raise the limit "
            "on the platform, or register without the file."
        ),
        "foreign_host": _(
            "The platform sends us to “%(detail)s” for a file, and files from there "
            "are not fetched. If it is the platform's own, ask the administrator to "
            "name it on the platform, then press “Try again”."
        ),
        "disk": _(
            "The server's disk is full. Ask the administrator to free space; the "
            "connector goes on by itself."
        ),
        "refused": _(
            "The submission could not be registered: %(detail)s Correct this, then "
            "press “Try again”."
        ),
        "two_numbers": _(
            "The same submission is registered twice: here, and under %(detail)s as "
            "the platform delivered it. The platform hears of that one only. Close the "
            "request here as filed twice, naming the other number, then press “Try "
            "again”."
        ),
        "look_fault": _(
            "Something unexpected happened while the list was read. Nothing is lost, "
            "and it is tried again by itself; if it stays, give the administrator this "
            "trace: %(detail)s."
        ),
        "broken_rows": _(
            "Rows of the list could not be read or stored; all others came in. The "
            "messages of the platform's record name those that have a name."
        ),
        "bug": _(
            "Something unexpected happened. Press “Try again”; if it comes back, give "
            "the administrator this trace: %(detail)s."
        ),
        "bad_answer": _(
            "The platform's answer can't be understood (%(detail)s). Tell the "
            "administrator: the platform may have changed."
        ),
    }
