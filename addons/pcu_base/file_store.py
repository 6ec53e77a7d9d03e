"""Putting a file under its own fingerprint, durably and without loading it.

Odoo names files by SHA-1 and writes them in place. Here the name is the SHA-256
(two different files with the same SHA-1 can be made on purpose), the bytes are on
the disk before the name appears, and the name appears at once or not at all.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Fingerprint:
    """Digests and size of one file."""

    sha256: str
    sha1: str
    size: int

    @property
    def store_name(self) -> str:
        """Name inside the filestore, scattered over 256 folders as Odoo does."""
        return f"{self.sha256[:2]}/{self.sha256}"


def iter_chunks(path: str, chunk: int = CHUNK):
    with open(path, "rb") as file:
        while data := file.read(chunk):
            yield data


def sha256_of(path: str) -> str:
    digest = hashlib.sha256()
    for data in iter_chunks(path):
        digest.update(data)
    return digest.hexdigest()


def fingerprint(path: str) -> Fingerprint:
    """Read a file once, in pieces, and make sure that it is on the disk."""
    sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
    with open(path, "rb") as file:
        while data := file.read(CHUNK):
            sha256.update(data)
            sha1.update(data)
            size += len(data)
        os.fsync(file.fileno())
    return Fingerprint(sha256.hexdigest(), sha1.hexdigest(), size)


def place(path: str, target: str) -> bool:
    """Give the file its final name; True if it moved, False if it was there.

    What stands under the name already is read, not believed: a damaged file is
    replaced by the good one.
    """
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        os.makedirs(folder, exist_ok=True)
        sync_folder(os.path.dirname(folder))
    if os.path.exists(target) and sha256_of(target) == os.path.basename(target):
        return False
    os.replace(path, target)
    return True


def sync_folder(folder: str) -> None:
    """Make new names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_new(path: str, content: bytes) -> None:
    """Write a file that must not exist yet."""
    with open(path, "xb") as file:
        file.write(content)


def bring_back(target: str, path: str) -> None:
    """Put a copy back where the caller had it, after a rollback.

    A copy, not a rename: somebody else may have begun to rely on the stored file.
    """
    with suppress(OSError):
        if not os.path.exists(path):
            shutil.copyfile(target, f"{path}.back")
            os.replace(f"{path}.back", path)


def discard(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)
