"""Tolerant reading of what a platform sends.

Unknown fields stay in ``raw``; a missing optional field gets a default; an odd value
becomes a line in ``notes`` that a person can read, never an exception that loses the
submission. Only an object without its identity is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

#: Deepest nesting that is kept; what lies deeper is replaced by a note.
MAX_DEPTH = 40
#: Longest single text that is kept.
MAX_TEXT = 1_000_000
#: Longest identifier and code: they stand in indexes.
MAX_WORD = 200
#: Years that a date can mean; with others no calendar can count.
YEARS = range(1900, 2200)

_SURROGATE = re.compile("[\ud800-\udfff]")


class MalformedError(ValueError):
    """The answer lacks what no default can replace."""


def clean(value: Any, depth: int = 0) -> Any:
    """Make a parsed JSON value storable in PostgreSQL, changing as little as can be.

    NUL and lone surrogates are legal in JSON and impossible in a text column: they
    become U+FFFD.

    >>> clean({"a\\x00": ["b\\x00", 1, None]})
    {'a\\ufffd': ['b\\ufffd', 1, None]}
    """
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value[:MAX_TEXT].replace("\x00", "\ufffd"))
    if depth > MAX_DEPTH:
        return "[…]"
    if isinstance(value, dict):
        return {clean(str(k)): clean(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v, depth + 1) for v in value]
    if isinstance(value, float) and (value != value or value in (1e999, -1e999)):
        return None
    return value


def parse_time(value: Any) -> datetime | None:
    """Read RFC 3339 into naive UTC, or None when it can't be read.

    >>> parse_time("2026-11-10T09:30:00+02:00")
    datetime.datetime(2026, 11, 10, 7, 30)
    >>> parse_time("2026-11-10T09:30:00.123456Z")
    datetime.datetime(2026, 11, 10, 9, 30)
    >>> parse_time("ieri"), parse_time("9999-12-31T23:59:59Z")
    (None, None)
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if moment.tzinfo:
        try:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        except (OverflowError, ValueError):
            return None
    return moment.replace(microsecond=0) if moment.year in YEARS else None


def _text(source: dict, key: str) -> str:
    value = source.get(key)
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()


def _word(source: dict, key: str) -> str:
    """Return a number or code; what is too long to be one is cut."""
    return _text(source, key)[:MAX_WORD]


def _integer(source: dict, key: str, default: int = 0, limit: int = 2**31) -> int:
    """Return a whole number that fits into its column, or the default."""
    try:
        value = int(source.get(key))
    except (TypeError, ValueError, OverflowError):
        return default
    return value if abs(value) < limit else default


def mapping(source: dict, key: str) -> dict:
    """Return an object inside an object; something else is none."""
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def rows(source: dict, key: str) -> list[dict]:
    """Return the objects of a list inside an object; something else is none."""
    value = source.get(key)
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, dict)]


def _identity(source: dict, key: str = "id") -> str:
    identity = _text(source, key)
    if not identity or len(identity) > MAX_WORD:
        msg = "object without id"
        raise MalformedError(msg)
    return identity


@dataclass(frozen=True)
class SubmissionRow:
    """One line of the list: enough to know that there is something to fetch."""

    id: str
    number: str
    version: int
    state: str
    procedure_code: str
    procedure_title: str
    submitted_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def parse(cls, row: dict) -> SubmissionRow:
        procedure = mapping(row, "procedure")
        return cls(
            id=_identity(row),
            number=_word(row, "number"),
            version=_integer(row, "version", 1),
            state=_word(row, "state"),
            procedure_code=_word(procedure, "code"),
            procedure_title=_text(procedure, "title"),
            submitted_at=parse_time(row.get("submitted_at")),
            updated_at=parse_time(row.get("updated_at")),
        )


@dataclass(frozen=True)
class Page:
    """A page of a list, and where the next one starts."""

    next_cursor: str
    has_more: bool
    broken: int = 0


@dataclass(frozen=True)
class SubmissionPage(Page):
    """A page of the submission list; ``broken`` counts rows without identity."""

    items: tuple[SubmissionRow, ...] = ()

    @classmethod
    def parse(cls, body: dict) -> SubmissionPage:
        return _page(cls, SubmissionRow, body)


@dataclass(frozen=True)
class Event:
    """One thing that a citizen did."""

    id: str
    at: datetime | None
    submission_id: str
    kind: str
    data: dict

    @classmethod
    def parse(cls, row: dict) -> Event:
        return cls(
            id=_identity(row),
            at=parse_time(row.get("at")),
            submission_id=_identity(row, "submission_id"),
            kind=_text(row, "kind"),
            data=mapping(row, "data"),
        )

    @property
    def text(self) -> str:
        return _text(self.data, "text") or _text(self.data, "reason")

    @property
    def file_ids(self) -> tuple[str, ...]:
        """Ids of the files the event brings, whichever way it names them."""
        found = []
        named = self.data.get("files")
        for entry in named if isinstance(named, list) else ():
            if isinstance(entry, dict):
                found.append(_text(entry, "id"))
            elif isinstance(entry, str):
                found.append(entry)
        single = _text(self.data, "file_id") or _text(mapping(self.data, "file"), "id")
        return tuple(dict.fromkeys(i for i in [*found, single] if i))


