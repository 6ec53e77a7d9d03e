"""How long the citizen waits from *Lansează* to the registered number."""

import time

import pytest


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def told(how: str, waits: list[float]) -> str:
    """Write the figures for the summary."""
    return (
        f"„Lansează” to number, {how}: p95 {p95(waits):.2f} s, max {max(waits):.2f} s"
    )


def delays(hall, count: int, pause: float, timeout: float) -> list[float]:
    """File ``count`` submissions, ``pause`` apart; return each one's waiting time."""
    filed = {}
    for n in range(count):
        answer = hall.submit(observations=f"Cererea {n}")
        filed[str(answer["number"])] = time.time()
        time.sleep(pause)
    hall.wait_for_numbers(count, timeout)
    # write_date of the number: the moment the citizen's number existed.
    known = hall.rows(
        "SELECT r.origin_number, EXTRACT(EPOCH FROM j.at AT TIME ZONE 'UTC')"
        " FROM pcu_request r JOIN pcu_journal j ON j.res_id = r.entry_id"
        " AND j.model = 'pcu.register.entry' AND j.action = 'entry_registered'"
    )
    return [float(at) - filed[number] for number, at in known]


@pytest.mark.alone
def test_with_the_wake_up_call_a_number_takes_at_most_five_seconds(town_hall, measured):
    waits = delays(town_hall, 20, 0.5, 60)
    measured(told("wake-up", waits))
    assert len(waits) == 20
    assert p95(waits) <= 5


def test_without_it_at_most_one_interval_and_five_seconds(make_town_hall, measured):
    hall = make_town_hall(wakeup=False, interval=1)
    hall.open()
    waits = delays(hall, 10, 4, 90)
    measured(told("polling every minute", waits))
    assert len(waits) == 10
    assert p95(waits) <= 60 + 5
