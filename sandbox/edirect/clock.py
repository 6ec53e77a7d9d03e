"""Time as the platform writes it: UTC, RFC 3339, always with six decimals.

The fixed width makes text order equal time order, which the list's cursor needs.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BUCHAREST = ZoneInfo("Europe/Bucharest")


_skew = timedelta()


def now() -> datetime:
    return datetime.now(UTC) + _skew


def skew(minutes: float) -> None:
    """Let the platform's clock go wrong: ahead, or behind with a minus."""
    global _skew  # noqa: PLW0603 -- there is one clock
    _skew = timedelta(minutes=minutes)


def to_text(moment: datetime) -> str:
    """Write a moment as fixed-width UTC text.

    >>> to_text(datetime(2026, 3, 1, 8, tzinfo=UTC))
    '2026-03-01T08:00:00.000000+00:00'
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def now_text() -> str:
    return to_text(now())


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local(text: str) -> datetime:
    """Return the moment as a citizen's wall clock shows it."""
    return from_text(text).astimezone(BUCHAREST)
