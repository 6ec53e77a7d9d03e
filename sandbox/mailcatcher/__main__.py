"""`python -m mailcatcher --smtp-port P --http-port Q --dir DIR`."""

import argparse
import sys
from pathlib import Path

import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mailcatcher.box import Box
from mailcatcher.pages import create_app

MAX_BYTES = 64 * 1024 * 1024


class Sink:
    """Takes every message for everybody."""

    def __init__(self, box: Box) -> None:
        self.box = box

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        self.box.keep(raw, envelope.mail_from or "", list(envelope.rcpt_tos))
        return "250 OK"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="mailcatcher", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--dir", type=Path, required=True)
    options = parser.parse_args(arguments)
    box = Box(options.dir)
    smtp = Controller(
        Sink(box),
        hostname=options.host,
        port=options.smtp_port,
        data_size_limit=MAX_BYTES,
        enable_SMTPUTF8=True,
    )
    smtp.start()
    try:
        uvicorn.run(
            create_app(box),
            host=options.host,
            port=options.http_port,
            log_level="warning",
            server_header=False,
        )
    finally:
        smtp.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
