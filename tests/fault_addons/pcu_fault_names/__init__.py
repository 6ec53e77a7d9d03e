"""Lets a platform's name resolve or not, as the file in ``PCU_HOSTS`` says right now.

A name server of our own would need a port and a system that asks it. What the connector
meets is the same: ``getaddrinfo`` fails, and one day it does not.
"""

import os
import socket
from pathlib import Path


def resolve_from_file():
    """Ask the file for names that end in ``.test``, and the system for all others."""
    hosts, system = Path(os.environ["PCU_HOSTS"]), socket.getaddrinfo

    def look_up(host, *args, **options):
        if isinstance(host, str) and host.endswith(".test"):
            known = dict(line.split() for line in hosts.read_text().splitlines())
            if host not in known:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            host = known[host]
        return system(host, *args, **options)

    socket.getaddrinfo = look_up
