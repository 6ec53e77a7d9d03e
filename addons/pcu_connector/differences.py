"""Differences between the platform and us in plain words, with their repair.

Lines store a code and a detail, never a sentence, so that every reader gets the text in
the reader's own language.
"""

from __future__ import annotations

from . import reconciling as rec


def describe(env, kind: str, detail: str | bool) -> str:
    """Say what does not fit and what is done about it."""
    return _texts(env)[kind] % {"detail": detail or "–"}


def _texts(env) -> dict[str, str]:
    _ = env._
    return {
        rec.MISSING_HERE: _(
            "It stands on the platform and was not here. It was entered in the list "
            "and takes the ordinary way to the register."
        ),
        rec.NOT_REGISTERED_THERE: _(
            "It has the number %(detail)s here, but the platform shows it without "
            "one. The platform was asked what it recorded under our reference; what "
            "it lacks is sent again, with the same reference."
        ),
        rec.NOT_DECIDED_THERE: _(
            "It is decided here (%(detail)s), but the platform shows it as open. The "
            "platform was asked what it recorded under our reference; what it lacks "
            "is sent again, with the same reference."
        ),
        rec.NOT_RECORDED: _(
            "The platform has no record of an answer that we sent (%(detail)s). It is "
            "sent again, with the same reference."
        ),
        rec.OTHER_NUMBER: _(
            "The platform recorded another number than ours: %(detail)s. Ask the "
            "platform's support to correct it."
        ),
        rec.FEWER_DOCUMENTS: _(
            "The platform recorded the decision without all our documents: "
            "%(detail)s. Ask the platform's support to add them."
        ),
        rec.WITHDRAWN_THERE: _(
            "The applicant withdrew it on the platform, and it is still open here. It "
            "was read again; if it stays open, end the request by hand."
        ),
        rec.ACT_MISSING: _(
            "The applicant did something on the platform that was not here "
            "(%(detail)s). It was entered and applied."
        ),
        rec.GONE_THERE: _(
            "It no longer exists on the platform. What stands in our register stays."
        ),
        rec.LATE_HERE: _(
            "It has been here for a while and is not in the register yet. It was "
            "tried again."
        ),
        rec.NO_NUMBER: _(
            "The request stands in the register without a number. Tell the "
            "administrator if it has none soon."
        ),
        rec.NEEDS_PERSON: _(
            "It waits for a person: %(detail)s Open the submission to solve it."
        ),
        rec.ANSWER_LATE: _(
            "An answer has been waiting for a while (%(detail)s). It was tried again."
        ),
        rec.NEVER_LISTED: _(
            "It was brought by hand, and the platform lists no submission of this "
            "number, so our number can't be told to it. Compare %(detail)s with the "
            "applicant's proof. If it was mistyped, the right one comes in by itself: "
            "end the request that was registered by hand."
        ),
    }
