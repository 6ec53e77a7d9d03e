"""A real platform and a real mail catcher on free ports, once per run.

Tests speak to them over HTTP and SMTP only, as the suite and the citizens do.
"""

import hashlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

SANDBOX = Path(__file__).parent.parent
INSTITUTION = "primaria-valea-mare"
CLIENT = "pcu-valea-mare"
CONTROL = {"X-Control-Token": "control-of-the-tests"}
SECRET = "secret-of-the-tests"
WAKEUP_SECRET = "wakeup-of-the-tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(found: Callable[[], Any], seconds: float = 20) -> Any:
    """Return the first true answer."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if answer := found():
                return answer
        except (OSError, httpx.HTTPError):
            pass
        time.sleep(0.05)
    message = "It did not happen in time."
    raise TimeoutError(message)


def start(*arguments: object, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SANDBOX), **environment},
    )


def reference() -> str:
    return str(uuid.uuid4())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Platform:
    url: str
    data: Path
    mail_url: str
    smtp_port: int
    wakeups: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"{self.url}/api/v1"

    def client(self) -> httpx.Client:
        """Return a client of the interface, signed in."""
        client = httpx.Client(base_url=self.api, timeout=30)
        answer = client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(CLIENT, SECRET),
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = httpx.request(
            method,
            f"{self.url}/_control/{path}",
            json={} if body is None else body,
            headers=CONTROL,
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()

    def submit(self, *files: tuple[str, str], **values: Any) -> dict[str, Any]:
        """Create a submission quickly; files are (name, text)."""
        papers = [{"name": name, "text": text} for name, text in files]
        return self.control("submit", {"files": papers, **values})

    def faults(self, **values: Any) -> None:
        self.control("faults", values, "PUT")

    def mails(self, recipient: str) -> list[dict[str, Any]]:
        rows = httpx.get(f"{self.mail_url}/api/messages").json()
        return [row for row in rows if recipient in row["to"]]


def _listen(heard: list[tuple[dict[str, str], bytes]]) -> str:
    """Listen for wake-up calls as an institution does; return the address."""

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/wakeup"


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("edirect")
    port, smtp, http = free_port(), free_port(), free_port()
    platform = Platform(
        f"http://127.0.0.1:{port}", folder / "data", f"http://127.0.0.1:{http}", smtp
    )
    config = folder / "edirect.toml"
    config.write_text(
        'rate_limit = 1000000\n[[institutions]]\ncode = "primaria-valea-mare"\n'
        'name = "Primăria Orașului Valea Mare"\naliases = ["UAT Valea Mare"]\n'
        '[[institutions]]\ncode = "primaria-alta"\nname = "Primăria Comunei Șipote"\n'
        '[[clients]]\nclient_id = "pcu-valea-mare"\n'
        'institutions = ["primaria-valea-mare"]\n',
        encoding="utf-8",
    )
    processes = [
        start(
            "mailcatcher",
            *("--smtp-port", smtp, "--http-port", http, "--dir", folder / "mail"),
        ),
        start(
            "edirect",
            *("serve", "--port", port, "--data", platform.data, "--config", config),
            EDIRECT_SMTP_PORT=str(smtp),
            EDIRECT_CONTROL_TOKEN=CONTROL["X-Control-Token"],
            EDIRECT_CLIENT_SECRET_PCU_VALEA_MARE=SECRET,
            EDIRECT_WAKEUP_URL_PRIMARIA_VALEA_MARE=_listen(platform.wakeups),
            EDIRECT_WAKEUP_SECRET_PRIMARIA_VALEA_MARE=WAKEUP_SECRET,
        ),
    ]
    try:
        wait_for(lambda: httpx.get(f"{platform.api}/health").is_success)
        wait_for(lambda: httpx.get(f"{platform.mail_url}/health").is_success)
        yield platform
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(10)


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    client = platform.client()
    yield client
    client.close()


@pytest.fixture(autouse=True)
def no_faults_left(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "faulty" in request.keywords:
        request.getfixturevalue("platform").faults()


# -- a citizen with a browser ---------------------------------------------------------


class Citizen:
    """Fills in pages the way a browser does: reads the form, then posts it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.web = httpx.Client(
            base_url=platform.url, follow_redirects=True, timeout=60
        )
        self.username = f"citizen{uuid.uuid4().hex[:10]}"
        self.password = "parola mea destul de lungă"
        self.email = f"{self.username}@exemplu.ro"

    def post(self, path: str, values: dict[str, Any], files: Any = None) -> Any:
        """Post a form with the token of its page."""
        token = re.search(
            r'name="csrf" value="([^"]+)"', self.web.get("/conectare").text
        )
        if token is None:
            token = re.search(r'name="csrf" value="([^"]+)"', self.web.get("/").text)
        assert token
        return self.web.post(path, data={"csrf": token[1], **values}, files=files)

    def values(self, **changes: str) -> dict[str, str]:
        return {
            "last_name": "Țăranu",
            "first_name": "Ștefania",
            "cnp": "1800101221144",
            "email": self.email,
            "phone": "0722 123 456",
            "street": "Str. Înfrățirii",
            "number": "12",
            "locality": "Valea Mare",
            "county": "Vâlcea",
            "username": self.username,
            "password": self.password,
            "password_again": self.password,
            **changes,
        }

    def create_account(self, kind: str = "persoana-fizica", **changes: str) -> Any:
        return self.post(f"/cont-nou/{kind}", self.values(**changes))

    def confirm(self) -> Any:
        mail = wait_for(lambda: self.platform.mails(self.email))[-1]
        link = re.search(r"http\S+token=\S+", mail["text"])
        assert link
        return self.web.get(link[0])

    def log_in(self, account: str = "personal") -> Any:
        page = self.post(
            "/conectare", {"username": self.username, "password": self.password}
        )
        if page.is_success:
            page = self.post("/selectare-tip-cont", {"account": account})
        return page


@pytest.fixture
def stranger(platform: Platform) -> Citizen:
    return Citizen(platform)


@pytest.fixture(scope="session")
def citizen(platform: Platform) -> Citizen:
    """Return someone who is logged in with a personal account."""
    citizen = Citizen(platform)
    assert citizen.create_account().is_success
    assert citizen.confirm().is_success
    assert "Solicitările mele" in citizen.log_in().text
    return citizen
