"""Files on disk, named by what they hold.

A file lives under its SHA-256, never under the name a citizen gave it: that name
is data and could be `../../etc/passwd`. A blob appears by an atomic rename, so it
is either whole or not there.
"""

import hashlib
import os
import random
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

CHUNK = 1024 * 1024
FILL = 256 * 1024


class BlobStore:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def put_chunks(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Store a stream and return its SHA-256 and size."""
        digest, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(dir=self.incoming)
        try:
            with os.fdopen(handle, "wb") as target:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
            sha256 = digest.hexdigest()
            self.adopt(Path(name), sha256)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return sha256, size

    def put_bytes(self, content: bytes) -> tuple[str, int]:
        return self.put_chunks((content,))

    def put_file(self, source: BinaryIO) -> tuple[str, int]:
        return self.put_chunks(iter(lambda: source.read(CHUNK), b""))

    def adopt(self, source: Path, sha256: str) -> None:
        """Move a finished file in under its digest."""
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        source.replace(target)


def digest_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def filler(size: int) -> Iterator[bytes]:
    """Yield a file of so many bytes, unlike any other, that begins as a PDF does.

    A random piece repeated under a counter: no memory and little time, however large.
    """
    head, block = b"%PDF-1.7\n", random.randbytes(FILL)  # noqa: S311 -- no secret
    yield head[:size]
    left, count = size - len(head), 0
    while left > 0:
        piece = count.to_bytes(8, "big") + block
        yield piece[:left]
        left, count = left - len(piece), count + 1
