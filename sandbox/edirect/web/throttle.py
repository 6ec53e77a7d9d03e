"""Slows down whoever guesses: counts failures per name and per address, in memory."""

import threading
import time

WINDOW_SECONDS = 15 * 60
PER_NAME, PER_ADDRESS = 5, 60


class Throttle:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: dict[str, list[float]] = {}

    def blocked(self, key: str, limit: int) -> bool:
        with self._lock:
            return len(self._recent(key)) >= limit

    def note(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._failures[key] = [*self._recent(key), time.monotonic()]
            if len(self._failures) > 10000:
                kept = {k: self._recent(k) for k in self._failures}
                self._failures = {k: v for k, v in kept.items() if v}

    def forget(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str) -> list[float]:
        since = time.monotonic() - WINDOW_SECONDS
        return [moment for moment in self._failures.get(key, ()) if moment > since]