@dataclass(frozen=True)
class EventPage(Page):
    """A page of the events feed."""

    items: tuple[Event, ...] = ()

    @classmethod
    def parse(cls, body: dict) -> EventPage:
        return _page(cls, Event, body)


def _page(cls, row_class, body: dict):
    if not isinstance(body.get("items"), list):
        msg = "list answer without items"
        raise MalformedError(msg)
    items, broken = [], 0
    for row in body["items"]:
        try:
            items.append(row_class.parse(row))
        except (MalformedError, AttributeError):
            broken += 1
    return cls(
        items=tuple(items),
        next_cursor=_text(body, "next_cursor"),
        has_more=bool(body.get("has_more")),
        broken=broken,
    )


@dataclass(frozen=True)
class RemoteFile:
    """A file as the platform describes it; ``name`` is data, never a path."""

    id: str
    slot: str
    name: str
    size: int | None
    sha256: str
    declared_type: str
    signed: bool
    scan: str

    @classmethod
    def parse(cls, row: dict) -> RemoteFile:
        size = _integer(row, "size", -1, limit=2**63)
        return cls(
            id=_identity(row),
            slot=_text(row, "slot"),
            name=_text(row, "name") or "fișier",
            size=size if size >= 0 else None,
            sha256=_text(row, "sha256").lower(),
            declared_type=_text(row, "declared_type"),
            signed=bool(row.get("signed")),
            scan=_text(row, "scan") or "clean",
        )


@dataclass(frozen=True)
class Submission:
    """A submission with its applicant, form and list of files."""

    id: str
    number: str
    version: int
    state: str
    procedure_code: str
    procedure_title: str
    submitted_at: datetime | None
    updated_at: datetime | None
    applicant: dict
    account_kind: str
    observations: str
    consent: dict
    form: dict
    files: tuple[RemoteFile, ...]
    notes: tuple[str, ...] = ()
    raw: dict = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, body: dict) -> Submission:
        row = SubmissionRow.parse(body)
        notes, files = [], []
        if not row.submitted_at:
            notes.append("submitted_at")
        for entry in rows(body, "files"):
            try:
                files.append(RemoteFile.parse(entry))
            except MalformedError:
                notes.append("files[].id")
        return cls(
            id=row.id,
            number=row.number,
            version=row.version,
            state=row.state,
            procedure_code=row.procedure_code,
            procedure_title=row.procedure_title,
            submitted_at=row.submitted_at,
            updated_at=row.updated_at,
            applicant=mapping(body, "applicant"),
            account_kind=_text(body, "account_kind"),
            observations=_text(body, "observations"),
            consent=mapping(body, "consent"),
            form=mapping(body, "form"),
            files=tuple(files),
            notes=tuple(notes),
            raw=body,
        )


def what_was_filed(raw: dict) -> dict:
    """Return what the applicant is the author of, to tell a repair by.

    Not what the platform and we ourselves write beside it: versions, states, scans.

    >>> paper = {"id": "1", "sha256": "ab", "scan": "pending"}
    >>> first = {"version": 1, "form": {"a": "b"}, "files": [paper]}
    >>> again = first | {"version": 2, "files": [paper | {"scan": "clean"}]}
    >>> what_was_filed(first) == what_was_filed(again)
    True
    >>> what_was_filed(first) == what_was_filed(again | {"form": {"a": "c"}})
    False
    """
    history = (line for line in rows(raw, "history") if line.get("actor") == "citizen")
    return {
        key: raw.get(key) for key in ("applicant", "observations", "form", "payments")
    } | {
        "files": [(f.get("id"), f.get("sha256")) for f in rows(raw, "files")],
        "acts": [line.get("id") for line in history],
    }


def party_values(applicant: dict) -> dict[str, str]:
    """Turn the applicant into the words of ``res.partner._pcu_find_or_create``.

    >>> party_values({"kind": "natural", "first_name": "Ana", "last_name": "Pop"})
    {'kind': 'natural', 'name': 'Pop Ana', 'first_name': 'Ana', 'last_name': 'Pop'}
    """
    kind = "legal" if _text(applicant, "kind") == "legal" else "natural"
    first, last = _text(applicant, "first_name"), _text(applicant, "last_name")
    name = _text(applicant, "name") or f"{last} {first}".strip()
    values = {"kind": kind, "name": name, "first_name": first, "last_name": last}
    for key in ("cnp", "cui", "email", "phone"):
        values[key] = _text(applicant, key)
    values.update(_address(applicant.get("address")))
    return {key: value for key, value in values.items() if value}


def _address(address: Any) -> dict[str, str]:
    """Read an address given as a text or as an object with parts."""
    if isinstance(address, str):
        return {"street": address.strip()}
    if not isinstance(address, dict):
        return {}
    street = _text(address, "street") or _text(address, "text")
    number = _text(address, "number")
    return {
        "street": f"{street} {number}".strip(),
        "city": _text(address, "city") or _text(address, "locality"),
        "county": _text(address, "county"),
    }
