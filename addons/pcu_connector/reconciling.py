"""Comparing both sides of the exchange; pure, no ``env``.

The platform says in which state it shows a submission, we say how far it is here. What
does not fit is a difference with a name; ``differences`` puts it into words and the
reconciliation repairs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Differences, by what is wrong.
MISSING_HERE = "missing_here"
NOT_REGISTERED_THERE = "not_registered_there"
NOT_DECIDED_THERE = "not_decided_there"
NOT_RECORDED = "not_recorded"
OTHER_NUMBER = "other_number"
FEWER_DOCUMENTS = "fewer_documents"
WITHDRAWN_THERE = "withdrawn_there"
ACT_MISSING = "act_missing"
GONE_THERE = "gone_there"
LATE_HERE = "late_here"
NO_NUMBER = "no_number"
NEEDS_PERSON = "needs_person"
ANSWER_LATE = "answer_late"
NEVER_LISTED = "never_listed"

#: States in which the platform does not know our number yet.
BEFORE_REGISTRATION = ("submitted", "taken_over")
#: States in which the platform shows an end.
ENDED = ("resolved", "refused", "withdrawn", "closed", "deleted")
#: How long taking over, numbering and answering may last before it is a difference.
PATIENCE = timedelta(hours=1)
#: How long after it was brought by hand the platform must list a submission.
LISTED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Here:
    """How far a submission is in our house."""

    in_register: bool = False
    has_number: bool = False
    ended: bool = False
    withdrawn: bool = False
    stuck: bool = False
    sent_back: bool = False
    told_registration: bool = False
    told_decision: bool = False
    answer_waits: bool = False
    age: timedelta = timedelta()


def compare(there: str, here: Here) -> list[str]:
    """Name what does not fit between the platform's state and ours.

    >>> done = Here(in_register=True, has_number=True, told_registration=True)
    >>> compare("registered", done), compare("submitted", done)
    ([], ['not_registered_there'])
    >>> compare("withdrawn", done)
    ['withdrawn_there']
    >>> compare("submitted", Here(age=timedelta(hours=3)))
    ['late_here']
    >>> compare("submitted", Here(stuck=True, age=timedelta(hours=3)))
    ['needs_person']
    >>> compare("submitted", Here(sent_back=True, age=timedelta(days=3)))
    []
    >>> compare("withdrawn", Here(sent_back=True))
    ['withdrawn_there']
    """
    if here.stuck:
        return [NEEDS_PERSON]
    if there == "withdrawn" and not (here.withdrawn or here.ended):
        return [WITHDRAWN_THERE]
    if not here.in_register:
        waited_for = here.ended or here.sent_back
        return [LATE_HERE] if here.age > PATIENCE and not waited_for else []
    found = []
    if not here.has_number:
        return [NO_NUMBER] if here.age > PATIENCE else []
    if here.told_registration and there in BEFORE_REGISTRATION:
        found.append(NOT_REGISTERED_THERE)
    if here.told_decision and there not in ENDED:
        found.append(NOT_DECIDED_THERE)
    if here.answer_waits:
        found.append(ANSWER_LATE)
    return found


def compare_recorded(ours: dict, theirs: dict) -> list[str]:
    """Name what the platform recorded otherwise than we said it.

    >>> compare_recorded({"number": "7", "uploads": ["a"]}, {"number": "7"})
    ['fewer_documents']
    >>> compare_recorded({"number": "7"}, {"number": "8"})
    ['other_number']
    """
    found = []
    number = theirs.get("number")
    if ours.get("number") and number and str(number) != str(ours["number"]):
        found.append(OTHER_NUMBER)
    uploads = theirs.get("uploads")
    there = set(map(str, uploads)) if isinstance(uploads, list) else set()
    if set(map(str, ours.get("uploads") or [])) - there:
        found.append(FEWER_DOCUMENTS)
    return found


def is_fresh(updated_at: datetime | None, began: datetime) -> bool:
    """Tell whether a row is so new that the next regular look brings it anyway.

    >>> is_fresh(datetime(2026, 1, 1, 2, 55), datetime(2026, 1, 1, 3, 0))
    True
    >>> is_fresh(None, datetime(2026, 1, 1, 3, 0))
    False
    """
    return bool(updated_at) and updated_at > began - timedelta(minutes=10)
