"""Saying what démarche numérique tells in the words of our payloads; pure.

A dossier is named by its number, the one identifier that its lists of dossiers and of
deleted dossiers share. A file has no identifier there: ours is where it stands and its
MD5, because its address changes with each answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .payloads import mapping, parse_time, rows

#: The platform's states in our words.
STATES = {
    "en_construction": "submitted",
    "en_instruction": "in_progress",
    "accepte": "resolved",
    "refuse": "resolved",
    "sans_suite": "closed",
}
ENDS = ("accepte", "refuse", "sans_suite")
#: Reasons of a deletion that are the applicant's own will.
WITHDRAWALS = ("user_request", "user_removed")
#: Fields of a form that hold no answer.
SILENT_FIELDS = ("HeaderSectionChamp", "ExplicationChamp", "PieceJustificativeChamp")
#: What a clock and a transaction that commits late may hide from a timestamp.
OVERLAP = timedelta(minutes=5)
#: Versions are seconds since then: they fit into four bytes until 2094.
EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001 -- as parse_time gives it


@dataclass(frozen=True)
class Position:
    """Where a list that is ordered by time goes on.

    Within one look the platform's own cursor leads to the next page; the next look
    starts a little before the newest moment seen, because what was committed late may
    carry an earlier one. What comes twice is known by its identifier.
    """

    since: str = ""
    newest: str = ""
    after: str = ""

    @property
    def asked_since(self) -> str | None:
        """Return the moment to ask from, with the overlap.

        >>> Position("2026-11-10T09:00:00Z").asked_since
        '2026-11-10T08:55:00+00:00'
        """
        moment = parse_time(self.since)
        return moment and (moment - OVERLAP).replace(tzinfo=UTC).isoformat()

    def advance(self, info: dict[str, Any], moments: list[str]) -> Position:
        """Return the position behind a page.

        >>> first = Position().advance({"hasNextPage": True, "endCursor": "c"}, ["1"])
        >>> first
        Position(since='', newest='1', after='c')
        >>> first.advance({"hasNextPage": False}, [])
        Position(since='1', newest='', after='')
        """
        newest = max([self.newest, *moments])
        if info.get("hasNextPage") and info.get("endCursor"):
            return Position(self.since, newest, str(info["endCursor"]))
        return Position(since=newest or self.since)


def read_positions(cursor: str, names: tuple[str, ...]) -> dict[str, Position]:
    """Read a cursor of ours; an unreadable one starts anew, which only costs time.

    >>> read_positions("", ("a",))
    {'a': Position(since='', newest='', after='')}
    >>> here = {"a": Position("2026-01-01T00:00:00Z")}
    >>> read_positions(write_positions(here), ("a",)) == here
    True
    """
    try:
        stored = json.loads(cursor or "{}")
        return {name: Position(**stored.get(name, {})) for name in names}
    except (ValueError, TypeError, AttributeError):
        return {name: Position() for name in names}


def write_positions(positions: dict[str, Position]) -> str:
    """Write positions as one cursor."""
    return json.dumps({name: asdict(place) for name, place in positions.items()})


def version_of(moment: Any) -> int:
    """Turn the time of the last change into a number that grows.

    >>> version_of("2026-01-01T00:01:00Z"), version_of(None)
    (61, 1)
    """
    changed = parse_time(moment)
    return max(int((changed - EPOCH).total_seconds()), 0) + 1 if changed else 1


def as_row(dossier: dict[str, Any], demarche: dict[str, Any]) -> dict[str, Any]:
    """Say a row of the list."""
    return {
        "id": dossier.get("number"),
        "number": dossier.get("number"),
        "version": version_of(dossier.get("dateDerniereModification")),
        "state": STATES.get(dossier.get("state"), dossier.get("state")),
        "procedure": {
            "code": demarche.get("number"),
            "title": demarche.get("title"),
        },
        "submitted_at": dossier.get("dateDepot"),
        "updated_at": dossier.get("dateDerniereModification"),
    }


def as_submission(dossier: dict[str, Any]) -> dict[str, Any]:
    """Say a whole dossier; what is unknown stays beside, but for its lapsing links."""
    return as_row(dossier, mapping(dossier, "demarche")) | {
        "applicant": _applicant(dossier),
        "form": _form(dossier),
        "files": [_as_file(*place) for place in files_of(dossier)],
        "source": _without_addresses(dossier),
    }


def _applicant(dossier: dict[str, Any]) -> dict[str, Any]:
    """Say who asks; a French SIRET is no Romanian identifier, so it stays beside."""
    who = mapping(dossier, "demandeur")
    company = mapping(who, "entreprise")
    legal = bool(who.get("siret"))
    name = company.get("raisonSociale") or who.get("siret") if legal else None
    agent = (dossier.get("prenomMandataire"), dossier.get("nomMandataire"))
    return {
        "kind": "legal" if legal else "natural",
        "name": name,
        "first_name": who.get("prenom"),
        "last_name": who.get("nom"),
        "email": who.get("email") or mapping(dossier, "usager").get("email"),
        "address": mapping(who, "address").get("label"),
        "representative": " ".join(str(part) for part in agent if part)
        if dossier.get("deposeParUnTiers")
        else None,
    }


def _form(dossier: dict[str, Any]) -> dict[str, str]:
    """Return the answers under their questions.

    >>> field = {"label": "Rue", "stringValue": "Lungă", "__typename": "TextChamp"}
    >>> _form({"champs": [field, field | {"stringValue": "5"}]})
    {'Rue': 'Lungă; 5'}
    """
    answers = {}
    for field in _fields(dossier):
        said = field.get("stringValue")
        if said and field.get("__typename") not in SILENT_FIELDS:
            label = str(field.get("label") or field.get("id"))
            known = answers.get(label)
            answers[label] = f"{known}; {said}" if known else str(said)
    siret = mapping(dossier, "demandeur").get("siret")
    return answers | ({"SIRET": str(siret)} if siret else {})


def _fields(dossier: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the fields of the form, those in repeated blocks too."""
    for field in rows(dossier, "champs"):
        yield field
        for block in rows(field, "rows"):
            yield from rows(block, "champs")


