"""One HTTP connection to one platform, and how its answers are understood.

Every rule about what may cross the wire stands here: TLS is verified, plain HTTP is
only for an address that the administrator allowed, nothing follows a redirect, no call
leaves the configured host or reaches into our own network, JSON is bounded in size and
depth, every call has a timeout, and no secret or personal data is logged.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from .base import (
    AuthFault,
    BadAnswer,
    ExchangeError,
    Gone,
    NotSent,
    OutcomeUnknown,
    Permanent,
    ScanPending,
    ServerFault,
    Throttled,
)
from .guarded import GuardedAdapter
from .payloads import clean

#: Seconds to connect, seconds between two pieces of an answer.
TIMEOUT = (10, 60)
#: Largest JSON answer that is read.
MAX_JSON = 16 * 1024 * 1024
#: Seconds within which it has to be here: less than a lease, which nobody extends then.
READING_TIME = 90.0
#: Longest wait that a platform may impose with Retry-After.
MAX_RETRY_AFTER = 3600.0


class HttpConnection:
    """Calls below one base address, with faults turned into :class:`ExchangeError`."""

    def __init__(
        self,
        base_url: str,
        *,
        user_agent: str,
        allow_http: bool = False,
        timeout: tuple[float, float] = TIMEOUT,
        meter: Callable[[bool], None] | None = None,
    ) -> None:
        """Prepare a connection; nothing is sent yet.

        :param meter: asked before each call, with whether it writes; raises
            :class:`BudgetSpent` when the platform has had enough calls
        """
        self.base_url = check_base_url(base_url, allow_http=allow_http)
        self.timeout = timeout
        self.rate: dict[str, str] = {}
        self._meter = meter
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, GuardedAdapter(own_network=allow_http))
        # No .netrc credentials, no surprise from the environment but its proxies.
        self._session.trust_env = False
        self._session.proxies.update(
            requests.utils.get_environ_proxies(self.base_url, no_proxy=None)
        )
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._session.headers.update(
            {"User-Agent": user_agent, "Accept": "application/json"}
        )

    def close(self) -> None:
        self._session.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        writes: bool = False,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        """Send a call and return its answer, whatever the status.

        :param writes: a broken connection leaves the outcome unknown.
        """
        url = self.base_url + path
        answer = self._request(method, url, writes=writes, headers=headers, **options)
        self._note_rate(answer)
        return answer

    def send_elsewhere(
        self,
        method: str,
        url: str,
        hosts: tuple[str, ...],
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        """Follow an address that the platform gave, if it leads to a host we allow.

        :param hosts: allowed besides the platform's own, as ``name`` or ``name:port``
        :raise Permanent: the address leads elsewhere; nothing was sent
        """
        if not _may_follow(url, self.base_url, hosts):
            raise Permanent("foreign_host", urlsplit(url).netloc[:200])
        return self._request(method, url, writes=False, headers=headers, **options)

    def _request(
        self,
        method: str,
        url: str,
        *,
        writes: bool,
        headers: Mapping[str, str] | None,
        **options: Any,
    ) -> requests.Response:
        if self._meter:
            self._meter(writes)
        try:
            return self._session.request(
                method,
                url,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
                **options,
            )
        except requests.RequestException as error:
            raise _broken(error, writes=writes) from error

    def read_json(self, answer: requests.Response, *, writes: bool = False) -> dict:
        """Read a bounded JSON object from a successful answer."""
        return self._read_value(answer, dict, writes=writes)

    def read_list(self, answer: requests.Response) -> list:
        """Read a bounded JSON list from a successful answer."""
        return self._read_value(answer, list)

    def _read_value(self, answer, kind: type, *, writes: bool = False):
        body = self.read_body(answer, writes=writes)
        try:
            value = json.loads(body) if body else kind()
        except (ValueError, RecursionError) as error:
            raise BadAnswer("the answer is not JSON") from error
        if not isinstance(value, kind):
            raise BadAnswer(f"the answer is not a JSON {kind.__name__}")
        return clean(value)

    def read_body(self, answer: requests.Response, *, writes: bool = False) -> bytes:
        """Read a bounded answer, in a bounded time.

        :raise BadAnswer: it is too large
        :raise ExchangeError: it broke off, or trickles in
        """
        body, end = bytearray(), time.monotonic() + READING_TIME
        try:
            # One read of the socket at a time: else each byte would wait for the next.
            while piece := answer.raw.read1(65536, decode_content=True):
                body += piece
                if len(body) > MAX_JSON:
                    raise BadAnswer("the answer is too large")
                if time.monotonic() > end:
                    raise TimeoutError
        except (urllib3.exceptions.HTTPError, ConnectionError, TimeoutError) as error:
            raise _cut_off(error, writes=writes) from error
        finally:
            answer.close()
        return bytes(body)

    def fault(self, answer: requests.Response, *, writes: bool) -> ExchangeError:
        """Turn an unsuccessful answer into the exception that says what to do."""
        problem = self._problem(answer)
        status = answer.status_code
        code = str(problem.get("code") or status)
        detail = _short(problem.get("detail") or problem.get("title") or "")
        after = _retry_after(answer)
        if status in (401, 403):
            return AuthFault(f"{status} {detail}".strip())
        if status == 409 and code == "scan_pending":
            return ScanPending(detail, retry_after=after or 30.0)
        if status == 410:
            return Gone(code, detail, body=problem)
        if status == 429:
            return Throttled(detail, retry_after=after or _reset_after(answer))
        if status in (502, 504):
            kind = OutcomeUnknown if writes else ServerFault
            return kind(f"HTTP {status}", retry_after=after)
        if status >= 500:
            return ServerFault(f"HTTP {status} {detail}".strip(), retry_after=after)
        return Permanent(code, detail, body=problem)

    def _problem(self, answer: requests.Response) -> dict:
        try:
            problem = json.loads(self.read_body(answer) or b"{}")
        except (ValueError, RecursionError, ExchangeError):
            return {}
        return clean(problem) if isinstance(problem, dict) else {}

    def _note_rate(self, answer: requests.Response) -> None:
        for name in ("Limit", "Remaining", "Reset"):
            value = answer.headers.get(f"RateLimit-{name}")
            if value is not None:
                self.rate[name.lower()] = value


def check_base_url(url: str, *, allow_http: bool = False) -> str:
    """Return the address without its last slash, or refuse it with ValueError.

    >>> check_base_url("https://edirect.example.ro/")
    'https://edirect.example.ro'
    >>> check_base_url("http://edirect.example.ro")
    Traceback (most recent call last):
    ...
    ValueError: insecure
    """
    parts = urlsplit((url or "").strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        msg = "invalid"
        raise ValueError(msg)
    if parts.username or parts.password or parts.query or parts.fragment:
        msg = "invalid"
        raise ValueError(msg)
    if parts.scheme == "http" and not allow_http:
        msg = "insecure"
        raise ValueError(msg)
    return parts.geturl().rstrip("/")


def _may_follow(url: str, base_url: str, hosts: tuple[str, ...]) -> bool:
    """Tell whether an address given by the platform leads to an allowed host.

    >>> base, hosts = "https://p.test", ("files.p.test",)
    >>> _may_follow("https://files.p.test/x?signature=1", base, hosts)
    True
    >>> [_may_follow(url, base, hosts) for url in (
    ...     "http://files.p.test/x", "https://10.0.0.1/x", "https://p.test:8443/x",
    ...     "https://p.test@evil.test/x", "file:///etc/passwd")]
    [False, False, False, False, False]
    """
    parts, base = urlsplit(url), urlsplit(base_url)
    return parts.scheme == base.scheme and parts.netloc.lower() in (
        base.netloc.lower(),
        *(host.lower() for host in hosts),
    )


def _broken(error: requests.RequestException, *, writes: bool) -> ExchangeError:
    """Tell a call that never left from one whose answer was lost."""
    if isinstance(
        error,
        requests.ConnectTimeout
        | requests.exceptions.SSLError
        | requests.exceptions.ProxyError
        | requests.exceptions.InvalidURL,
    ):
        return NotSent(type(error).__name__)
    for cause in _causes(error):
        if isinstance(
            cause,
            urllib3.exceptions.NewConnectionError
            | urllib3.exceptions.NameResolutionError
            | ConnectionRefusedError,
        ):
            return NotSent(type(cause).__name__)
    return _cut_off(error, writes=writes)


def _cut_off(error: Exception, *, writes: bool) -> ExchangeError:
    """Name what a broken line means: a read is repeated, a write looked up first."""
    kind = OutcomeUnknown if writes else ServerFault
    return kind(type(error).__name__)


def _causes(error: BaseException):
    """Walk through everything that an exception wraps."""
    waiting, seen = [error], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        wrapped = [current.__cause__, current.__context__, *current.args]
        wrapped.append(getattr(current, "reason", None))
        waiting += [w for w in wrapped if isinstance(w, BaseException)]


def _retry_after(answer: requests.Response) -> float | None:
    """Read a wait given in seconds or as a date (RFC 9110, section 10.2.3)."""
    text = answer.headers.get("Retry-After")
    seconds = _seconds(text)
    until = _http_date(text) if seconds is None else None
    if until is None:
        return seconds
    # By the platform's own clock, which need not go as ours does.
    now = _http_date(answer.headers.get("Date")) or datetime.now(UTC)
    return _seconds((until - now).total_seconds())


def _reset_after(answer: requests.Response) -> float:
    return _seconds(answer.headers.get("RateLimit-Reset")) or 10.0


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds(text: str | float | None) -> float | None:
    """Return a wait within bounds, or None when it can't be read.

    >>> _seconds("25"), _seconds("-1"), _seconds("1e9"), _seconds("nan")
    (25.0, 0.0, 3600.0, None)
    """
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(value) else min(max(value, 0.0), MAX_RETRY_AFTER)


def _short(text: Any) -> str:
    return str(text)[:500]
