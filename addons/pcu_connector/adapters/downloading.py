"""Bringing one file to disk, whichever platform it comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import requests
import urllib3

from .base import Downloaded, HashMismatch, ServerFault
from .partial_file import CHUNK, PartialFile
from .payloads import RemoteFile
from .transport import HttpConnection

#: How often one call goes on after a cut that still brought bytes.
MAX_RESUMES = 8


def bring(
    http: HttpConnection,
    call: Callable[[dict[str, str]], requests.Response],
    remote: RemoteFile,
    path: Path,
    *,
    max_size: int | None = None,
    heartbeat: Callable[[], None] | None = None,
    md5: str = "",
) -> Downloaded:
    """Stream a file to ``path``; a part that is there already is kept.

    A cut connection is resumed at once as long as each try brings bytes; otherwise the
    part stays on disk for the next run. A platform without ranges sends all again.

    :param call: asks for the file with these headers
    :param md5: announced, in base64, where the platform announces no SHA-256
    :raise ServerFault: cut off; go on later
    :raise HashMismatch: all bytes came, and they are wrong
    """
    received, resumes, etag = 0, 0, remote.sha256
    patched = path.exists()
    while True:
        part = PartialFile(path, remote, max_size, heartbeat, etag, md5)
        try:
            _stream(http, call, part)
            return part.finish(received + part.received)
        except ServerFault:
            received += part.received
            resumes += 1
            etag = part.etag
            if not part.received or resumes > MAX_RESUMES:
                raise
            patched = True
        except HashMismatch:
            # Only a file that came in one piece proves the platform wrong.
            if not patched:
                raise
            patched = False


def _stream(http, call, part: PartialFile) -> None:
    if part.complete:
        return
    answer = call(part.headers())
    if answer.status_code == 416:
        answer.close()
        part.restart()
        answer = call(part.headers())
    if answer.status_code not in (200, 206):
        raise http.fault(answer, writes=False)
    part.begin(answer)
    try:
        # One read of the socket at a time: what arrived before a cut is kept.
        while piece := answer.raw.read1(CHUNK):
            part.append(piece)
    except (urllib3.exceptions.HTTPError, ConnectionError, TimeoutError) as error:
        raise ServerFault(type(error).__name__) from error
    finally:
        part.close()
        answer.close()
    if part.short:
        raise ServerFault("the file was cut off")
