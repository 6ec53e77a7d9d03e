"""Reading a package that a clerk brings by hand while the platform's API is down.

A ZIP with ``submission.json``, as ``GET /submissions/{id}`` answers, and the files
beside it. The package is hostile until proven otherwise: nothing is unpacked under a
name from inside it, and every limit is checked on the bytes that really come out, not
on what the directory of the ZIP says. Pure, no ``env``.
"""

from __future__ import annotations

import hashlib
import json
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from .adapters.payloads import MalformedError, Submission, clean

#: The description of the submission inside the package.
DESCRIPTION = "submission.json"
MAX_FILES = 200
MAX_DESCRIPTION = 4 * 1024 * 1024
MAX_TOTAL = 2 * 1024 * 1024 * 1024
#: Unpacked to packed, beyond the first megabyte: no scan and no PDF comes near it.
MAX_RATIO = 200
RATIO_FREE = 1024 * 1024
PIECE = 1024 * 1024
ENCRYPTED = 0x1
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
#: Documents that are ZIP inside and no package.
OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".asice", ".asics")


class PackageError(ValueError):
    """The package can't be taken; ``code`` says why, ``detail`` about what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class PackedFile:
    """A file that came out of the package, at a path of ours."""

    name: str
    path: Path
    size: int
    sha256: str
    scan: str = ""
    """What the virus scanner said, if one was asked."""
    threat: str = ""
    """The scanner's name for what it found; such bytes become no document."""


@dataclass(frozen=True)
class Package:
    """What a package holds: the submission and its files."""

    submission: Submission
    files: tuple[PackedFile, ...] = field(default=())


def read(source: BinaryIO, folder: Path, max_total: int = MAX_TOTAL) -> Package:
    """Check and unpack a package into an empty folder, under names of ours.

    :raise PackageError: when anything about it is not as it should be
    """
    try:
        with zipfile.ZipFile(source) as archive:
            members = _check_directory(archive)
            submission = _read_description(archive, members.pop(DESCRIPTION, None))
            return Package(submission, _unpack(archive, members, folder, max_total))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise PackageError("damaged") from error


def check_dropped(name: str, path: Path) -> None:
    """Refuse a file brought on its own that hides others, or unpacks without end.

    :raise PackageError: ``nested`` for an archive, ``bomb`` for a document that is one
    """
    if _is_archive(path, name):
        raise PackageError("nested", name)
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        # A damaged document is what the citizen sent: a person will see it.
        return
    unpacked = sum(info.file_size for info in members)
    packed = max(sum(info.compress_size for info in members), 1)
    if unpacked > RATIO_FREE and unpacked > MAX_RATIO * packed:
        raise PackageError("bomb", name)


def _check_directory(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files by name; refuse what no honest package has."""
    members = {}
    for info in archive.infolist():
        if info.is_dir():
            continue
        if len(members) > MAX_FILES:
            raise PackageError("too_many", str(MAX_FILES))
        if info.flag_bits & ENCRYPTED:
            raise PackageError("encrypted", info.filename)
        if _is_unsafe(info):
            raise PackageError("unsafe_name", info.filename)
        if info.filename in members:
            raise PackageError("twice", info.filename)
        members[info.filename] = info
    return members


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    """Tell whether a name leaves the package, or is no plain file.

    >>> [_is_unsafe(zipfile.ZipInfo(n)) for n in ("a/b.pdf", "../a", "/a", "C:/a")]
    [False, True, True, True]
    """
    name = info.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    kind = stat.S_IFMT(info.external_attr >> 16)
    return (
        name.startswith("/")
        or ".." in parts
        or ":" in parts[0]
        or "\x00" in info.orig_filename
        or any(unicodedata.category(sign) in ("Cc", "Cf") for sign in name)
        or kind not in (0, stat.S_IFREG)
    )


def _read_description(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo | None
) -> Submission:
    """Read the submission as tolerantly as from the platform itself."""
    if info is None:
        raise PackageError("no_description")
    with archive.open(info) as stream:
        text = stream.read(MAX_DESCRIPTION + 1)
    if len(text) > MAX_DESCRIPTION:
        raise PackageError("long_description")
    try:
        body = json.loads(text.decode("utf-8-sig"))
        if not isinstance(body, dict):
            raise PackageError("bad_description")
        return Submission.parse(clean(body))
    except (ValueError, RecursionError, AttributeError) as error:
        if isinstance(error, PackageError):
            raise
        code = "no_id" if isinstance(error, MalformedError) else "bad_description"
        raise PackageError(code) from error


def _unpack(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    folder: Path,
    max_total: int,
) -> tuple[PackedFile, ...]:
    """Write each file under a number, counting what really comes out."""
    left, files = max_total, []
    for number, (name, info) in enumerate(members.items()):
        path = folder / str(number)
        digest, size = hashlib.sha256(), 0
        with archive.open(info) as stream, path.open("xb") as target:
            for piece in _pieces(stream):
                size += len(piece)
                if size > left:
                    raise PackageError("too_large", name)
                if size > RATIO_FREE and size > MAX_RATIO * max(info.compress_size, 1):
                    raise PackageError("bomb", name)
                digest.update(piece)
                target.write(piece)
        left -= size
        if _is_archive(path, name):
            raise PackageError("nested", name)
        files.append(
            PackedFile(PurePosixPath(name).name, path, size, digest.hexdigest())
        )
    return tuple(files)


def _pieces(stream) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _is_archive(path: Path, name: str) -> bool:
    """Tell whether a file is a package in the package; office documents are none."""
    with path.open("rb") as source:
        start = source.read(4)
    return start.startswith(ARCHIVES) and not name.lower().endswith(OFFICE)
