"""Who holds a lease: host, process and the process's start.

A worker that was killed leaves its lease behind. On the same host its successor can
see that the process is gone and need not wait for the lease to lapse. A wrong guess
(two containers with one host name) costs nothing: the fencing token refuses the late
worker.
"""

from __future__ import annotations

import os
import socket

import psutil


def current() -> str:
    """Name this process."""
    return f"{socket.gethostname()}|{os.getpid()}|{_started(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Tell whether the owner surely no longer runs.

    >>> is_dead(current()), is_dead("another-host|1|1"), is_dead("nonsense")
    (False, False, False)
    """
    host, _sep, rest = (owner or "").partition("|")
    pid, _sep, started = rest.partition("|")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    try:
        return str(int(psutil.Process(pid).create_time()))
    except psutil.Error:
        return ""
