"""The process dies at a random moment of a pull; nothing is lost or done twice.

The moments are drawn over the work and not over the time, so that the kills fall on
listing, fetching, registering and telling alike, however fast the machine starts.
"""

import random
import time

import pytest

pytestmark = pytest.mark.proof

KILLS = 10
SUBMISSIONS = 50
FILES = 2
STEPS = SUBMISSIONS * (1 + FILES + 1 + 1 + 1)
"""Per submission: listed, each file fetched, numbered, the platform and citizen told"""


def test_after_ten_kills_each_submission_has_one_number_and_one_mail(
    make_town_hall, measured
):
    hall = make_town_hall(wakeup=False)
    hall.open()
    server = hall.servers[0]
    server.kill()
    hall.sandbox.seed(SUBMISSIONS, 5, "--files-per-submission", str(FILES), "--small")
    chance = random.Random(20261121)
    seen = []
    for moment in sorted(chance.sample(range(STEPS), KILLS)):
        server.start()
        hall.pull()
        hall.wait_until(lambda m=moment: steps_done(hall) >= m, 120, f"step {moment}")
        time.sleep(chance.uniform(0, 0.3))
        server.kill()
        seen.append(len(hall.numbers()))
    measured(f"numbers of {SUBMISSIONS} given at each of {KILLS} kills: {seen}")

    server.start()
    hall.pull()
    hall.wait_for_numbers(SUBMISSIONS, 180)
    hall.wait_until(lambda: not left_to_do(hall), 180, "all mails and effects")

    assert hall.numbers() == list(range(1, SUBMISSIONS + 1))
    assert hall.value("SELECT count(*) FROM pcu_request") == SUBMISSIONS
    assert hall.value("SELECT count(*) FROM pcu_exchange_item") == SUBMISSIONS
    rows = hall.rows(
        "SELECT request_id, kind, count(*), count(DISTINCT mail_id) FROM pcu_notice"
        " GROUP BY 1, 2 HAVING count(*) > 1 OR count(DISTINCT mail_id) <> 1"
    )
    assert rows == []
    ids = [m["message_id"] for m in hall.mail.messages()]
    # Between SMTP's acceptance and our commit a mail can go out again; it is then the
    # same mail, by its Message-ID.
    assert len(set(ids)) == SUBMISSIONS


def steps_done(hall) -> int:
    return hall.value(
        "SELECT (SELECT count(*) FROM pcu_exchange_item)"
        " + (SELECT count(*) FROM pcu_exchange_file WHERE document_id IS NOT NULL)"
        " + (SELECT count(*) FROM pcu_register_entry WHERE number IS NOT NULL)"
        " + (SELECT count(*) FROM pcu_exchange_effect WHERE state = 'done')"
        " + (SELECT count(*) FROM pcu_notice WHERE state = 'sent')"
    )


def left_to_do(hall) -> int:
    return hall.value(
        "SELECT (SELECT count(*) FROM pcu_notice WHERE state <> 'sent')"
        " + (SELECT count(*) FROM pcu_exchange_effect WHERE state <> 'done')"
    )
