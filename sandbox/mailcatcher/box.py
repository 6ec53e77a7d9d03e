"""The folder of caught mail: one `.eml` file per message, nothing kept in memory.

Reading the folder each time is slow and right: what another process wrote, or what
was there before a restart, is there.
"""

import email
import email.policy
import itertools
import os
import time
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any


class Box:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._count = itertools.count()

    def keep(self, content: bytes, sender: str, recipients: list[str]) -> str:
        """Write a message, with its envelope in front, and return its id."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._count)}"
        envelope = f"X-Envelope-From: {sender}\r\n" + "".join(
            f"X-Envelope-To: {recipient}\r\n" for recipient in recipients
        )
        part = self.folder / f"{name}.part"
        part.write_bytes(envelope.encode("utf-8", "replace") + content)
        part.rename(self.folder / f"{name}.eml")
        return name

    def ids(self) -> list[str]:
        """Return the ids, oldest first."""
        return sorted(path.stem for path in self.folder.glob("*.eml"))

    def read(self, message_id: str) -> EmailMessage | None:
        # Only names that the folder lists are opened, so no path can be smuggled in.
        if message_id not in self.ids():
            return None
        with (self.folder / f"{message_id}.eml").open("rb") as source:
            return email.message_from_binary_file(source, policy=email.policy.default)

    def messages(self) -> list[dict[str, Any]]:
        return [
            view(message_id, message)
            for message_id in self.ids()
            if (message := self.read(message_id)) is not None
        ]

    def clear(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink(missing_ok=True)


def view(message_id: str, message: EmailMessage) -> dict[str, Any]:
    return {
        "id": message_id,
        "from": str(message["From"] or ""),
        "to": str(message["To"] or ""),
        "envelope_to": [str(v) for v in message.get_all("X-Envelope-To", [])],
        "subject": str(message["Subject"] or ""),
        "message_id": str(message["Message-ID"] or "").strip(),
        "date": _date(message),
        "text": body(message, "plain"),
        "has_html": message.get_body(("html",)) is not None,
        "attachments": [p.get_filename() or "" for p in message.iter_attachments()],
    }


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return part.get_content()
    except (LookupError, UnicodeError):
        return part.get_payload(decode=True).decode("utf-8", "replace")


def _date(message: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(str(message["Date"])).isoformat()
    except (TypeError, ValueError):
        return ""
