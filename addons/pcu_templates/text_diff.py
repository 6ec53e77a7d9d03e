"""What changed between two versions of a text, line by line and word by word; pure."""

import difflib
import re
from collections.abc import Iterator

from markupsafe import Markup

#: Lines with less in common are shown one after the other, not word by word.
ALIKE = 0.4
_WORDS = re.compile(r"\s+|[^\s]+")


def compare(old: str, new: str) -> Markup:
    """Return the new text with what was added and removed marked, as HTML.

    Marked by words as well as by colour: a screen reader says *insertion* and
    *deletion*, print shows underline and strike.

    >>> compare("Se aprobă cererea.", "Se respinge cererea.")
    Markup('<p>Se <del>aprobă</del><ins>respinge</ins> cererea.</p>')
    """
    parts = Markup("")
    for before, after in _pair_lines(old.splitlines(), new.splitlines()):
        parts += Markup("<p>%s</p>") % Markup("").join(_compare_line(before, after))
    return parts


def count_changes(old: str, new: str) -> int:
    """Return in how many lines two texts differ.

    >>> count_changes("a\\nb", "a\\nc\\nd")
    2
    """
    lines = _pair_lines(old.splitlines(), new.splitlines())
    return sum(before != after for before, after in lines)


def _pair_lines(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield lines side by side; an empty one stands where the other has no partner."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
        length = max(i2 - i1, j2 - j1)
        left = old[i1:i2] + [""] * (length - (i2 - i1))
        right = new[j1:j2] + [""] * (length - (j2 - j1))
        yield from zip(left, right, strict=True)


def _compare_line(old: str, new: str) -> Iterator[Markup]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    alike = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    if alike.ratio() < ALIKE:
        before, after = [old] * bool(old), [new] * bool(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Markup("%s") % "".join(after[j1:j2])
            continue
        if i2 > i1:
            yield Markup("<del>%s</del>") % "".join(before[i1:i2])
        if j2 > j1:
            yield Markup("<ins>%s</ins>") % "".join(after[j1:j2])
