"""Parts on their own: settings, the mail queue, limits, the mail catcher, doctests."""

import doctest
import importlib
import pkgutil
import smtplib
import time
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import edirect
import httpx
import pytest
from aiosmtpd.controller import Controller
from conftest import Platform, free_port, wait_for
from edirect import config as configuration
from edirect import effects, notices, submissions
from edirect.config import ConfigError
from edirect.context import build
from edirect.db import Database
from edirect.mail import Mailer
from edirect.ratelimit import RateLimit
from edirect.submissions import NewSubmission
from edirect.web.throttle import Throttle
from mailcatcher.__main__ import Sink
from mailcatcher.box import Box


def test_the_examples_in_the_code_are_true():
    tried = 0
    for module in pkgutil.walk_packages(edirect.__path__, "edirect."):
        if not module.name.endswith("__main__"):
            result = doctest.testmod(importlib.import_module(module.name))
            assert result.failed == 0
            tried += result.attempted
    assert tried >= 10


# -- settings --------------------------------------------------------------------------


def test_secrets_nobody_gave_are_made_once(tmp_path: Path):
    first = configuration.load(tmp_path)
    again = configuration.load(tmp_path)
    assert first.clients[0].secret == again.clients[0].secret
    assert len(first.clients[0].secret) > 30
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert first.clients[0].secret not in repr(first)


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EDIRECT_SMTP_PORT", "2525")
    monkeypatch.setenv("EDIRECT_CLIENT_SECRET_PCU_VALEA_MARE", "given")
    monkeypatch.setenv("EDIRECT_NOTIFY_CITIZEN", "registered solved")
    config = configuration.load(tmp_path)
    assert config.smtp_port == 2525
    assert config.clients[0].secret == "given"
    assert config.notify_citizen == ("registered", "solved")


@pytest.mark.parametrize(
    "text",
    [
        "nonsense = 1",
        "smtp_port =",
        '[[institutions]]\ncode = "a"',
        '[[institutions]]\ncode = "a"\nname = "A"\nwakeup_url = "file:///x"',
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, text: str):
    file = tmp_path / "edirect.toml"
    file.write_text(text)
    with pytest.raises(ConfigError):
        configuration.load(tmp_path / "data", file)


def test_the_example_settings_are_right(tmp_path: Path):
    example = Path(__file__).parent.parent / "edirect.example.toml"
    config = configuration.load(tmp_path, example)
    assert config.institution("primaria-valea-mare")


# -- mail ------------------------------------------------------------------------------


def test_mail_waits_while_the_server_is_down_and_leaves_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    port = free_port()
    monkeypatch.setenv("EDIRECT_SMTP_PORT", str(port))
    config = configuration.load(tmp_path)
    mailer = Mailer(config, Database(tmp_path / "edirect.sqlite3"))
    with mailer.db.write() as tx:
        mailer.queue(tx, "ana@exemplu.ro", "Înregistrare ș ț", "Bună ziua")
    assert mailer.send_due() == 0
    row = mailer.db.read().execute("SELECT * FROM mails").fetchone()
    assert (row["tries"], row["sent_at"]) == (1, None)
    assert row["next_try"] > time.time()

    box = Box(tmp_path / "mail")
    server = Controller(Sink(box), hostname="127.0.0.1", port=port)
    server.start()
    try:
        with mailer.db.write() as tx:
            tx.execute("UPDATE mails SET next_try = 0")
        # A new worker, as after a restart.
        assert Mailer(config, mailer.db).send_due() == 1
        assert mailer.send_due() == 0
    finally:
        server.stop()
    (message,) = box.messages()
    assert message["subject"] == "Înregistrare ș ț"
    assert message["message_id"] == row["message_id"]


def test_the_platform_writes_only_about_what_the_settings_name(tmp_path: Path):
    config = replace(configuration.load(tmp_path), notify_citizen=("solved",))
    ctx = build(config)
    person = {"kind": "natural", "name": "Ana", "email": "ana@exemplu.ro"}
    new = NewSubmission("primaria-valea-mare", "PET", "Petiție", person)
    with ctx.db.write() as tx:
        created = submissions.create(tx, new)
        for effect, body in (
            ("registration", {"number": "7/2026", "date": "2026-03-02"}),
            ("decision", {"outcome": "favourable", "uploads": []}),
        ):
            before = submissions.get(tx, created["id"])
            effects.ACTS[effect](effects.Act(tx, before, body, "client"))
            after = submissions.get(tx, created["id"])
            notices.on_effect(ctx, tx, effect, before, after)
            # The same act again changes nothing, so it tells nothing.
            notices.on_effect(ctx, tx, effect, after, after)
    (mail,) = ctx.db.read().execute("SELECT * FROM mails").fetchall()
    assert mail["subject"] == f"Solicitarea PISEG #{created['number']} – Soluționată"
    assert "7/2026" in mail["body"]


def test_the_catcher_shows_what_it_caught(platform: Platform):
    message = EmailMessage()
    message["From"], message["To"] = "a@exemplu.ro", "catcher@exemplu.ro"
    message["Subject"] = "Țintă <b>"
    message.set_content("Deschideți http://127.0.0.1:1/x?a=1&b=2.")
    message.add_alternative("<script>alert(1)</script>Salut", subtype="html")
    with smtplib.SMTP("127.0.0.1", platform.smtp_port) as server:
        server.send_message(message)
    found = wait_for(lambda: platform.mails("catcher@exemplu.ro"))[0]
    assert found["subject"] == "Țintă <b>"
    assert found["text"].startswith("Deschideți")
    page = httpx.get(f"{platform.mail_url}/messages/{found['id']}").text
    assert '<a href="http://127.0.0.1:1/x?a=1&amp;b=2"' in page
    assert "<script>" not in page
    html = httpx.get(f"{platform.mail_url}/messages/{found['id']}/html")
    assert html.headers["content-security-policy"].startswith("sandbox")
    assert found["id"] in httpx.get(platform.mail_url).text
    assert httpx.get(f"{platform.mail_url}/messages/..%2fx").status_code == 404


# -- limits ----------------------------------------------------------------------------


def test_calls_over_the_limit_are_refused_until_the_window_ends():
    limit = RateLimit(2, 60)
    assert [limit.take("a").allowed for _ in range(3)] == [True, True, False]
    assert limit.take("b").remaining == 1
    limit.window = 0
    assert limit.take("a").allowed


def test_failures_are_forgotten_after_a_success():
    throttle = Throttle()
    throttle.note("ana", "ana")
    assert throttle.blocked("ana", 2)
    throttle.forget("ana")
    assert not throttle.blocked("ana", 2)
