"""The process dies at a random moment of a pull; nothing is lost or done twice."""

import random
import time

KILLS = 10
SUBMISSIONS = 50


def test_after_ten_kills_each_submission_has_one_number_and_one_mail(
    make_town_hall, measured
):
    hall = make_town_hall(wakeup=False)
    hall.open()
    server = hall.servers[0]
    server.kill()
    hall.sandbox.seed(SUBMISSIONS, 5, "--files-per-submission", "2", "--small")
    moments = random.Random(20261121)
    for _ in range(KILLS):
        server.start()
        pull(hall)
        time.sleep(moments.uniform(0.05, 2.5))
        server.kill()
    done = len(hall.numbers())
    measured(f"{KILLS} kills: {done} of {SUBMISSIONS} had a number at the last one")

    server.start()
    pull(hall)
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


def pull(hall) -> None:
    hall.clerk("administrator").call(
        "pcu.platform", "action_pull_now", hall.value("SELECT id FROM pcu_platform")
    )


def left_to_do(hall) -> int:
    return hall.value(
        "SELECT (SELECT count(*) FROM pcu_notice WHERE state <> 'sent')"
        " + (SELECT count(*) FROM pcu_exchange_effect WHERE state <> 'done')"
    )
