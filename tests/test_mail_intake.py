"""An e-mail on its real way: SMTP, the mail server's gateway script, the register.

What a test inside Odoo can't show: that the bytes which a mail server took in are those
that are kept, and that Odoo's own gateway script, as a mail server calls it, feeds the
intake.
"""

import smtplib
import subprocess
from email.message import EmailMessage

import pytest
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
