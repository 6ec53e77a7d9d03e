"""What stands before several Odoo servers: each connection goes to the next of them.

In a town hall nginx does this (`upstream`); here it is as small as it can be.
"""

import contextlib
import itertools
import socket
import threading

CHUNK = 65536


class Balancer:
    """Hands connections on in turn; a server that doesn't answer is passed over."""

    def __init__(self, ports: list[int]):
        self.ports = ports
        self._turns = itertools.count()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._socket.getsockname()[1]

    def start(self) -> "Balancer":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: the end
            while True:
                client, _address = self._socket.accept()
                threading.Thread(
                    target=self._serve, args=(client,), daemon=True
                ).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            server = self._connect()
            if server is None:
                return
            with server:
                back = threading.Thread(
                    target=_pour, args=(server, client), daemon=True
                )
                back.start()
                _pour(client, server)
                back.join()

    def _connect(self) -> socket.socket | None:
        first = next(self._turns)
        for step in range(len(self.ports)):
            port = self.ports[(first + step) % len(self.ports)]
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", port), timeout=5)
        return None


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes until it ends, then say that it ended."""
    with contextlib.suppress(OSError):
        source.settimeout(None)
        while piece := source.recv(CHUNK):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
