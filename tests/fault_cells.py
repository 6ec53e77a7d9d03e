"""The faults that one submission can meet, for ``test_fault_matrix.py``."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import fault_proxy as fp
from townhall_world import applicant

LONG = "Ș" * 300


@dataclass(frozen=True)
class Fault:
    """A fault of some calls about one submission, and what a clerk sees of it."""

    name: str
    path: str
    act: fp.Act
    times: int | None = None
    seen: tuple[str, ...] = ()
    button: str = ""
    few: bool = False
    ends: str = "acked"


def on(value: dict, **values) -> dict:
    """Put values into a JSON object of an answer."""
    return value | values


def in_ten_seconds(call: fp.Call) -> fp.Answer:
    moment = datetime.now(UTC) + timedelta(seconds=10)
    return fp.Answer(429, b"", {"Retry-After": format_datetime(moment, usegmt=True)})


def nulled(body: dict) -> dict:
    kept = ("id", "number", "version", "state", "procedure", "institution", "files")
    files = [
        on(file, slot=None, name=None, declared_type=None, signed=None, scan=None)
        for file in body["files"]
    ]
    nothing = dict.fromkeys(set(body) - set(kept))
    return on(body, files=files, **nothing)


def dated(moment) -> fp.Act:
    def change(body: dict) -> dict:
        consent = {"given": True, "at": moment, "text_version": "1"}
        return on(body, submitted_at=moment, updated_at=moment, consent=consent)

    return fp.edit(change)


def long_names(body: dict) -> dict:
    named = applicant(name=LONG, first_name=LONG, last_name=LONG)
    files = [on(file, name=f"{LONG}.pdf") for file in body["files"]]
    return on(body, applicant=named, files=files,
              procedure={"code": "PET", "title": LONG})  # fmt: skip


DETAILS, FILE = "^GET /api/v1/submissions/{id}$", "^GET /api/v1/submissions/{id}/files/"
RECEIPT, NUMBER = "^PUT .*/{id}/receipt$", "^PUT .*/{id}/registration$"

FAULTS = [
    Fault("latency of 30 s", DETAILS, fp.delay(30), times=1),
    Fault("500", DETAILS, fp.say(500), seen=("server",), few=True),
    Fault("502 after processing", NUMBER, fp.say(502, after=True), times=1, few=True),
    Fault("502 after processing, for good", NUMBER, fp.say(502, after=True)),
    Fault("429, seconds", DETAILS, fp.say(429, Retry_After="5"), seen=("throttled",)),
    Fault("429, date", DETAILS, in_ten_seconds, seen=("throttled",), few=True),
    Fault("429, without a word", DETAILS, fp.say(429), seen=("throttled",)),
    Fault("429, RateLimit", DETAILS,
          fp.say(429, RateLimit_Remaining="0", RateLimit_Reset="5"),
          seen=("throttled",)),
    Fault("429 to our answer", NUMBER, fp.say(429, Retry_After="5"),
          seen=("throttled",)),
    Fault("503, come back later", DETAILS, fp.say(503, Retry_After="5"),
          seen=("server",)),
    Fault("details cut off", DETAILS, fp.cut(100), seen=("server",)),
    Fault("file cut off, three times", FILE, fp.cut(100_000), times=3, few=True),
    Fault("file always cut off", FILE, fp.cut(10), seen=("server",)),
    Fault("half a file with 200", FILE, fp.half, seen=("server",)),
    Fault("half the details with 200", DETAILS, fp.half, seen=("bad_answer",)),
    Fault("wrong hash once", FILE, fp.flip, times=1),
    Fault("wrong hash", FILE, fp.flip, seen=("hash_mismatch",),
          button="action_retry", few=True),
    Fault("expired token", DETAILS, fp.say(401), times=1),
    Fault("expired file", FILE, fp.say(410), times=1),
    Fault("unknown fields", DETAILS, fp.edit(lambda b: on(b, x_new={"a": [1]}))),
    Fault("nulls", DETAILS, fp.edit(nulled), few=True),
    Fault("the year 9999", DETAILS, dated("9999-12-31T23:59:59Z"), few=True),
    Fault("the year 1", DETAILS, dated("0001-01-01T00:00:00+02:00")),
    Fault("the 31st of February", DETAILS, dated("2026-02-31T10:00:00Z")),
    Fault("a date that is a number", DETAILS, dated(10**30)),
    Fault("names of 300 characters", DETAILS, fp.edit(long_names), few=True),
    Fault("clock 10 min ahead", DETAILS, dated(
        (datetime.now(UTC) + timedelta(minutes=10)).isoformat())),
    Fault("clock 10 min behind", DETAILS, dated(
        (datetime.now(UTC) - timedelta(minutes=10)).isoformat())),
    Fault("receipt lost after processing", RECEIPT, fp.swallow, times=1),
    Fault("number lost after processing", NUMBER, fp.swallow, times=1, few=True),
    Fault("answer to the number cut off", NUMBER, fp.cut(5), times=1),
]  # fmt: skip
