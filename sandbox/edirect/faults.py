"""Faults on request: what a real platform does to its clients on a bad day.

All are off unless asked for. Chance comes from one seeded generator, so a run with
the same seed and the same calls fails in the same places.
"""

import random
import re
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class FaultSettings:
    """Rates are between 0 and 1; a zero switches the fault off."""

    seed: int = 1
    only: str = ""  # regular expression on "METHOD /path"; empty means every call
    times: int = 0  # how many faults at most; 0 means without end
    latency_seconds: float = 0.0
    error_rate: float = 0.0  # refused before anything is done
    error_status: int = 503
    after_rate: float = 0.0  # done, and then answered with `after_status`
    after_status: int = 502
    throttle_rate: float = 0.0  # 429
    throttle_seconds: int = 1
    expired_token_rate: float = 0.0  # 401 though the token is good
    cut_rate: float = 0.0  # the answer breaks off
    cut_after_bytes: int = 1000
    cut_request_rate: float = 0.0  # the connection breaks while we send
    truncate_rate: float = 0.0  # 200 with half of the body
    wrong_bytes_rate: float = 0.0  # a file whose bytes do not match its hash
    duplicate_rate: float = 0.0  # each row of a list once more
    unknown_fields: bool = False  # fields that no description knows


class FaultError(ValueError):
    """The settings asked for make no sense."""


class Faults:
    def __init__(self, settings: FaultSettings | None = None) -> None:
        self._lock = threading.Lock()
        self.configure(settings or FaultSettings())

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Faults":
        return cls(_checked(values))

    def configure(self, settings: FaultSettings) -> None:
        with self._lock:
            self.settings = settings
            self._random = random.Random(settings.seed)  # noqa: S311 -- chance
            self._left = settings.times or -1

    def replace(self, values: dict[str, Any]) -> dict[str, Any]:
        """Set these faults and switch all others off."""
        self.configure(_checked(values))
        return asdict(self.settings)

    def hits(self, name: str, call: str) -> bool:
        """Tell whether this call meets the fault; a hit counts against `times`."""
        rate = getattr(self.settings, name)
        if not rate:
            return False
        with self._lock:
            if self._left == 0 or not re.search(self.settings.only, call):
                return False
            if self._random.random() >= rate:
                return False
            self._left -= 1
            return True

    def latency(self, call: str) -> float:
        seconds = self.settings.latency_seconds
        return seconds if seconds and re.search(self.settings.only, call) else 0.0


def _checked(values: dict[str, Any]) -> FaultSettings:
    if not isinstance(values, dict):
        message = "Faults are an object of settings."
        raise FaultError(message)
    kinds = {item.name: type(item.default) for item in fields(FaultSettings)}
    result = {}
    for name, value in values.items():
        kind = kinds.get(name)
        if kind is None:
            message = f"There is no fault called {name}."
            raise FaultError(message)
        if kind is float and isinstance(value, int):
            value = float(value)
        if type(value) is not kind:
            message = f"{name} must be a {kind.__name__}."
            raise FaultError(message)
        result[name] = value
    try:
        re.compile(result.get("only", ""))
    except re.error as error:
        message = f"only: {error}"
        raise FaultError(message) from error
    return FaultSettings(**result)
