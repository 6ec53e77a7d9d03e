"""Bodies of the exchange interface, as the published description shows them."""

import datetime as dt
import math
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

MAX_DEPTH = 32
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(max_length=20000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
State = Literal[
    "submitted",
    "taken_over",
    "registered",
    "in_progress",
    "clarification_requested",
    "clarification_answered",
    "resolved",
    "refused",
    "withdrawn",
    "closed",
]


class Open(BaseModel):
    """Fields may be added at any time; readers keep what they do not know."""

    model_config = ConfigDict(extra="allow")


# -- what the institution sends ---------------------------------------------------


class Effect(Open):
    client_reference: UUID = Field(
        description="Names this act for ever; repeating it changes nothing."
    )

    @model_validator(mode="before")
    @classmethod
    def _check_writable(cls, data: Any) -> Any:
        # Unknown fields are kept, so they must be values that JSON can carry back.
        _check_value(data, 0)
        return data

    def content(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


def _check_value(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        message = "nested too deeply"
        raise ValueError(message)
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        message = "not a number of JSON"
        raise ValueError(message)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(str(key))
            _check_value(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_value(item, depth + 1)


def _check_text(text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        message = "lone surrogates are not text"
        raise ValueError(message)


class Receipt(Effect):
    taken_over_at: AwareDatetime


class Registration(Effect):
    number: Short = Field(description="The internal number, as the citizen reads it.")
    date: dt.date
    # Named so because every model class already has a method `register`.
    register_name: Line | None = Field(default=None, alias="register")
    department: Line | None = None
    due_date: dt.date | None = None


class Refusal(Effect):
    permanent: bool = Field(
        description="False: it can be repaired; it stays open, and the repaired one "
        "is listed again with a higher version."
    )
    code: Short
    text: Annotated[str, StringConstraints(min_length=1, max_length=20000)]


class StateChange(Effect):
    state: State
    reason: Text | None = None
    at: AwareDatetime | None = None


class Message(Effect):
    kind: Literal["message", "clarification_request"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=20000)]
    due_date: dt.date | None = None
    uploads: list[Short] = Field(default_factory=list, max_length=100)


class UploadAnnouncement(Effect):
    name: Line
    size: int = Field(ge=0, le=2**40)
    sha256: Sha256
    media_type: Annotated[str, StringConstraints(max_length=200)] = (
        "application/octet-stream"
    )


class Decision(Effect):
    outcome: Literal["favourable", "unfavourable", "partial", "redirected", "closed"]
    text: Text | None = None
    number: Short | None = None
    date: dt.date | None = None
    uploads: list[Short] = Field(default_factory=list, max_length=100)


# -- what the platform answers ------------------------------------------------------


class ProcedureName(Open):
    code: str
    title: str


class SubmissionRow(Open):
    """One line of the list; also the answer to every act on a submission."""

    id: str
    number: str = Field(description="PISEG number.")
    version: int
    state: State
    procedure: ProcedureName
    submitted_at: Moment
    updated_at: Moment
    file_count: int


class SubmissionPage(Open):
    items: list[SubmissionRow]
    next_cursor: str
    has_more: bool


class Applicant(Open):
    kind: Literal["natural", "legal"]
    name: str
    first_name: str | None = None
    last_name: str | None = None
    cnp: str | None = None
    cui: str | None = None
    email: str | None = None
    phone: str | None = None
    address: dict[str, Any] | None = None
    representative: dict[str, Any] | None = None


class Consent(Open):
    given: bool
    at: Moment
    text_version: str


class FileInfo(Open):
    id: str
    slot: str | None
    name: str = Field(description="As the citizen named it: data, never a path.")
    size: int
    sha256: str
    declared_type: str
    signed: bool
    scan: Literal["pending", "clean", "infected"]


class Payment(Open):
    reference: str
    amount: str
    currency: str
    at: Moment


class HistoryLine(Open):
    id: str
    at: Moment
    actor: Literal["citizen", "institution", "platform"]
    kind: str
    text: str
    files: list[str]


class Submission(SubmissionRow):
    institution: str
    applicant: Applicant
    account_kind: Literal["personal", "company"]
    observations: str
    consent: Consent
    form: dict[str, Any]
    files: list[FileInfo]
    payments: list[Payment]
    history: list[HistoryLine]
    registration: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    issued_files: list[FileInfo] = Field(
        default_factory=list, description="What the institution sent to the citizen."
    )


class Event(Open):
    id: str
    at: Moment
    submission_id: str
    kind: Literal[
        "submitted",
        "clarification_answered",
        "message",
        "file_added",
        "withdrawn",
        "deleted",
    ]
    data: dict[str, Any]


class EventPage(Open):
    items: list[Event]
    next_cursor: str
    has_more: bool


class Term(Open):
    value: int
    unit: Literal["calendar_days", "working_days"]


class ProcedureDocument(Open):
    slot: str = Field(description="What `files[].slot` refers to.")
    name: str
    description: str
    mandatory: bool
    signature: bool
    type: str


class Fee(Open):
    amount: str
    currency: str
    note: str


class LegalAct(Open):
    title: str
    reference: str


class Procedure(Open):
    code: str
    title: str
    description: str
    documents: list[ProcedureDocument]
    term: Term
    completion_term: Term | None
    fee: Fee
    legal_acts: list[LegalAct]
    redress: str
    informational_only: bool


class Catalogue(Open):
    items: list[Procedure]


class Recorded(Open):
    """What stands under a client_reference."""

    client_reference: str
    submission_id: str | None
    effect: Literal[
        "receipt",
        "registration",
        "refusal",
        "state",
        "message",
        "upload",
        "decision",
    ]
    at: Moment
    body: dict[str, Any]


class MessageSent(Open):
    id: str
    at: Moment
    kind: str
    files: list[str]


class UploadState(Open):
    id: str
    offset: int
    complete: bool = Field(description="All bytes are here and their SHA-256 is right.")


class Token(Open):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class Health(Open):
    status: Literal["ok"]
