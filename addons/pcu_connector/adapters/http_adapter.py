"""What adapters share whose platform speaks HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import requests

from .base import Adapter, Downloaded
from .downloading import bring
from .payloads import RemoteFile
from .transport import TIMEOUT, HttpConnection


class HttpAdapter(Adapter):
    """One connection, one institution, one pair of client id and secret."""

    def __init__(
        self,
        base_url: str,
        institution: str,
        client_id: str,
        client_secret: str,
        *,
        user_agent: str = "PCU-connector/1",
        allow_http: bool = False,
        timeout: tuple[float, float] = TIMEOUT,
        max_file_size: int | None = None,
        file_hosts: tuple[str, ...] = (),
        meter: Callable[[bool], None] | None = None,
    ) -> None:
        """Prepare the way; nothing is sent yet.

        :param timeout: seconds to connect, seconds between two pieces of an answer
        :param max_file_size: bytes; a larger file is refused before it is fetched
        :param file_hosts: where the platform may keep files besides its own address
        :param meter: see :class:`.transport.HttpConnection`
        """
        self.institution = institution
        self.max_file_size = max_file_size
        self.file_hosts = file_hosts
        self._client = (client_id, client_secret)
        self._http = HttpConnection(
            base_url,
            user_agent=user_agent,
            allow_http=allow_http,
            timeout=timeout,
            meter=meter,
        )

    def close(self) -> None:
        self._http.close()

    def download(
        self,
        submission_id: str,
        remote: RemoteFile,
        path: Path,
        *,
        heartbeat: Callable[[], None] | None = None,
    ) -> Downloaded:
        """Bring the file to ``path``; see :func:`.downloading.bring`."""
        return bring(
            self._http,
            lambda headers: self._ask_for_file(submission_id, remote, headers),
            remote,
            path,
            max_size=self.max_file_size,
            heartbeat=heartbeat,
            md5=self._get_md5(remote),
        )

    def _get_md5(self, remote: RemoteFile) -> str:
        """Return the announced MD5 in base64; none where a SHA-256 is announced."""
        return ""

    def _ask_for_file(
        self, submission_id: str, remote: RemoteFile, headers: dict[str, str]
    ) -> requests.Response:
        """Ask the platform for the bytes of a file."""
        raise NotImplementedError
