"""Two hundred submissions, listed twice."""

import guarantees
import pytest

pytestmark = pytest.mark.proof


def test_a_submission_listed_twice_is_registered_and_told_once(town_hall, measured):
    hall = town_hall
    hall.sandbox.seed(200, 11, "--files-per-submission", "3", "--small")
    hall.pull()
    took = hall.wait_for_numbers(200, 600)
    measured(f"200 submissions with 3 files each: {took:.0f} s to the last number")

    hall.sandbox.control("relist")
    before = hall.value("SELECT now() AT TIME ZONE 'UTC'")
    hall.pull()
    hall.wait_until(
        lambda: hall.value("SELECT last_success_at FROM pcu_platform") > before,
        120,
        "the second look",
    )
    hall.wait_until(lambda: len(first_mails(hall)) >= 200, 600, "200 first e-mails")

    guarantees.at_rest(hall)
    assert hall.numbers() == list(range(1, 201))
    assert hall.value("SELECT count(*) FROM pcu_register_entry") == 200
    assert hall.value("SELECT count(*) FROM pcu_request") == 200
    assert hall.value("SELECT count(*) FROM pcu_exchange_file") == 600
    assert len(first_mails(hall)) == 200
    assert len({m["message_id"] for m in first_mails(hall)}) == 200


def first_mails(hall) -> list[dict]:
    return [m for m in hall.mail.messages() if "înregistrat" in m["subject"]]
