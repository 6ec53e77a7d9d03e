"""A small client of clamd, the daemon of the ClamAV virus scanner; pure, no ``env``.

Speaks INSTREAM (clamd(8), "Commands"): pieces of the file, each behind its length in
four bytes, then an empty one; the daemon answers in a line. The file's size doesn't
matter to our memory, and the daemon needs no access to our disk.
"""

import socket
import struct
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

CHUNK = 256 * 1024
#: Seconds for the daemon to answer; a large archive takes a while to unpack.
TIMEOUT = 300.0
#: Seconds between two signs of life while a large file goes through.
HEARTBEAT = 30.0
TOO_LARGE = "too_large"
CLEAN = "clean"


class ScannerDownError(OSError):
    """The scanner can't be asked now; whoever asked waits and asks again."""


class InfectedError(Exception):
    """The scanner knows the file; ``str(error)`` is its name for the threat."""


def parse_address(text: str) -> str | tuple[str, int]:
    """Return a path of a Unix socket or a pair of host and port.

    :raise ValueError: when it is neither

    >>> parse_address("/run/clamav/clamd.ctl"), parse_address("127.0.0.1:3310")
    ('/run/clamav/clamd.ctl', ('127.0.0.1', 3310))
    """
    text = (text or "").strip()
    if text.startswith("/"):
        return text
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(text)
    return host, int(port)


def ping(address: str) -> None:
    """Ask the scanner whether it is there.

    :raise ScannerDownError: it does not answer as clamd does
    """
    try:
        with closing(_connect(address, timeout=10.0)) as line:
            line.sendall(b"zPING\0")
            answer = _read_answer(line)
    except OSError as error:
        raise ScannerDownError(str(error)) from error
    if answer != "PONG":
        raise ScannerDownError(answer)


def scan(address: str, path: Path, heartbeat: Callable[[], None] | None = None) -> str:
    """Have a file looked at; return ``clean``, or ``too_large`` for this scanner.

    :param address: as :func:`parse_address` takes it
    :param heartbeat: called now and then while the file goes through
    :raise InfectedError: with the name of the threat
    :raise ScannerDownError: no answer, or none that says anything about the file
    """
    with path.open("rb") as file:
        try:
            with closing(_connect(address, timeout=TIMEOUT)) as line:
                answer = _converse(line, file, heartbeat)
        except OSError as error:
            raise ScannerDownError(str(error)) from error
    if answer.endswith(" FOUND"):
        raise InfectedError(answer.removesuffix(" FOUND").removeprefix("stream: "))
    if answer == "stream: OK":
        return CLEAN
    if "size limit exceeded" in answer:
        return TOO_LARGE
    raise ScannerDownError(answer)


def _connect(address, timeout):
    target = parse_address(address)
    if isinstance(target, tuple):
        return socket.create_connection(target, timeout=timeout)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout)
    try:
        line.connect(target)
    except OSError:
        line.close()
        raise
    return line


def _converse(line, file, heartbeat):
    """Send the file and return the answer, also when it comes before the end."""
    # Past its size limit the daemon answers and hangs up: the answer is there.
    with suppress(BrokenPipeError, ConnectionResetError):
        _send(line, file, heartbeat)
    return _read_answer(line)


def _send(line, file, heartbeat):
    told = time.monotonic()
    line.sendall(b"zINSTREAM\0")
    while piece := file.read(CHUNK):
        line.sendall(struct.pack("!I", len(piece)) + piece)
        if heartbeat and time.monotonic() - told > HEARTBEAT:
            heartbeat()
            told = time.monotonic()
    line.sendall(struct.pack("!I", 0))


def _read_answer(line):
    answer = b""
    while piece := line.recv(4096):
        answer += piece
        if answer.endswith(b"\0") or len(answer) > 8192:
            break
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
