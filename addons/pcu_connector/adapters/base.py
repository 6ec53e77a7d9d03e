"""What every adapter promises, and the ways a call can end.

The exception says what the caller may do next, not what the network did:

* :class:`NotSent`         the platform did not get the call, repeat freely
* :class:`InnerAddress`    not sent either: the address leads into our own network
* :class:`ServerFault`     the platform failed, or a read broke off: repeat later
* :class:`Throttled`       repeat after ``retry_after``; costs no attempt
* :class:`ScanPending`     the platform still checks the file; costs no attempt
* :class:`BudgetSpent`     we have asked often enough; nothing was sent
* :class:`OutcomeUnknown`  a write was sent, no answer came: look it up first
* :class:`AuthFault`       stop everything for this platform, a person must look
* :class:`BadAnswer`       the answer is in no words we know: a few tries, then a person
* :class:`Permanent`       repeating the same will fail the same way
* :class:`Gone`            the thing was withdrawn or deleted on the platform
"""

# ruff: noqa: N818 -- the names say what the caller may do next
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from .payloads import EventPage, RemoteFile, Submission, SubmissionPage


class ExchangeError(Exception):
    """A call to the platform that did not give its result."""

    kind: ClassVar[str] = "bug"

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class NotSent(ExchangeError):
    """The call never reached the platform (name, connection or TLS failed)."""

    kind = "not_sent"


class InnerAddress(NotSent):
    """The platform's name led into our own network; the line was closed at once."""

    kind = "inner_address"


class ServerFault(ExchangeError):
    """The platform answered with a fault of its own, or a read was cut off."""

    kind = "server"


class Throttled(ExchangeError):
    """Too many calls; ``retry_after`` says how many seconds to wait."""

    kind = "throttled"


class ScanPending(Throttled):
    """The file waits for the platform's virus scan."""

    kind = "scan_pending"


class BudgetSpent(Throttled):
    """Our own budget of calls to this platform is used up for now."""

    kind = "budget"


class OutcomeUnknown(ExchangeError):
    """A write left the house and no answer came back."""

    kind = "unknown"


class AuthFault(ExchangeError):
    """The platform refuses our identity or our right to this institution."""

    kind = "auth"


class BadAnswer(ExchangeError):
    """The answer is not what the interface describes: a page, half a text, a riddle."""

    kind = "bad_answer"


class Permanent(ExchangeError):
    """The platform refuses the content; ``code`` is its word for why."""

    kind = "permanent"

    def __init__(
        self, code: str, detail: str = "", *, body: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.body = body or {}

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class HashMismatch(Permanent):
    """All bytes came, and they are not the bytes that were announced."""


class Gone(Permanent):
    """The submission or the file no longer exists on the platform."""

    kind = "gone"


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do; the core picks its strategy from it."""

    cursor: bool = False
    """Everything can be listed again; without it only what has no receipt yet."""
    effects: frozenset[str] = frozenset()
    """The kinds of answers it takes; others reach the citizen by e-mail only."""
    lookup: bool = False
    repeatable: bool = False
    """The same answer sent twice changes nothing, even without a reference."""
    resume_download: bool = False
    resume_upload: bool = False
    file_hash: bool = False
    events: bool = False
    wakeup: bool = False
    catalogue: bool = False
    repairs: bool = False
    """What was sent back can be repaired by who filed it, and is listed again."""


@dataclass(frozen=True)
class Downloaded:
    """A file that is complete on disk and is what was announced."""

    size: int
    sha256: str
    received: int


@dataclass(frozen=True)
class FileOut:
    """A document of ours, as it lies in the filestore and is announced."""

    path: Path
    client_reference: str
    name: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Recorded:
    """What the platform holds under a reference of ours."""

    submission_id: str
    effect: str
    at: str
    body: dict[str, Any]


class Adapter(ABC):
    """One institution's way to one platform; keeps no state but its connection."""

    code: ClassVar[str]
    label: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    @abstractmethod
    def health(self) -> dict[str, Any]: ...

    @abstractmethod
    def check_access(self) -> None:
        """Sign in and prove the right to the institution, reading nothing else."""

    @abstractmethod
    def list_submissions(self, cursor: str, limit: int) -> SubmissionPage: ...

    def list_events(self, cursor: str, limit: int) -> EventPage:
        """Return what citizens did after filing; nothing without ``events``."""
        return EventPage(next_cursor="", has_more=False)

    def list_procedures(self) -> list[dict[str, Any]]:
        """Return the catalogue; nothing without ``catalogue``."""
        return []

    @abstractmethod
    def get_submission(self, submission_id: str) -> Submission: ...

    @abstractmethod
    def download(
        self,
        submission_id: str,
        remote: RemoteFile,
        path: Path,
        *,
        heartbeat: Callable[[], None] | None = None,
    ) -> Downloaded:
        """Bring the file to ``path``, going on from what is already there."""

    @abstractmethod
    def send(self, submission_id: str, kind: str, body: dict[str, Any]) -> dict:
        """Send one effect; ``body`` holds its ``client_reference``."""

    def upload(
        self,
        submission_id: str,
        file: FileOut,
        *,
        heartbeat: Callable[[], None] | None = None,
    ) -> str:
        """Bring a file of ours for a submission to the platform; return its id."""
        raise NotImplementedError

    def lookup(
        self, submission_id: str, kind: str, body: dict[str, Any]
    ) -> Recorded | None:
        """Return what the platform recorded of an effect, or None.

        :param body: as it was sent, with its ``client_reference``
        """
        raise NotImplementedError
