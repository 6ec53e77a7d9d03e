"""The bytes of one file on disk, growing until they are the announced ones."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import requests

from .base import Downloaded, HashMismatch, Permanent, ServerFault
from .payloads import RemoteFile

CHUNK = 1024 * 1024
#: Seconds between two heartbeats while bytes flow.
HEARTBEAT = 20.0
#: Bytes per second below which nothing flows: the worker has others to serve.
TRICKLE = 512


class PartialFile:
    """A download that can be cut at any byte and go on from there."""

    def __init__(
        self,
        path: Path,
        remote: RemoteFile,
        max_size: int | None,
        heartbeat: Callable[[], None] | None,
        etag: str = "",
        md5: str = "",
    ) -> None:
        """Take up what lies at the path.

        :param etag: what the platform names these bytes by, as far as it is known
        :param md5: announced, in base64: what is here proves itself in the end, so it
            goes on without a name
        """
        self.path = path
        self.remote = remote
        self.received = 0
        self.etag = etag
        self._limit = remote.size if remote.size is not None else max_size
        if max_size is not None and self._limit and self._limit > max_size:
            raise Permanent("too_large", str(remote.size))
        self._heartbeat = heartbeat
        self._last_beat, self._counted = time.monotonic(), 0
        self._announced = md5
        self._forget()
        self._handle = None
        self._expected = remote.size
        self._load()

    def _forget(self) -> None:
        self._digest, self._size = hashlib.sha256(), 0
        self._md5 = hashlib.md5(usedforsecurity=False) if self._announced else None

    def _count(self, piece: bytes) -> None:
        self._size += len(piece)
        self._digest.update(piece)
        if self._md5:
            self._md5.update(piece)

    def _load(self) -> None:
        if not self.path.exists():
            return
        if self._limit is not None and self.path.stat().st_size > self._limit:
            self.path.unlink()
            return
        with self.path.open("rb") as source:
            while piece := source.read(CHUNK):
                self._count(piece)

    @property
    def complete(self) -> bool:
        """Everything is here already; for an empty file the platform is asked once."""
        return bool(self._size) and self._size == self.remote.size

    @property
    def short(self) -> bool:
        return self._expected is not None and self._size < self._expected

    def headers(self) -> dict[str, str]:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if self._size and self.etag:
            headers["Range"] = f"bytes={self._size}-"
            headers["If-Range"] = f'"{self.etag}"'
        elif self._size and self._announced:
            headers["Range"] = f"bytes={self._size}-"
        elif self._size:
            self.restart()
        return headers

    def restart(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)
        self._forget()

    def begin(self, answer: requests.Response) -> None:
        """Go on where the part ends, or from the start when the platform says so."""
        if answer.status_code != 206 or not self._goes_on(answer):
            if answer.status_code == 206:
                answer.close()
                self.restart()
                raise ServerFault("the platform sent another range")
            self.restart()
        if not self.etag:
            self.etag = answer.headers.get("ETag", "").strip('W/"').lower()
        if self._expected is None:
            length = answer.headers.get("Content-Length", "")
            self._expected = self._size + int(length) if length.isdigit() else None
        self._open()

    def _goes_on(self, answer: requests.Response) -> bool:
        """Tell whether the answer begins where we end, in a file of the same size."""
        said = answer.headers.get("Content-Range", "").removeprefix("bytes ")
        span, _slash, total = said.partition("/")
        same = self.remote.size is None or total in ("", "*", str(self.remote.size))
        return same and span.partition("-")[0] == str(self._size)

    def _open(self) -> None:
        """Have the file to ourselves.

        A worker that was overtaken while it stood still does not know it yet, and two
        that append to one file would each find its own bytes right.
        """
        self._handle = self.path.open("ab")
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            changed = self._handle.tell() != self._size
        except OSError:
            changed = True
        if changed:
            self.close()
            raise ServerFault("another worker still writes this file")

    def append(self, piece: bytes) -> None:
        self._count(piece)
        if self._limit is not None and self._size > self._limit:
            self.close()
            self.path.unlink(missing_ok=True)
            raise HashMismatch("hash_mismatch", "more bytes than announced")
        self._handle.write(piece)
        self.received += len(piece)
        passed = time.monotonic() - self._last_beat
        if passed <= HEARTBEAT:
            return
        if self.received - self._counted < passed * TRICKLE:
            raise ServerFault("hardly anything arrives")
        self._last_beat, self._counted = time.monotonic(), self.received
        if self._heartbeat:
            self._heartbeat()

    def close(self) -> None:
        if self._handle:
            self._handle.close()
            self._handle = None

    def finish(self, received: int) -> Downloaded:
        """Check size and hash; wrong bytes are thrown away."""
        digest = self._digest.hexdigest()
        wrong_size = self.remote.size is not None and self._size != self.remote.size
        wrong = len(self.etag) == 64 and digest != self.etag
        if self._md5:
            wrong |= base64.b64encode(self._md5.digest()).decode() != self._announced
        if wrong_size or wrong:
            self.path.unlink(missing_ok=True)
            raise HashMismatch("hash_mismatch", f"{self._size} bytes, {digest}")
        if not self._size and not self.path.exists():
            self.path.touch()
        with self.path.open("rb") as handle:
            os.fsync(handle.fileno())
        return Downloaded(size=self._size, sha256=digest, received=received)
