"""The signature of a wake-up call: HMAC-SHA256 over time stamp and body."""

from __future__ import annotations

import hashlib
import hmac

MAX_AGE = 300


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Make the value of ``X-PCU-Signature``."""
    message = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def verify(
    secret: str, timestamp: str, signature: str, body: bytes, *, now: float
) -> bool:
    """Check the signature in constant time; a stale or future stamp is refused.

    >>> good = sign("s", "1000", b"{}")
    >>> verify("s", "1000", good, b"{}", now=1300)
    True
    >>> verify("s", "1000", good, b"{}", now=1301)
    False
    """
    if not secret:
        return False
    expected = sign(secret, timestamp or "", body)
    same = hmac.compare_digest(expected.encode(), (signature or "").encode())
    try:
        age = abs(now - int(timestamp))
    except (TypeError, ValueError):
        return False
    return same and age <= MAX_AGE
