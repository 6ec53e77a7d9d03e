"""Who holds a lease: host, process, and which of all that ever had its number.

A worker that was killed leaves its lease behind. On the same host its successor can
see that the process is gone and need not wait for the lease to lapse. The kernel is
asked, not the clock: a process is known by its start in ticks since the boot, and only
who runs under the same boot and in the same space of process numbers (a container has
its own) may judge. What can't be told counts as alive.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

_PROC = Path("/proc")
#: Fields of ``/proc/PID/stat`` after the name of the program: proc_pid_stat(5).
_STATE, _START = 0, 19


def current() -> str:
    """Name this process."""
    return "|".join((_get_host(), str(os.getpid()), _get_space(), _start(os.getpid())))


def is_dead(owner: str | None) -> bool:
    """Tell whether the owner surely no longer runs.

    >>> is_dead(current()), is_dead("another-host|1|b|1"), is_dead("nonsense")
    (False, False, False)
    >>> host, pid, space, start = current().split("|")
    >>> is_dead(f"{host}|{pid}|{space}|0"), is_dead(f"{host}|{pid}|another boot|0")
    (True, False)
    """
    parts = (owner or "").split("|")
    if len(parts) != 4:
        return False
    host, pid, space, start = parts
    if not space or (host, space) != (_get_host(), _get_space()) or not pid.isdigit():
        return False
    return _start(int(pid)) != start


def _get_host() -> str:
    return socket.gethostname()


def _get_space() -> str:
    """Return the boot and the space of process numbers; nothing where it is unknown."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        return f"{boot.strip()} {os.readlink(_PROC / 'self/ns/pid')}"
    except OSError:
        return ""


def _start(pid: int) -> str:
    """Return when the process started; nothing for one that is gone.

    One that died and was not yet buried by its parent is gone.
    """
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name may hold spaces and parentheses.
    after = stat.rpartition(")")[2].split()
    return "" if after[_STATE] in "ZX" else after[_START]
