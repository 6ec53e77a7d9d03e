"""An e-mail on its real way: from a mail server's hand or mailbox into the register.

What a test inside Odoo can't show: that the bytes which a mail server took in are those
that are kept; that Odoo's own gateway script, as a mail server calls it, feeds the
intake; and that a mailbox, read over IMAP or POP3, gives up only what the register has.
"""

import smtplib
import subprocess
from email.message import EmailMessage

import pytest
from stack.mailboxes import MailboxServer
from stack.paths import ODOO_PYTHON, odoo_program
from stack.world import demo_password

SCRIPT = "mail/static/scripts/odoo-mailgate.py"
ADDRESS = "registratura@valea-mare.invalid"


@pytest.fixture
def hall(make_town_hall):
    """Return a town hall whose general register has an e-mail address."""
    hall = make_town_hall(wakeup=False)
    hall.mail.start()
    hall.make_database()
    hall.start_odoo()
    admin = hall.clerk("admin")
    domain = admin.call("mail.alias.domain", "create", [{"name": "valea-mare.invalid"}])
    admin.call("res.company", "write", [1], {"alias_domain_id": domain[0]})
    registers = admin.call("pcu.register", "search", [["kind", "=", "general"]])
    admin.call("pcu.register", "write", registers, {"alias_name": "registratura"})
    return hall


def send(hall, subject, message_id, text="Bună ziua, îmi trebuie un acord."):
    """Send a message as the citizen's mail program does; return the bytes taken in."""
    mail = EmailMessage()
    mail["From"] = "Ana Popescu <ana.popescu@exemplu.invalid>"
    mail["To"] = ADDRESS
    mail["Subject"] = subject
    mail["Message-ID"] = message_id
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", hall.mail.smtp_port) as server:
        server.send_message(mail)
    taken = hall.mail.wait_for(lambda found: found["subject"] == subject)
    return (hall.mail.folder / f"{taken['id']}.eml").read_bytes()


def gateway():
    """Return Odoo's script for mail servers: from the package, or from a checkout."""
    program = odoo_program()
    places = (
        program.parents[1] / "lib/python3/dist-packages/odoo/addons",
        program.parent / "addons",
    )
    return next(place / SCRIPT for place in places if (place / SCRIPT).exists())


def deliver(hall, raw):
    """Hand a message over as a mail server does: to Odoo's gateway script."""
    uid = hall.clerk("admin").uid
    subprocess.run(
        [
            ODOO_PYTHON, gateway(), "--database", hall.database, "--host", "127.0.0.1",
            "--port", str(hall.servers[0].port), "-u", str(uid),
            "-p", demo_password(),
        ],
        input=raw, check=True, timeout=120,
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_mail_is_kept_registered_with_one_call_and_its_answer_lands(hall):
    raw = send(hall, "Cerere acord", "<1@exemplu.invalid>")
    deliver(hall, raw)
    deliver(hall, raw)  # a mail server that got no answer sends it again

    clerk = hall.clerk()
    fields = ["state", "name", "original_id"]
    (message,) = clerk.call("pcu.intake.message", "search_read", [], fields)
    assert (message["state"], message["name"]) == ("proposal", "Cerere acord")
    kept = clerk.session.get(
        f"{clerk.url}/web/content/{message['original_id'][0]}", timeout=30
    )
    assert kept.content == raw

    clerk.call("pcu.intake.message", "action_register", [message["id"]])
    hall.wait_for_numbers(1)
    (number,) = hall.numbers()
    ours = hall.value(
        "SELECT reference FROM pcu_register_entry WHERE number = %s", number
    )

    deliver(hall, send(hall, f"Re: Nr. {ours}", "<2@exemplu.invalid>"))
    answer = clerk.call("pcu.intake.message", "search_read", [], fields, order="id")[-1]
    assert answer["state"] == "answer"
    assert hall.numbers() == [number], "an answer takes no number of its own"


# -- mailboxes ----------------------------------------------------------------------

KINDS = {"imap": "UNSEEN", "pop": "ALL"}
"""Protocol: what lies in the mailbox for whoever reads it so."""
REFUSED = "Cerere în plină pană"
NO_ROOM = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE 'no space left on device'; END$$;
    CREATE TRIGGER no_room BEFORE INSERT ON pcu_intake_message
        FOR EACH ROW WHEN (NEW.size = {size}) EXECUTE FUNCTION no_room()"""
ROOM = "DROP FUNCTION no_room() CASCADE"


@pytest.fixture
def server(hall):
    server = MailboxServer(*KINDS, log=hall.folder / "dovecot.log")
    yield server.start()
    server.stop()


def letter(kind, subject, *headers):
    """Return a message as it lies on a mail server; tell them apart by subjects."""
    lines = (
        "From: Ana Popescu <ana.popescu@exemplu.invalid>", f"To: {kind}@altundeva.ro",
        f"Subject: {subject}", f"Message-ID: <{len(subject)}.{kind}@exemplu.invalid>",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
        *headers, "", "Bună ziua,", "", ".", "îmi trebuie un acord.", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


@pytest.mark.timeout(300)
def test_mailbox_gives_up_only_what_the_register_has(hall, server):
    for kind, new in KINDS.items():
        box = Mailbox(hall, server, kind)
        sent = {
            "unreadable": b"Subject: x\r\nContent-Type: multipart/mixed\r\n\r\n"
            + f"fără graniță {kind}\r\n".encode(),
            "refused": letter(kind, REFUSED),
            "automatic": letter(kind, "Plecat", "Auto-Submitted: auto-replied"),
            "proposal": letter(kind, "Cerere acord"),
        }
        for raw in sent.values():
            server.deliver(kind, raw)
        refused = sent.pop("refused")
        hall.postgres.sql(NO_ROOM.format(size=len(refused)), hall.database)
        box.fetch()
        assert box.received() == sent
        assert server.messages(kind, new) == [refused]
        assert ": 1." in box.error()

        hall.postgres.sql(ROOM, hall.database)
        box.fetch()
        assert box.received() == {"proposal": refused}
        assert server.messages(kind, new) == []
        assert not box.error()
    assert hall.mail.messages() == [], "no program is answered, nor any stranger"


class Mailbox:
    """A mailbox that the general register reads."""

    def __init__(self, hall, server, kind):
        self.clerk, self.seen = hall.clerk("admin"), []
        (register,) = self.call("pcu.register", "search", [["kind", "=", "general"]])
        (self.id,) = self.call("fetchmail.server", "create", [{
            "name": kind, "server_type": kind, "server": "127.0.0.1",
            "port": server.ports[kind], "user": kind, "password": server.password,
            "pcu_register_id": register,
        }])  # fmt: skip
        self.call("fetchmail.server", "button_confirm_login", [self.id])
        self.received()

    def call(self, *arguments):
        # With it the scheduler is not woken up, and only we fetch.
        alone = {"fetchmail_cron_running": True}
        return self.clerk.call(*arguments, context=alone)

    def fetch(self):
        self.call("fetchmail.server", "fetch_mail", [self.id])

    def error(self):
        found = self.call("fetchmail.server", "read", [self.id], ["error_message"])
        return found[0]["error_message"]

    def received(self):
        """Return the bytes kept of each message that is new since the last question."""
        found = self.call(
            "pcu.intake.message", "search_read", [["id", "not in", self.seen]],
            ["state", "original_id"],
        )  # fmt: skip
        self.seen += [message["id"] for message in found]
        content = f"{self.clerk.url}/web/content"
        return {
            message["state"]: self.clerk.session.get(
                f"{content}/{message['original_id'][0]}", timeout=30
            ).content
            for message in found
        }
