"""The catalogue of procedures: data in a file, the same for every institution."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("data") / "catalogue.toml"


@cache
def procedures() -> dict[str, dict[str, Any]]:
    """Return the procedures by code, in the order of the file."""
    with FILE.open("rb") as source:
        rows = tomllib.load(source)["procedures"]
    return {row["code"]: _complete(row) for row in rows}


def _complete(row: dict[str, Any]) -> dict[str, Any]:
    documents = [
        {
            "slot": f"{row['code']}-{position}",
            "name": document["name"],
            "description": document.get("description", ""),
            "mandatory": document.get("mandatory", False),
            "signature": document.get("signature", False),
            "type": document.get("type", "Atașament"),
        }
        for position, document in enumerate(row.get("documents", ()), start=1)
    ]
    return {
        "informational_only": False,
        "description": "",
        "completion_term": None,
        "redress": "",
        **row,
        "documents": documents,
    }


def fold(text: str) -> str:
    """Return the text as a search compares it: no diacritics, no case.

    >>> fold("Primăria Orașului  VALEA-Mare")
    'primaria orasului valea mare'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c if c.isalnum() else " " for c in parts if not _is_mark(c))
    return " ".join(plain.split())


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def matches(query: str, *texts: str) -> bool:
    """Tell whether each word asked for begins a word of the texts."""
    words = fold(" ".join(texts)).split()
    return all(any(w.startswith(asked) for w in words) for asked in fold(query).split())
