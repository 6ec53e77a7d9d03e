"""Counting what a process does within a step, and ending it at an armed point.

A point is the n-th thing (SQL statement, commit, HTTP call, piece of an answer, write,
rename, fsync, SMTP command) that one run of a named step does: ``_store_files-07``. The
test arms points by files in a folder; who meets one takes the file away, notes it, and
sends itself SIGKILL. So a point is met once, whichever process comes first.
"""

import os
import signal
import threading
from collections import OrderedDict
from pathlib import Path

#: Says in the folder of armed points that everything met shall be noted.
CENSUS = "census"
#: Content of an armed point that ends the whole server, not only one of its processes.
WHOLE = "whole"
#: Runs of steps whose counting is remembered: more than a process nests or mixes.
REMEMBERED = 16


class Points:
    """The observer of one process (its threads counted apart)."""

    def __init__(self, folder: str, family: str):
        self.folder, self.family = Path(folder), family
        self._stamp, self._armed = None, frozenset()
        self._local = threading.local()

    def passing(self, step: str, run: object, what: str) -> None:
        """Note that a run of a step is about to do something; maybe end here."""
        local = self._local
        if getattr(local, "busy", False):
            return  # our own files
        local.busy = True
        try:
            number = self._count(run)
            self._meet(f"{self.family} {step} {number:03}", what)
        finally:
            local.busy = False

    def _count(self, run: object) -> int:
        if not hasattr(self._local, "runs"):
            self._local.runs = OrderedDict()
        runs = self._local.runs
        # The run itself is kept, not its address, which another one may get.
        number = runs.pop(run, 0) + 1
        runs[run] = number
        if len(runs) > REMEMBERED:
            runs.popitem(last=False)
        return number

    def _meet(self, point: str, what: str) -> None:
        armed = self._read()
        if CENSUS in armed:
            self._note("census", f"{point}\t{what}")
        if point in armed:
            self._die(point, what)

    def _read(self) -> frozenset:
        folder = self.folder / "armed"
        stamp = os.stat(folder).st_mtime_ns
        if stamp != self._stamp:
            self._stamp, self._armed = stamp, frozenset(os.listdir(folder))
        return self._armed

    def _die(self, point: str, what: str) -> None:
        file, taken = self.folder / "armed" / point, self.folder / "fired" / point
        try:
            whole = file.read_text() == WHOLE
            file.rename(taken)
        except FileNotFoundError:
            return  # another process was here first
        self._note("deaths", f"{point}\t{what}\t{'server' if whole else 'process'}")
        if whole:
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, name: str, line: str) -> None:
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)


def writing(event: str, args: tuple) -> str | None:
    """Tell what an audit event of Python does to a file, if it changes one."""
    if event == "open":
        path, mode, flags = args
        changes = set(mode or "") & set("wax+") or (flags or 0) & 3
        if not isinstance(path, int) and changes:
            return f"open {os.path.basename(os.fsdecode(path))}"
        return None
    if event in ("os.rename", "os.remove", "os.chmod", "os.mkdir", "os.link"):
        return event
    return None
