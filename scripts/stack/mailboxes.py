"""Dovecot as a program of the stack: mailboxes that are read over IMAP and POP3."""

import grp
import imaplib
import os
import pwd
import secrets
import shutil
import tempfile
from pathlib import Path

from .process import Process, free_port, is_listening

CONFIGURATION = """
protocols = imap pop3
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""


ACCOUNT = "dovecot"
"""Whose the mailboxes are when we are root: Dovecot gives none to root itself."""


class MailboxServer(Process):
    """A mail server with the mailboxes named, on free ports, under no root.

    It keeps its files in the system's temporary folder: paths of sockets must be short,
    and its account may not see into the checkout.
    """

    def __init__(self, *mailboxes: str, log: Path):
        self.mailboxes, self.password = mailboxes, secrets.token_urlsafe(12)
        self.ports = {"imap": free_port(), "pop": free_port()}
        self.folder = None
        super().__init__("Dovecot", [], log)

    def start(self) -> "MailboxServer":
        program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
        if not program:
            raise RuntimeError("Dovecot is missing. Run: make setup")
        self.folder = Path(tempfile.mkdtemp(prefix="pcu-mail-"))
        self.command = [program, "-F", "-c", str(self.folder / "dovecot.conf")]
        if os.geteuid() == 0:
            self._configure(pwd.getpwnam(ACCOUNT))
            drop = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}"]
            self.command = [*drop, "--clear-groups", *self.command]
        else:
            self._configure(pwd.getpwuid(os.geteuid()))
        super().start()
        return self.wait_until(lambda: all(map(is_listening, self.ports.values())))

    def _configure(self, account) -> None:
        users = "".join(f"{name}:{self.password}\n" for name in self.mailboxes)
        (self.folder / "users").write_text(users)
        (self.folder / "dovecot.conf").write_text(
            CONFIGURATION.format(
                folder=self.folder, account=account.pw_name, uid=account.pw_uid,
                gid=account.pw_gid, group=grp.getgrgid(account.pw_gid).gr_name,
                **self.ports,
            )
        )  # fmt: skip
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)

    def stop(self, patience: float = 10) -> None:
        super().stop(patience)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def imap(self, mailbox: str) -> imaplib.IMAP4:
        """Return a connection signed in to a mailbox, its messages chosen."""
        connection = imaplib.IMAP4("127.0.0.1", self.ports["imap"], timeout=30)
        connection.login(mailbox, self.password)
        connection.select()
        return connection

    def deliver(self, mailbox: str, raw: bytes) -> None:
        """Put a message into a mailbox, as the program that receives mail does."""
        with self.imap(mailbox) as connection:
            connection.append("INBOX", None, None, raw)

    def messages(self, mailbox: str, which: str = "ALL") -> list[bytes]:
        """Return the messages that lie in a mailbox, by a criterion of IMAP."""
        with self.imap(mailbox) as connection:
            numbers = connection.search(None, which)[1][0].split()
            return [
                connection.fetch(number, "(BODY.PEEK[])")[1][0][1]
                for number in numbers
            ]  # fmt: skip
