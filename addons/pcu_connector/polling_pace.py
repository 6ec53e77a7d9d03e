"""How soon to look again; pure, no ``env``.

Slower when nobody works, faster while something happens, and never faster when the
day's calls are being used up before the day.
"""

from __future__ import annotations

#: The shortest interval, in minutes.
SHORTEST = 1.0


def minutes(
    base: int,
    quiet: int,
    *,
    working: bool,
    busy: bool,
    used: float = 0.0,
    passed: float = 0.0,
) -> float:
    """Return the minutes until the next look.

    :param base: the interval that was set for working hours
    :param quiet: the interval for nights and free days
    :param working: the town hall is open
    :param busy: the platform called a moment ago, or something new came this hour
    :param used: the part of the day's calls that is used up
    :param passed: the part of the day that has passed

    >>> [minutes(6, 30, working=True, busy=busy) for busy in (False, True)]
    [6.0, 3.0]
    >>> minutes(6, 30, working=False, busy=False)
    30.0
    >>> minutes(6, 30, working=False, busy=True)
    6.0
    >>> minutes(6, 30, working=True, busy=True, used=0.6, passed=0.5)
    6.0
    """
    ahead = used > passed
    if not working:
        return float(base if busy and not ahead else max(base, quiet))
    return max(base / 2, SHORTEST) if busy and not ahead else float(base)
