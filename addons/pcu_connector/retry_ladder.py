"""What follows from a fault: pure arithmetic, by the kind of fault.

The waiting times are those of the notices to citizens (10 s, 30 s, 1, 5, 10, 30 min,
then hourly, for two days), with a jitter of a fifth so that rows that failed together
do not come back together.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from odoo.addons.pcu_requests.retry_ladder import HOURLY, PATIENCE, STEPS

#: Tries before an unexpected exception is left to a person.
MAX_BUG_TRIES = 3
#: Tries before an answer that nobody understands, or the refusal of a single call, is
#: left to a person: some minutes.
MAX_ODD_TRIES = 5
#: Faults in a row after which the whole platform is left alone for a while.
BREAKER_THRESHOLD = 3


@dataclass(frozen=True)
class Verdict:
    """``wait`` so many seconds, ``held`` or ``dead`` for a person, ``stop`` all."""

    state: str
    seconds: float = 0.0
    counts: bool = True


def delay(attempt: int, jitter: float = 0.2) -> float:
    """Seconds before the try that follows the ``attempt``-th failure.

    >>> [int(delay(n, jitter=0)) for n in (1, 2, 3, 6, 7, 50)]
    [10, 30, 60, 1800, 3600, 3600]
    """
    base = STEPS[max(attempt, 1) - 1] if attempt <= len(STEPS) else HOURLY
    return base * (1.0 + random.uniform(-jitter, jitter))  # noqa: S311


def judge(kind: str, attempt: int, age: float, retry_after: float | None) -> Verdict:
    """Decide what a fault of this kind means for the row that met it.

    :param kind: ``ExchangeError.kind``, ``forbidden``, ``disk``, ``refused`` or ``bug``
    :param attempt: how many tries failed, this one included
    :param age: seconds since the first failure

    >>> judge("permanent", 1, 0, None).state, judge("auth", 1, 0, None).state
    ('held', 'stop')
    >>> judge("bad_answer", 4, 0, None).state, judge("bad_answer", 5, 0, None).state
    ('wait', 'held')
    >>> judge("throttled", 9, 0, 25).seconds
    25
    """
    if kind == "auth":
        return Verdict("stop", counts=False)
    if kind in ("throttled", "scan_pending", "scanner_down", "budget"):
        return Verdict("wait", retry_after or 10.0, counts=False)
    if kind in ("not_sent", "inner_address"):
        # The platform's breaker counts these; the row is not to blame.
        return Verdict("wait", delay(1), counts=False)
    if kind == "disk":
        return Verdict("wait", 300.0, counts=False)
    if kind in ("permanent", "gone", "refused"):
        return Verdict("held")
    if kind in ("bad_answer", "forbidden") and attempt >= MAX_ODD_TRIES:
        return Verdict("held")
    if kind == "bug" and attempt >= MAX_BUG_TRIES:
        return Verdict("dead")
    if age >= PATIENCE.total_seconds():
        return Verdict("dead")
    return Verdict("wait", max(delay(attempt), retry_after or 0.0))
