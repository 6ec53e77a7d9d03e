"""How many calls a client may make: fixed windows, counted in memory."""

import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    limit: int
    remaining: int
    reset: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class RateLimit:
    def __init__(self, limit: int, window_seconds: int) -> None:
        self.limit = limit
        self.window = window_seconds
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._started = time.monotonic()

    def take(self, key: str) -> Allowance:
        """Count one call of this key and tell what is left in the window."""
        with self._lock:
            age = time.monotonic() - self._started
            if age >= self.window:
                self._counts.clear()
                self._started, age = time.monotonic(), 0.0
            used = self._counts[key] = self._counts.get(key, 0) + 1
        return Allowance(
            limit=self.limit,
            remaining=max(0, self.limit - used),
            reset=max(1, round(self.window - age)),
            allowed=used <= self.limit,
        )
