"""The digest that chains one journal row to the one before it.

An auditor can recompute it from an export with nothing but SHA-256: the digest
is taken over the previous digest and the row as JSON with sorted keys and
without blanks, in UTF-8.
"""

import hashlib
import json
from datetime import datetime

GENESIS = "0" * 64
CONTENT = (
    "sequence", "id", "at", "user_id", "company_id", "action",
    "model", "res_id", "res_label", "reason", "data",
)  # fmt: skip


def digest(previous: str, row: dict) -> str:
    """Give the digest of a row that follows ``previous``.

    >>> digest(GENESIS, {"sequence": 1, "action": "register"})[:12]
    'e52b9eb6cc84'
    """
    content = {key: _plain(row.get(key)) for key in CONTENT}
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _plain(value):
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value
