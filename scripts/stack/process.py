"""Child processes that can't outlive us and whose words end up in a log file."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody listens on.

    Below those that the system gives away by itself (from 32768 on Linux), and by
    chance: a port that is chosen now and opened later would else go to a neighbour.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def is_listening(port: int) -> bool:
    """Tell whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program of the stack, in a process group of its own.

    The group makes "stop everything that was started, and nothing else" exact: workers
    and browsers that the program starts itself go with it.
    """

    def __init__(self, name: str, command: list, log: Path, *, env=None, cwd=None):
        self.name, self.command, self.log = name, [str(c) for c in command], log
        self.env, self.cwd, self.popen = env, cwd, None

    def start(self) -> "Process":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **(self.env or {})},
                cwd=self.cwd,
                start_new_session=True,
            )
        return self

    @property
    def running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def wait_until(self, ready, timeout: float = 60) -> "Process":
        """Wait until ``ready()`` is true.

        :raise RuntimeError: when the program ends first or the time is over, with the
            end of its log
        """
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            if not self.running:
                raise RuntimeError(f"{self.name} ended at once:\n{self.tail()}")
            if ready():
                return self
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} not ready in {timeout} s:\n{self.tail()}")

    def tail(self, lines: int = 25) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def kill(self, sig: int = signal.SIGKILL) -> None:
        """Send a signal to the whole group and collect the program."""
        if self.popen is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, sig)
        if sig == signal.SIGKILL:
            self.popen.wait()

    def stop(self, patience: float = 10) -> None:
        """End the program politely, then by force."""
        if not self.running:
            self.kill()
            return
        self.kill(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(patience)
        self.kill()
