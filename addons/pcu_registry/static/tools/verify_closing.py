#!/usr/bin/env python3
"""Check the daily closings of a register: python3 verify_closing.py FOLDER [DIGEST]

FOLDER holds the files of one register without a day left out; DIGEST is what the last
one must have, as printed in a statement or signed. Needs Python 3.8, nothing else.
"""

import hashlib
import json
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path


def check(path, before, seen):
    """Return the header with the file's digest, and what is wrong with the file."""
    lines = path.read_bytes().splitlines(keepends=True)
    header, *rows, end = map(json.loads, lines)
    header["digest"] = hashlib.sha256(b"".join(lines)).hexdigest()
    above = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    seen.update((r["year"], r["number"]) for r in rows if r.get("reply") is False)
    day = str(date.fromisoformat(before["day"]) + timedelta(1)) if before else None
    tests = {
        "it is not the file of this day": header["file"] == path.name,
        "a row was changed": end["sha256"] == above,
        "rows are missing": end["counts"] == Counter(r["type"] for r in rows),
        f"the closing of {day} is missing": not day or header["day"] == day,
        "it does not follow the file before": not before
        or (header["register"], header["sequence"], header["previous"])
        == (before["register"], before["sequence"] + 1, before["digest"]),
    }
    return header, [fault for fault, good in tests.items() if not good]


chain, seen, faults = [None], Counter(), []
for path in sorted(Path(sys.argv[1]).glob("*.jsonl")):
    try:
        header, wrong = check(path, chain[-1], seen)
        chain.append(header)
    except (ValueError, KeyError, TypeError) as error:
        wrong = [f"it can't be read as a closing: {error!r}"]
    faults += [f"{path.name}: {fault}" for fault in wrong]
faults += [f"number {n} of {y} stands twice" for (y, n), k in seen.items() if k > 1]
if len(chain) == 1 or sys.argv[2:] not in ([], [chain[-1]["digest"]]):
    faults.append("the last closing is not the one expected")
if faults:
    sys.exit("\n".join(faults))
days = " to ".join(f"no. {h['sequence']} of {h['day']}" for h in (chain[1], chain[-1]))
sys.stdout.write(f"OK: {days}, {len(seen)} numbers, digest {chain[-1]['digest']}\n")
