"""Mail to citizens: a queue in the database, sent by one worker.

The Message-ID is fixed when the mail is queued, so a repeat after a crash is the
same mail. While the SMTP server is down the mails wait and leave later.
"""

import logging
import smtplib
import sqlite3
import threading
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from edirect import clock
from edirect.config import Config
from edirect.db import Database, insert

logger = logging.getLogger(__name__)
# Seconds until the next try; the last one repeats for ever.
LADDER = (2, 5, 15, 60, 300, 900)
IDLE_SECONDS = 1.0


class Mailer:
    def __init__(self, config: Config, db: Database) -> None:
        self.config = config
        self.db = db
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=5)

    def queue(
        self, tx: sqlite3.Connection, recipient: str, subject: str, body: str
    ) -> None:
        """Queue a mail inside the transaction that is its reason."""
        domain = self.config.smtp_from.rpartition("@")[2] or "edirect.invalid"
        insert(
            tx,
            "mails",
            {
                "message_id": make_msgid(domain=domain),
                "recipient": recipient,
                "subject": subject,
                "body": body,
                "created_at": clock.now_text(),
            },
        )
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()
            try:
                self.send_due()
            except sqlite3.Error:
                logger.exception("The mail queue cannot be read now")

    def send_due(self) -> int:
        """Send what is due; return how many left."""
        rows = (
            self.db.read()
            .execute(
                "SELECT * FROM mails WHERE sent_at IS NULL AND failed_at IS NULL"
                " AND next_try <= ? ORDER BY seq LIMIT 50",
                (time.time(),),
            )
            .fetchall()
        )
        return sum(self._send(row) for row in rows)

    def _send(self, row: sqlite3.Row) -> bool:
        try:
            with smtplib.SMTP(
                self.config.smtp_host, self.config.smtp_port, timeout=10
            ) as server:
                server.send_message(self._message(row))
        except smtplib.SMTPRecipientsRefused as error:
            self._note(row, error, failed_at=clock.now_text())
        except (OSError, smtplib.SMTPException, ValueError) as error:
            pause = LADDER[min(row["tries"], len(LADDER) - 1)]
            self._note(row, error, next_try=time.time() + pause)
        else:
            self._note(row, None, sent_at=clock.now_text())
            return True
        return False

    def _note(
        self,
        row: sqlite3.Row,
        error: Exception | None,
        sent_at: str | None = None,
        failed_at: str | None = None,
        next_try: float = 0.0,
    ) -> None:
        if error:
            logger.info("Mail %s did not leave: %s", row["message_id"], error)
        said = str(error) if error else None
        with self.db.write() as tx:
            tx.execute(
                "UPDATE mails SET tries = tries + 1, last_error = ?, sent_at = ?,"
                " failed_at = ?, next_try = ? WHERE seq = ?",
                (said, sent_at, failed_at, next_try, row["seq"]),
            )

    def _message(self, row: sqlite3.Row) -> EmailMessage:
        message = EmailMessage()
        message["From"] = f"{self.config.platform_name} <{self.config.smtp_from}>"
        message["To"] = row["recipient"]
        message["Subject"] = row["subject"]
        message["Date"] = formatdate(
            clock.from_text(row["created_at"]).timestamp(), localtime=False
        )
        message["Message-ID"] = row["message_id"]
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(row["body"])
        return message
