"""The platform's catalogue in the words of a procedure's content.

The platform's rows are hostile: whatever isn't what it should be is left out here or by
``pcu_requests.catalogue.clean``, which sees everything before it is kept.
"""

from __future__ import annotations

import unicodedata
from typing import Any

#: The words by which PCUe names the kinds of documents, with and without diacritics.
DOCUMENT_TYPES = {
    "atasament": "attachment",
    "atasament semnat electronic": "signed_attachment",
    "document scanat": "scan",
    "formular predefinit": "form",
    "formular tipizat": "form",
    "formular predefinit semnat electronic": "signed_form",
    "dovada de plata": "payment_proof",
    "fotografie": "photo",
    "document informativ": "information",
}


def to_content(row: dict[str, Any]) -> dict[str, Any]:
    """Return a catalogue's row as the raw content of a procedure.

    >>> row = {"code": "CU", "title": "Certificat", "redress": "Plângere",
    ...        "term": {"value": 15, "unit": "working_days"},
    ...        "documents": [{"slot": "CU-1", "name": "Cerere", "mandatory": True,
    ...                       "type": "Formular predefinit semnat electronic",
    ...                       "signature": True}]}
    >>> content = to_content(row)
    >>> content["name"], content["term_length"], content["term_unit"]
    ('Certificat', 15, 'working_days')
    >>> sorted(content["documents"][0].items())[:3]
    [('code', 'CU-1'), ('description', None), ('document_type', 'signed_form')]
    >>> to_content({"code": "X", "term": "soon", "documents": "none"})["documents"]
    """
    content = {
        "code": row.get("code"),
        "name": row.get("title"),
        "description": row.get("description"),
        "entitled": row.get("entitled"),
        "informational_only": row.get("informational_only"),
        "appeal_note": row.get("redress"),
        "documents": _read_lines(row.get("documents"), _read_document),
        "acts": _read_lines(row.get("legal_acts"), _read_act),
    }
    for name, key in (("term", "term"), ("completion", "completion_term")):
        term = row.get(key)
        if isinstance(term, dict):
            content[f"{name}_length"] = term.get("value")
            content[f"{name}_unit"] = term.get("unit")
    fee = row.get("fee")
    if isinstance(fee, dict):
        content["fee_note"] = fee.get("note")
        # A fee of nothing says: it depends, or it is free; the note says which.
        if fee.get("amount") not in (None, "", "0", "0.00", 0):
            content["fees"] = [
                {"name": "Taxă", "kind": "fixed", "amount": fee.get("amount")}
            ]
    return content


def _read_lines(rows: Any, read) -> list[dict[str, Any]] | None:
    if not isinstance(rows, list):
        return None
    return [read(row) for row in rows if isinstance(row, dict)]


def _read_document(row: dict[str, Any]) -> dict[str, Any]:
    kind = _without_marks(str(row.get("type") or "")).casefold()
    return {
        "code": row.get("slot"),
        "name": row.get("name"),
        "description": row.get("description"),
        "mandatory": row.get("mandatory"),
        "document_type": DOCUMENT_TYPES.get(kind),
        "signature_level": "advanced" if row.get("signature") is True else "none",
    }


def _read_act(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": row.get("reference") or row.get("title"), "title": row.get("title")}


def _without_marks(text: str) -> str:
    """Return the text without diacritics, whichever signs they are written with.

    >>> _without_marks("Dovadă de plată")
    'Dovada de plata'
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not unicodedata.combining(c))
