"""When a notice to the citizen is tried again, as a pure function.

Mail servers fail in two ways: for seconds (a restart, a greylist) and for hours (a dead
line). The ladder is dense at first and then hourly; after two days a person is told.
"""

from datetime import datetime, timedelta

#: Waiting time after the first, second, ... failed attempt, in seconds.
STEPS = (10, 30, 60, 300, 600, 1800)

#: Waiting time once the steps are used up.
HOURLY = 3600

#: After this long since the first attempt nobody hopes any more.
PATIENCE = timedelta(hours=48)


def next_try(attempts: int, first: datetime, now: datetime) -> datetime | None:
    """Return when to try again after ``attempts`` failures, or None to give up.

    >>> t = datetime(2026, 3, 12, 10, 0)
    >>> (next_try(1, t, t) - t).seconds
    10
    >>> (next_try(7, t, t) - t).seconds
    3600
    >>> next_try(60, t, t + timedelta(hours=48)) is None
    True
    """
    delay = STEPS[attempts - 1] if 0 < attempts <= len(STEPS) else HOURLY
    moment = now + timedelta(seconds=delay)
    return moment if moment - first <= PATIENCE else None
