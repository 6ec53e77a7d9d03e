"""The whole way of one request, through the interfaces that people use."""

from stack.paths import RUN
from townhall.journey import Journey


def test_a_request_travels_from_the_citizen_to_the_decision_and_back(town_hall):
    town_hall.sandbox.seed(12, 2026, "--small")
    town_hall.wait_for_numbers(12, 120)
    Journey(town_hall, pictures=RUN / "screenshots" / "journey").walk()