def files_of(dossier: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the applicant's files: identifier, slot, description."""
    for field in _fields(dossier):
        for piece in rows(field, "files"):
            yield file_id(field, piece), str(field.get("label") or ""), piece
    for message in messages_of_applicant(dossier):
        for piece in rows(message, "attachments"):
            yield file_id(message, piece), "", piece


def file_id(owner: dict[str, Any], piece: dict[str, Any]) -> str:
    """Name a file by where it stands and by its MD5."""
    return f"{owner.get('id')}:{piece.get('checksum')}"


def md5_of(identifier: str) -> str:
    """Return the MD5, in base64, that stands in a file's identifier.

    >>> md5_of("Q2hhbXA=:XrY7u+Ae7tCTyyK7j1rNww==")
    'XrY7u+Ae7tCTyyK7j1rNww=='
    """
    return identifier.rpartition(":")[2]


def _as_file(identifier: str, slot: str, piece: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": identifier,
        "slot": slot,
        "name": piece.get("filename"),
        "size": piece.get("byteSizeBigInt"),
        "declared_type": piece.get("contentType"),
        "scan": "infected" if piece.get("virusScanResult") == "infected" else "clean",
    }


def messages_of_applicant(dossier: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the applicant wrote, not what we did."""
    address = mapping(dossier, "usager").get("email")
    return [m for m in rows(dossier, "messages") if m.get("email") == address]


def acts_of(dossier: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what the applicant did after filing: messages, corrected dossiers."""
    number = dossier.get("number")
    for message in messages_of_applicant(dossier):
        pieces = rows(message, "attachments")
        yield {
            "id": message.get("id"),
            "at": message.get("createdAt"),
            "submission_id": number,
            "kind": "message",
            "data": {
                "text": message.get("body"),
                "files": [file_id(message, piece) for piece in pieces],
            },
        }
    for message in rows(dossier, "messages"):
        solved = mapping(message, "correction").get("dateResolution")
        if solved:
            files = _files_since(dossier, message.get("createdAt"))
            yield {
                "id": f"{message.get('id')}:solved",
                "at": solved,
                "submission_id": number,
                "kind": "clarification_answered",
                "data": {"files": files},
            }


def _files_since(dossier: dict[str, Any], moment: Any) -> list[str]:
    """Name the files of the form that came after we asked for a correction."""
    asked = parse_time(moment)
    return [
        file_id(field, piece)
        for field in _fields(dossier)
        for piece in rows(field, "files")
        if asked and (parse_time(piece.get("createdAt")) or asked) > asked
    ]


def as_deletion(deleted: dict[str, Any]) -> dict[str, Any]:
    """Say that a dossier is gone; announced and carried out are one act.

    >>> as_deletion({"number": 7, "reason": "user_request"})["kind"]
    'withdrawn'
    >>> as_deletion({"number": 7, "reason": "expired"})["kind"]
    'deleted'
    """
    own_will = deleted.get("reason") in WITHDRAWALS
    return {
        "id": f"{deleted.get('number')}:deleted",
        "at": deleted.get("dateSupression"),
        "submission_id": deleted.get("number"),
        "kind": "withdrawn" if own_will else "deleted",
        "data": {},
    }


def _without_addresses(value: Any) -> Any:
    """Leave out the signed addresses of files: whoever has one can read the file."""
    if isinstance(value, dict):
        return {k: _without_addresses(v) for k, v in value.items() if k != "url"}
    if isinstance(value, list):
        return [_without_addresses(row) for row in value]
    return value
