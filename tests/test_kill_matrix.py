"""SIGKILL at every step of a submission's way, before, after and inside each step.

Two servers race throughout, and both they and the platform die: `tests/killing` says
how. The way is walked once with a census, which gives the points; then they are armed
batch after batch while new submissions walk the same way. After each batch all must
come to rest by itself, and N1 to N8 are asked of both sides.

`PCU_PROOF=20` is one batch, whose points stand below.
"""

import itertools
import os
import random
from collections import Counter, defaultdict

import pytest

pytest.register_assert_rewrite("killing.invariants")

from killing import invariants, points  # noqa: E402
from killing.town import MortalTown  # noqa: E402

pytestmark = pytest.mark.proof

WANTED = int(os.environ.get("PCU_PROOF", "20"))
BATCH = 32
#: Submissions that walk the way in a batch, and the seconds that each part may take.
WALKERS, PATIENCE = 3, 300
#: Every so many a point of Odoo ends the whole server with all its processes.
WHOLE = 8
#: What is at a step's border, rather than inside.
BORDER = (
    "before commit", "after commit", "call", "answer", "request", "after COMMIT",
    "after body",
)  # fmt: skip
#: The points of the small size, by the census of the full one: around what can't be
#: taken back. A point that nobody meets is left out, so there are more than wanted.
SMALL = (
    "odoo claim poll 005", "odoo list 004", "odoo store page 028",
    "odoo store page 038", "odoo claim and look 005", "odoo fetch 002",
    "odoo download 007", "odoo store file 020", "odoo store file 027",
    "odoo file request 040", "odoo file request 086", "odoo number 001",
    "odoo number 004", "odoo look again 017", "odoo send 002",
    "odoo finish effect 020", "odoo notice claim 021", "odoo notice send 020",
    "odoo notice send 027", "odoo upload 004", "odoo store upload 018",
    "odoo apply event 130", "odoo clerk action_confirm 058", "odoo finish poll 014",
    "odoo take by hand 009", "odoo take by hand 030", "odoo refresh 002",
    "odoo store refreshed 012",
    "platform PUT submissions * registration 001",
    "platform PUT submissions * registration 010",
    "platform GET submissions * files * 007", "platform PATCH uploads * 006",
    "platform PUT submissions * decision 018",
)  # fmt: skip


def test_after_each_kill_nothing_is_lost_and_nothing_done_twice(request, measured):
    with MortalTown("e2e_kill_matrix") as town:
        town.open()
        matrix = Matrix(town)
        matrix.run()
        measured(matrix.table())
    assert len(matrix.met) >= WANTED


class Matrix:
    """Arms, kills, waits, asks."""

    def __init__(self, town):
        self.town, self.checked = town, Counter()
        town.look = lambda: self.ask(invariants.ALWAYS)
        self.met: list[str] = []

    def run(self) -> None:
        small = WANTED <= BATCH
        waiting = list(SMALL) if small else self.points()
        size = len(SMALL) if small else BATCH
        while len(self.met) < WANTED and waiting:
            batch, waiting = waiting[:size], waiting[size:]
            odoo = [name for name in batch if name.startswith("odoo")]
            self.town.arm(batch, whole=odoo[10::WHOLE])
            self.town.walk(WALKERS, PATIENCE)
            self.town.disarm()
            self.town.until(lambda: not self.town.restless(), PATIENCE, "rest")
            self.ask(invariants.AT_REST)
            self.met = self.town.fired()

    def points(self) -> list[str]:
        """Walk the way once, unharmed; return its points, those of all steps mixed."""
        census = self.town.points / "armed" / points.CENSUS
        census.touch()
        self.town.walk(2, PATIENCE)
        census.unlink()
        self.ask(invariants.AT_REST)
        steps = defaultdict(dict)
        for name, what, *_rest in self.town.notes("census"):
            steps[name.rpartition(" ")[0]].setdefault(name, what)
        return mix(steps)

    def ask(self, checks: dict) -> None:
        """Ask what must hold.

        :raise AssertionError: with the points that were met since it last held
        """
        for name, check in checks.items():
            try:
                self.checked[name] += check(self.town)
            except AssertionError as error:
                met = sorted(set(self.town.fired()) - set(self.met))
                raise AssertionError(f"{name}, after {met}: {error}") from error

    def table(self) -> str:
        """Return the result as it is printed: per step, how often who died."""
        lines = [f"{'killed at':48}{'points':>7}{'process':>8}{'server':>7}"]
        died = defaultdict(Counter)
        for name, _what, whom in self.town.notes("deaths"):
            died[name.rpartition(" ")[0]][whom] += 1
        for step, whom in sorted(died.items()):
            lines.append(
                f"{step[:47]:48}{whom.total():7}{whom['process']:8}{whom['server']:7}"
            )
        total = sum(died.values(), Counter())
        lines.append(
            f"{'all':48}{total.total():7}{total['process']:8}{total['server']:7}"
        )
        lines += [f"{name}: held, {n} things" for name, n in self.checked.items()]
        return "\n".join(lines)


def mix(steps: dict[str, dict[str, str]]) -> list[str]:
    """Put the points in an order that takes from every step in turn.

    Of each step, borders and what lies inside alternate, in an order of chance.
    """
    chance = random.Random(20261122)
    columns = []
    for found in steps.values():
        names = sorted(found)
        chance.shuffle(names)
        border = [name for name in names if found[name].startswith(BORDER)]
        inside = [name for name in names if not found[name].startswith(BORDER)]
        pairs = itertools.chain(*itertools.zip_longest(border, inside))
        columns.append([name for name in pairs if name])
    rounds = itertools.zip_longest(*columns)
    mixed = []
    for points_of_round in rounds:
        present = [name for name in points_of_round if name]
        chance.shuffle(present)
        mixed += present
    return mixed
