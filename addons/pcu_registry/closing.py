"""The file of a day's closing, and what keeps it closed; pure, no ``env``.

A closing is a text file of JSON lines whose bytes depend on nothing but the rows: a
header that names the register, the day and the digest of the file of the day before;
one line an entry, a document and an annulment; an end line with the counts and the
SHA-256 of all lines above. The digest of the whole file stands in the header of the
next one. Whoever changes a row, leaves out a row or a day, or swaps two files breaks
the chain; ``static/tools/verify_closing.py`` finds it with nothing but Python.

The file holds no name, no summary and no file name: what an entry says is in it as a
digest only. It can be signed and published without giving personal data away.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import BinaryIO

FORMAT = "pcu-closing/1"
GENESIS = "0" * 64


def file_name(register: str, day: date) -> str:
    """Name the file of a day; the header repeats it, so that swapping shows.

    >>> file_name("RG/544", date(2026, 11, 21))
    'RG-544-2026-11-21.jsonl'
    """
    return f"{slug(register)}-{day:%Y-%m-%d}.jsonl"


def slug(register: str) -> str:
    """Write the code of a register so that every file system takes it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", register)


def canonical(record: dict) -> bytes:
    """Write a record as the one line it can be.

    >>> canonical({"number": 2, "day": date(2026, 11, 21)})
    b'{"day":"2026-11-21","number":2}\\n'
    """
    text = json.dumps(
        record, sort_keys=True, ensure_ascii=False, separators=(",", ":"),
        default=_plain,
    )  # fmt: skip
    return text.encode() + b"\n"


def content_digest(*values) -> str:
    """Return the digest of what an entry says, without saying it.

    >>> content_digest("Cerere", None, 2) == content_digest("Cerere", "", 2)
    True
    """
    return hashlib.sha256(canonical([value or "" for value in values])).hexdigest()


def write_file(out: BinaryIO, header: dict, records: Iterable[dict]) -> Counter:
    """Write a closing line by line; return how many lines there are of each type.

    :param records: dictionaries with ``type`` entry, document or annulment
    """
    digest, counts = hashlib.sha256(), Counter()

    def put(record):
        line = canonical(record)
        out.write(line)
        digest.update(line)

    put({"type": "header", "format": FORMAT, **header})
    for record in records:
        counts[record["type"]] += 1
        put(record)
    put({"type": "end", "counts": dict(counts), "sha256": digest.hexdigest()})
    return counts


def _plain(value):
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}Z"
    return value.isoformat()


ENTRIES = """
SELECT e.id, e.year, e.number, e.reference, e.registered_at, e.registration_date,
       e.direction, e.state = 'annulled', e.answers_id IS NOT NULL,
       e.external_number, e.external_date,
       e.page_count, e.annex_count, s.name, r.name, e.summary
  FROM pcu_register_entry e
  LEFT JOIN res_partner s ON s.id = e.sender_id
  LEFT JOIN res_partner r ON r.id = e.recipient_id
 WHERE %(which)s ORDER BY e.year, e.number, e.id
"""
"""What a closing says about entries; ``which`` is a condition on ``e``."""
DOCUMENTS = """
SELECT d.id, e.year, e.number, d.sha256, d.size, d.kind
  FROM pcu_document d JOIN pcu_register_entry e ON e.id = d.entry_id
 WHERE %(which)s ORDER BY e.year, e.number, d.id
"""
ANNULMENTS = """
SELECT e.id, e.year, e.number, e.annulled_at, e.annulment_reason
  FROM pcu_register_entry e WHERE %(which)s ORDER BY e.year, e.number
"""

TAKE_DOCUMENTS = """
UPDATE pcu_document d SET closing_id = %(closing)s
  FROM pcu_register_entry e
 WHERE e.id = d.entry_id AND d.closing_id IS NULL AND d.received_at < %(ended)s
   AND e.register_id = %(register)s AND e.number IS NOT NULL
   AND e.registration_date <= %(day)s
RETURNING d.id
"""
TAKE_ENTRIES = """
UPDATE pcu_register_entry e SET closing_id = %(closing)s
 WHERE e.register_id = %(register)s AND e.closing_id IS NULL
   AND e.number IS NOT NULL AND e.registration_date <= %(day)s
RETURNING e.id
"""


def entry_record(row: tuple) -> dict:
    """Turn a row of ``ENTRIES`` into a line of the file."""
    (_id, year, number, reference, registered_at, day, direction, annulled,
     reply, *content) = row  # fmt: skip
    return {
        "type": "entry", "year": year, "number": number, "reference": reference,
        "date": day, "registered_at": registered_at.replace(microsecond=0),
        "direction": direction, "annulled": annulled,
        "reply": reply, "content": content_digest(*content),
    }  # fmt: skip


def document_record(row: tuple) -> dict:
    """Turn a row of ``DOCUMENTS`` into a line of the file."""
    _id, year, number, sha256, size, kind = row
    return {
        "type": "document", "year": year, "number": number, "sha256": sha256,
        "size": size, "kind": kind,
    }  # fmt: skip


def annulment_record(row: tuple) -> dict:
    """Turn a row of ``ANNULMENTS`` into a line of the file."""
    _id, year, number, annulled_at, reason = row
    return {
        "type": "annulment", "year": year, "number": number,
        "annulled_at": annulled_at.replace(microsecond=0),
        "content": content_digest(reason),
    }  # fmt: skip


FUNCTION = """
CREATE OR REPLACE FUNCTION pcu_register_check_closing() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- What isn't in the file can't be taken in later: rows and closing are written in
    -- one transaction, and create_date is its beginning.
    IF NOT EXISTS (
        SELECT 1 FROM pcu_register_closing c
         WHERE c.id = NEW.closing_id AND c.register_id = NEW.register_id
           AND c.day >= NEW.registration_date
           AND c.create_date = now() AT TIME ZONE 'UTC') THEN
        RAISE EXCEPTION 'an entry goes into a closing only while that is made'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME,
              TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
TRIGGERS = {
    "pcu_register_closing": """
CREATE OR REPLACE TRIGGER pcu_register_closing_frozen
BEFORE UPDATE OR DELETE ON pcu_register_closing FOR EACH ROW
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_closing_frozen', 'the closing of a day is never changed');
CREATE OR REPLACE TRIGGER pcu_register_closing_no_truncate
BEFORE TRUNCATE ON pcu_register_closing FOR EACH STATEMENT
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_closing_frozen', 'the closing of a day is never changed');
""",
    "pcu_register_entry": """
CREATE OR REPLACE TRIGGER pcu_register_entry_closed
BEFORE UPDATE OF closing_id ON pcu_register_entry FOR EACH ROW
WHEN (OLD.closing_id IS NOT NULL AND NEW.closing_id IS DISTINCT FROM OLD.closing_id)
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_entry_closed', 'an entry stays in the closing of its day');
CREATE OR REPLACE TRIGGER pcu_register_entry_take
BEFORE INSERT OR UPDATE OF closing_id ON pcu_register_entry FOR EACH ROW
WHEN (NEW.closing_id IS NOT NULL)
EXECUTE FUNCTION pcu_register_check_closing();
""",
    "pcu_document": """
CREATE OR REPLACE TRIGGER pcu_document_closed
BEFORE UPDATE OF closing_id ON pcu_document FOR EACH ROW
WHEN (OLD.closing_id IS NOT NULL AND NEW.closing_id IS DISTINCT FROM OLD.closing_id)
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_document_closed', 'a document stays in the closing of its day');
""",
}
"""By table; they need the kernel's ``pcu_register_refuse``."""
