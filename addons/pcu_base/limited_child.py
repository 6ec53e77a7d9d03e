"""A child process that reads a hostile file: little time, and its death is its own.

The child is a file of ours that is run as a program. It limits its memory and processor
time itself, and says on its error output what was wrong.
"""

import subprocess
import sys


class ChildError(Exception):
    """The child came to nothing; the text is the last line it said, or *too slow*."""


def run(program: str, *arguments: str, seconds: int) -> bytes:
    """Return what a program of ours printed.

    :param program: path of the Python file
    :param seconds: of the clock; the processor's time is limited in the child
    :raise ChildError: it failed or took too long
    """
    command = [sys.executable, "-I", program, *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ChildError("too slow") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ChildError(*said[-1:])
    return done.stdout
