"""A small proxy between Odoo and the platform that spoils what passes through it.

Real sockets on both sides: what Odoo meets is what a bad line or a bad day gives. A
rule says which calls it spoils, how, and how often; without a rule everything passes.
"""

import contextlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

#: Headers that belong to one connection and are written anew.
OWN = {"connection", "content-length", "transfer-encoding", "keep-alive"}


@dataclass
class Answer:
    """What goes back to Odoo; ``cut_after`` bytes of the body the line breaks."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    silent: bool = False


@dataclass
class Call:
    """One call of Odoo's, and the way on to the platform."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]
    proxy: "FaultProxy"

    def forward(self) -> Answer:
        """Let the platform answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.proxy.target, timeout=60)
        with contextlib.closing(line):
            line.request(self.method, self.path, self.body or None, self.headers)
            answer = line.getresponse()
            headers = {k: v for k, v in answer.getheaders() if k.lower() not in OWN}
            return Answer(answer.status, answer.read(), headers)


Act = Callable[[Call], Answer]


@dataclass
class Rule:
    """Spoil the calls that match, ``times`` times or until it is lifted."""

    pattern: str
    act: Act
    times: int | None = None
    hits: int = 0


class FaultProxy:
    """Stands before the platform until it is closed."""

    def __init__(self, target: int):
        self.target, self.rules, self.calls = target, [], []
        self.healed = threading.Event()
        self._lock = threading.Lock()
        self._server, self.port = None, 0
        self.open()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Listen; after ``close`` on the same port as before."""
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.proxy = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Refuse connections."""
        self.healed.set()
        self._server.shutdown()
        self._server.server_close()

    def spoil(self, pattern: str, act: Act, times: int | None = None) -> Rule:
        """Add a rule for calls like ``GET /api/v1/submissions/…``."""
        self.healed.clear()
        rule = Rule(pattern, act, times)
        self.rules.append(rule)
        return rule

    def heal(self) -> None:
        """Lift all faults, also for who waits in one."""
        self.rules.clear()
        self.healed.set()

    def answer(self, call: Call) -> Answer:
        """Give what the first rule that matches makes of the call."""
        words = f"{call.method} {call.path}"
        with self._lock:
            self.calls.append(words)
            rule = next((r for r in self.rules if self._applies(r, words)), None)
            if rule:
                rule.hits += 1
        return rule.act(call) if rule else call.forward()

    @staticmethod
    def _applies(rule: Rule, words: str) -> bool:
        left = rule.times is None or rule.hits < rule.times
        return left and bool(re.search(rule.pattern, words))


# -- what can go wrong ---------------------------------------------------------------


def delay(seconds: float) -> Act:
    """Be slow, and right in the end."""

    def act(call: Call) -> Answer:
        call.proxy.healed.wait(seconds)
        return call.forward()

    return act


def say(status: int, body: bytes = b"", *, after: bool = False, **headers) -> Act:
    """Answer so; with ``after``, only when the platform has done it."""

    def act(call: Call) -> Answer:
        if after:
            call.forward()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(status, body, named)

    return act


def cut(after: int) -> Act:
    """Break the line after so many bytes of the body."""

    def act(call: Call) -> Answer:
        answer = call.forward()
        answer.cut_after = after
        return answer

    return act


def half(call: Call) -> Answer:
    """Give half of the body as if it were the whole."""
    answer = call.forward()
    return Answer(200, answer.body[: len(answer.body) // 2], answer.headers)


def swallow(call: Call) -> Answer:
    """Let the platform do it, and hang up without a word."""
    call.forward()
    return Answer(0, silent=True)


def flip(call: Call) -> Answer:
    """Change the first byte."""
    answer = call.forward()
    if answer.body:
        answer.body = bytes([answer.body[0] ^ 0xFF]) + answer.body[1:]
    return answer


def edit(change: Callable[[dict], dict | None]) -> Act:
    """Change the JSON of the answer; ``change`` may edit in place."""

    def act(call: Call) -> Answer:
        answer = call.forward()
        if answer.status == 200:
            value = json.loads(answer.body)
            answer.body = json.dumps(change(value) or value).encode()
        return answer

    return act


@contextlib.contextmanager
def untrusted_tls(folder: Path):
    """Listen with a certificate that nobody has signed; yield the address."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads, allow_reuse_address = True, True
    proxy: FaultProxy

    def handle_error(self, request, client_address) -> None:
        """A line that breaks is what we are here for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_words) -> None:
        """Say nothing."""

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {
            k: v for k, v in self.headers.items() if k.lower() not in {*OWN, "host"}
        }
        call = Call(
            self.command, self.path, self.rfile.read(length), headers, self.server.proxy
        )
        answer = self.server.proxy.answer(call)
        if answer.silent:
            self._hang_up()
            return
        body = answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if answer.cut_after is not None and answer.cut_after < len(body):
            self.wfile.write(body[: answer.cut_after])
            self._hang_up()
        else:
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = _handle  # noqa: N815

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
