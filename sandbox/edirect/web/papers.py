"""Files as citizens send them: checked for size, emptiness and kind, then stored."""

import mimetypes
import re
from pathlib import PurePosixPath
from typing import BinaryIO

from starlette.datastructures import UploadFile

from edirect.blobs import BlobStore
from edirect.submissions import EICAR_MARK, NewFile
from edirect.web.pages import written_size

_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0",)
# What may be sent, and how such a file begins.
KINDS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "docx": _ZIP,
    "xlsx": _ZIP,
    "odt": _ZIP,
    "zip": _ZIP,
    "doc": _OLE,
    "xls": _OLE,
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n",),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
    "p7s": (b"\x30", b"-----BEGIN"),
    "p7m": (b"\x30", b"-----BEGIN"),
}
ACCEPT = ",".join(f".{kind}" for kind in KINDS)
WORDS = "PDF, Word, Excel, ODT, imagini (JPG, PNG, TIFF), ZIP sau P7S"


def check(name: str, size: int, head: bytes, limit: int) -> str | None:
    """Return what is wrong with a file, in words for the citizen."""
    shown = f"Fișierul „{shown_name(name)}”"
    if size == 0:
        return f"{shown} este gol. Alegeți un fișier cu conținut."
    if size > limit:
        return (
            f"{shown} are {written_size(size)}, peste limita de {written_size(limit)}."
            " Micșorați-l sau împărțiți-l în mai multe fișiere."
        )
    kind = PurePosixPath(name).suffix.lstrip(".").casefold()
    if kind not in KINDS:
        return f"{shown} nu este de un tip acceptat. Se acceptă: {WORDS}."
    if not head.startswith(KINDS[kind]):
        return (
            f"{shown} nu pare a fi un fișier {kind.upper()} adevărat."
            " Salvați-l din nou sau alegeți alt fișier."
        )
    return None


def sent(files: list[object]) -> list[UploadFile]:
    """Return the files really chosen; an empty choice comes as a nameless file."""
    return [item for item in files if isinstance(item, UploadFile) and item.filename]


def take(
    blobs: BlobStore, upload: UploadFile, slot: str | None, limit: int
) -> NewFile | str:
    """Store a file, or return what is wrong with it."""
    name = (upload.filename or "").replace("\x00", "")[:255]
    source = upload.file
    size = source.seek(0, 2)
    source.seek(0)
    head = source.read(16)
    problem = check(name, size, head, limit)
    if problem:
        return problem
    signed, infected = _look_inside(source, name)
    source.seek(0)
    sha256, size = blobs.put_file(source)
    declared = upload.content_type or mimetypes.guess_type(name)[0]
    return NewFile(
        name=name,
        size=size,
        sha256=sha256,
        declared_type=(declared or "application/octet-stream")[:200],
        slot=slot,
        signed=signed,
        infected=infected,
    )


def _look_inside(source: BinaryIO, name: str) -> tuple[bool, bool]:
    """Tell whether the file carries a signature, and the virus test mark."""
    signed, infected, tail = name.casefold().endswith((".p7s", ".p7m")), False, b""
    source.seek(0)
    while chunk := source.read(1024 * 1024):
        window = tail + chunk
        signed = signed or bool(re.search(rb"/ByteRange\s*\[", window))
        infected = infected or EICAR_MARK in window
        tail = window[-100:]
    return signed, infected


def shown_name(name: str) -> str:
    """Return a file's name as it can be shown: one line, printable."""
    return "".join(c if c.isprintable() else "�" for c in name)
