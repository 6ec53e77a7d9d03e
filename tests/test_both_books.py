"""The two sides' books laid side by side find what no other check can.

Each mistake of ``exchange_mutants.py`` leaves both sides sound for themselves: numbers
without a gap, words with their rows, a whole journal. Only who reads both sees it.
"""

import json
from pathlib import Path

import both_books
import guarantees
import pytest
from townhall_world import applicant

pytestmark = pytest.mark.proof

HERE = Path(__file__).parent
#: Mistake -> which check says so, and in which words about its submission.
FOUND = {
    "number_said_and_never_sent": (
        both_books.done_is_done, "registration of {key} counts as recorded"
    ),
    "other_document_pushed": (both_books.done_is_done, "is not what was sent"),
    "last_file_forgotten": (
        both_books.all_is_here, "file plan.txt of {key} is unknown here"
    ),
    "recorded_gives_way": (both_books.all_is_here, "state of {key}: we do not know it"),
    "refused_here_only": (both_books.all_is_here, "{key} is submitted there and"),
    "withdrawn_here_only": (
        both_books.all_is_here, "{key} was withdrawn here only, there it is"
    ),
}  # fmt: skip


@pytest.fixture
def hall(make_town_hall):
    hall = make_town_hall(wakeup=False)
    hall.mail.start()
    hall.sandbox.start()
    hall.make_database()
    return hall


def live(hall, mistaken: str) -> dict[str, str]:
    """Let all the stories happen; return the submission of each mistake."""
    said = hall.odoo.run_shell(
        hall.database,
        (HERE / "books_driver.py").read_text(),
        PCU_MUTANTS=str(HERE / "exchange_mutants.py"),
        PCU_SANDBOX=hall.sandbox.url,
        PCU_CONTROL=hall.sandbox.control_token,
        PCU_APPLICANT=json.dumps(applicant()),
        PCU_MISTAKEN=mistaken,
    )
    return json.loads(said.strip().splitlines()[-1])


def elsewhere(hall) -> list[str]:
    """Ask all checks that need no second book."""
    return [
        *guarantees.one_entry_each(hall), *guarantees.no_early_word(hall),
        *guarantees.rows_of_their_cause(hall), *guarantees.nothing_passed_by(hall),
        *guarantees.journal_says_it(hall),
    ]  # fmt: skip


def test_only_both_books_find_each_of_these_mistakes(hall, measured):
    live(hall, "no")
    assert not [*both_books.done_is_done(hall), *both_books.all_is_here(hall)]
    met = live(hall, "yes")
    assert set(met) == set(FOUND)
    assert not elsewhere(hall)
    for mistake, (check, words) in FOUND.items():
        wanted = words.format(key=met[mistake])
        found = [sentence for sentence in check(hall) if wanted in sentence]
        assert found, f"{check.__name__} does not find {mistake}"
        measured(f"{mistake}: {check.__name__}: {found[0]}")
