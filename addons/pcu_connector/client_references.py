"""Stable names for what we send: the same effect has the same name for ever."""

from __future__ import annotations

import uuid

#: Namespace of the suite; changing it would rename every effect ever sent.
NAMESPACE = uuid.UUID("6f1d3a52-5d0b-5c62-9c55-3c2f0f0f7a19")


def effect_reference(
    instance: str, institution: str, remote_id: str, kind: str, version: int
) -> str:
    """Name one effect of one submission.

    >>> effect_reference("db", "inst", "s1", "receipt", 1)
    'a4c4a734-f324-561d-8a8b-1d2aaf6ff0f1'
    """
    name = "\n".join((instance, institution, remote_id, kind, str(version)))
    return str(uuid.uuid5(NAMESPACE, name))


def upload_reference(effect: str, document_id: int, sha256: str) -> str:
    """Name one file of one effect."""
    return str(uuid.uuid5(uuid.UUID(effect), f"upload\n{document_id}\n{sha256}"))
