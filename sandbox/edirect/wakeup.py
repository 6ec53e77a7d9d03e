"""The wake-up call: tells an institution to look, and nothing more.

Calls wait in memory only. Losing one costs the institution some time, never data,
because it asks on its own as well; so several calls also melt into one.
"""

import hashlib
import hmac
import json
import logging
import threading
import time
import urllib.error
import urllib.request

from edirect.config import Config, Institution

logger = logging.getLogger(__name__)
TRIES = (0, 2, 10)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the header by which the institution knows that the call is ours.

    >>> signature("s", "1", b"{}")[:17]
    'sha256=b253639bcd'
    """
    message = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


class WakeUp:
    def __init__(self, config: Config) -> None:
        self.config = config
        self._due: set[str] = set()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="wakeup", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def call(self, institution_code: str) -> None:
        institution = self.config.institution(institution_code)
        if institution and institution.wakeup_url:
            with self._changed:
                self._due.add(institution_code)
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due or self._stopping)
                if self._stopping:
                    return
                code = self._due.pop()
            institution = self.config.institution(code)
            if institution:
                self._post(institution)

    def _post(self, institution: Institution) -> None:
        body = json.dumps({"institution": institution.code}).encode()
        for pause in TRIES:
            time.sleep(pause)
            stamp = str(int(time.time()))
            headers = {
                "Content-Type": "application/json",
                "X-PCU-Timestamp": stamp,
                "X-PCU-Signature": signature(institution.wakeup_secret, stamp, body),
            }
            request = urllib.request.Request(  # noqa: S310 -- the settings check it
                institution.wakeup_url, data=body, headers=headers, method="POST"
            )
            try:
                with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                    return
            except (OSError, ValueError) as error:
                logger.info("Wake-up of %s failed: %s", institution.code, error)
