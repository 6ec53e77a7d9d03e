"""The two programs beside Odoo: the stand-in platform and the mail catcher."""

import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .paths import ROOT, RUN, TOOLS_PYTHON
from .process import Process, free_port, is_listening

SANDBOX_PATH = {"PYTHONPATH": str(ROOT / "sandbox")}
INSTITUTION = "primaria-valea-mare"
CLIENT = "pcu-valea-mare"


def get_json(url: str, *, data=None, headers=None, method: str | None = None):
    """Fetch a JSON document from one of our own programs."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(  # noqa: S310 -- loopback only
        url,
        data=body,
        method=method,
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        text = answer.read()
        return json.loads(text) if text else None


class MailCatcher(Process):
    """A real SMTP server that keeps every message and shows it in the browser."""

    def __init__(self, folder: Path | None = None, *, smtp_port=None, http_port=None):
        self.folder = folder or RUN / "mail"
        self.smtp_port = smtp_port or free_port()
        self.http_port = http_port or free_port()
        super().__init__(
            "mail catcher",
            [
                TOOLS_PYTHON, "-m", "mailcatcher", "--smtp-port", self.smtp_port,
                "--http-port", self.http_port, "--dir", self.folder,
            ],
            RUN / "logs" / "mailcatcher.log",
            env=SANDBOX_PATH,
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def start(self) -> "MailCatcher":
        super().start()
        return self.wait_until(
            lambda: is_listening(self.smtp_port) and is_listening(self.http_port)
        )

    def messages(self) -> list[dict]:
        found = get_json(f"{self.url}/api/messages")
        return found["items"] if isinstance(found, dict) else found

    def wait_for(self, matches, timeout: float = 30) -> dict:
        """Return the first message for which ``matches(message)`` is true.

        :raise TimeoutError: when none came
        """
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            for message in self.messages():
                if matches(message):
                    return message
            time.sleep(0.2)
        raise TimeoutError("the expected e-mail did not arrive")


class Sandbox(Process):
    """The stand-in for the public platform, reached over HTTP only."""

    def __init__(
        self, mail_port: int, folder: Path | None = None, *, port=None, env=None
    ):
        self.folder = folder or RUN / "edirect"
        self.port = port or free_port()
        self.client_secret = secrets.token_urlsafe(24)
        self.wakeup_secret = secrets.token_urlsafe(24)
        self.control_token = secrets.token_urlsafe(24)
        self.settings = {
            **SANDBOX_PATH,
            "EDIRECT_PUBLIC_URL": self.url,
            "EDIRECT_SMTP_HOST": "127.0.0.1",
            "EDIRECT_SMTP_PORT": str(mail_port),
            "EDIRECT_CLIENT_SECRET_PCU_VALEA_MARE": self.client_secret,
            "EDIRECT_WAKEUP_SECRET_PRIMARIA_VALEA_MARE": self.wakeup_secret,
            "EDIRECT_CONTROL_TOKEN": self.control_token,
            **(env or {}),
        }
        super().__init__(
            "platform",
            [
                TOOLS_PYTHON, "-m", "edirect", "serve", "--host", "127.0.0.1",
                "--port", self.port, "--data", self.folder,
            ],
            RUN / "logs" / "edirect.log",
            env=self.settings,
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Sandbox":
        super().start()
        return self.wait_until(lambda: is_listening(self.port))

    def wake_up_at(self, url: str) -> None:
        """Let the platform call this address when something happens (before start)."""
        self.settings["EDIRECT_WAKEUP_URL_PRIMARIA_VALEA_MARE"] = url

    def seed(self, submissions: int, seed: int = 7, *options) -> str:
        """Make believable submissions; return what the command printed."""
        return self._command(
            "seed", "--submissions", submissions, "--seed", seed, *options
        )

    def control(self, path: str, data=None, method: str = "POST"):
        return get_json(
            f"{self.url}/_control/{path}", data=data if data is not None else {},
            headers={"X-Control-Token": self.control_token}, method=method,
        )  # fmt: skip

    def token(self) -> str:
        """Sign in as the institution does."""
        answer = get_json(
            f"{self.url}/api/v1/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": CLIENT,
                "client_secret": self.client_secret,
            },
        )
        return answer["access_token"]

    def _command(self, *arguments) -> str:
        done = subprocess.run(
            [str(TOOLS_PYTHON), "-m", "edirect", *map(str, arguments),
             "--data", str(self.folder)],
            env={**os.environ, **self.settings},
            text=True, capture_output=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"edirect: {done.stderr or done.stdout}")
        return done.stdout
