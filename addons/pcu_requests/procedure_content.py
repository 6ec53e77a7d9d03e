"""What a procedure says, as plain data that can be compared.

Content is a mapping of field names to values and five lists: ``documents``,
``outputs``, ``fees``, ``acts`` and ``approvals``. Versions keep it; catalogues bring
all but the approvals, which are the house's own.
"""

import hashlib
import json
from dataclasses import dataclass

#: For each list, the key by which its lines are the same line.
LISTS = {
    "documents": "code",
    "outputs": "name",
    "fees": "name",
    "acts": "name",
    "approvals": "name",
}


@dataclass(frozen=True)
class Difference:
    """One thing that two contents say differently.

    ``part`` is a list or empty; ``line`` names its line. Without ``field`` the whole
    line came (``before`` is None) or went (``after`` is None).
    """

    part: str
    line: str
    field: str
    before: object
    after: object


def digest(content: dict) -> str:
    """Return a fingerprint that is the same for the same content."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(old: dict, new: dict) -> list[Difference]:
    """Tell what changed from one content to the other, in the order of reading.

    >>> old = {"name": "A", "fees": [{"name": "Taxă", "amount": 5}]}
    >>> new = {"name": "B", "fees": [{"name": "Taxă", "amount": 6}, {"name": "Timbru"}]}
    >>> for found in differences(old, new):
    ...     print(found.part, found.line, found.field, found.before, found.after)
      name A B
    fees Taxă amount 5 6
    fees Timbru  None {'name': 'Timbru'}

    Lines that only changed places are told once, by their order:

    >>> one, two = {"code": "1", "name": "x"}, {"code": "2", "name": "y"}
    >>> moved = differences({"documents": [one, two]}, {"documents": [two, one]})
    >>> [(m.part, m.field, m.before, m.after) for m in moved]
    [('documents', 'order', 'x, y', 'y, x')]
    """
    found = []
    for name in _names(old, new):
        if name in LISTS:
            found += _line_differences(name, old.get(name) or [], new.get(name) or [])
        elif (old.get(name) or None) != (new.get(name) or None):
            found.append(Difference("", "", name, old.get(name), new.get(name)))
    return found


def _line_differences(part: str, old: list, new: list) -> list[Difference]:
    key = LISTS[part]
    before = {line[key]: line for line in old}
    after = {line[key]: line for line in new}
    found = []
    for identity in _names(before, after):
        one, other = before.get(identity), after.get(identity)
        name = (other or one)["name"]
        if one is None or other is None:
            found.append(Difference(part, name, "", one, other))
            continue
        found += [
            Difference(part, name, field, one.get(field), other.get(field))
            for field in _names(one, other)
            if (one.get(field) or None) != (other.get(field) or None)
        ]
    kept_before = [after[k]["name"] for k in before if k in after]
    kept_after = [line["name"] for k, line in after.items() if k in before]
    if kept_before != kept_after:
        orders = ", ".join(kept_before), ", ".join(kept_after)
        found.append(Difference(part, "", "order", *orders))
    return found


def _names(one, other) -> list:
    """Return the keys of both, each once, those of the first first."""
    return list(dict.fromkeys([*one, *other]))
