"""Procedures that come from elsewhere: the ready-made set, a platform's catalogue.

Whatever comes in leaves as a content (see ``procedure_content``) of which nothing is
longer, stranger or more numerous than a form can show. Text from far is hostile: it
stays text.
"""

import re
import unicodedata
from html import escape
from pathlib import Path

from lxml import etree

from .procedure_content import LISTS

FILE = Path(__file__).parent / "data" / "catalogue" / "procedures.xml"
VERIFY = "de verificat"

SHORT, LONG, LINES, MOST = 300, 5000, 60, 2000
CODE = re.compile(r"[^\W_][\w.\-/]{0,39}")
DURATIONS = {"completion_length", "notification_length", "validity_length"}
#: A choice outside these is dropped, so that the procedure's own stays.
CHOICES = {
    "audience": {"both", "natural", "legal", "institution"},
    "modality": {"national", "cross_border"},
    "term_unit": {"free_days", "calendar_days", "working_days", "months", "hours"},
    "completion_unit": {"calendar_days", "working_days", "free_days"},
    "notification_unit": {"calendar_days", "working_days", "free_days"},
    "validity_unit": {"days", "months", "years"},
    "signature_level": {"none", "advanced", "qualified"},
    "document_type": {
        "attachment", "signed_attachment", "scan", "form", "signed_form",
        "payment_proof", "photo", "information",
    },
    "output_type": {"document", "final_scan", "paper_and_signed", "notification"},
    "kind": {"fixed", "unit", "percentage", "typed"},
}  # fmt: skip
TEXTS = {"entitled", "appeal_note", "legal_basis", "contact_note"}
NAMES = {"name", "term_type_id", "term_law", "validity_note", "fee_note", "source_note"}
FLAGS = {"informational_only", "tacit_approval", "mandatory"}
LINE_TEXTS = {
    "documents": {"name", "description", "obtained_from"},
    "outputs": {"name", "description"},
    "fees": {"name", "unit_name", "base_name", "law", "payment_note"},
    "acts": {"name", "article", "title"},
}


class UnusableError(ValueError):
    """What came has no code or no name, so nobody could tell what it is."""


def text(value, limit=SHORT) -> str | None:
    r"""Return a value as text that can't pretend to be something else.

    Control characters and those that turn the direction of writing go; what is too
    long is cut.

    >>> text("Certificat\u202e de\x00 urbanism ")
    'Certificat de urbanism'
    >>> text("x" * 500)[-2:], text(["no", "text"]), text("  ")
    ('x…', None, None)
    """
    if not isinstance(value, str):
        return None
    kept = (
        " " if c in "\t\n\r" and limit == SHORT else c
        for c in unicodedata.normalize("NFC", value)
        if c in "\t\n\r" or unicodedata.category(c)[0] != "C"
    )
    plain = "".join(kept).strip()
    if limit == SHORT:
        plain = " ".join(plain.split())
    return (plain if len(plain) <= limit else plain[: limit - 1] + "…") or None


def amount(value, most=10_000_000) -> float | None:
    """Return a number that can be a fee, else None.

    >>> amount("30.00"), amount(-1), amount("nan"), amount("x"), amount(True)
    (30.0, None, None, None, None)
    """
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number <= most else None


def days(value, most=3650) -> int | None:
    """Return a length of time a law could set, else None.

    >>> days(30), days("30"), days(0), days(10**9), days(1.5), days(True)
    (30, None, 0, None, None, None)
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    return None


def clean(raw: dict) -> dict:
    """Return the content of a procedure that came from far.

    Only what is there and makes sense; a missing field says nothing about ours.

    :raise UnusableError: when it has no usable code or name

    >>> clean({"code": "CU", "name": "<b>Act</b>", "audience": "everybody",
    ...        "term_length": 0, "documents": [{"code": "1", "name": "A"}, 7]})
    {'code': 'CU', 'name': '<b>Act</b>', 'documents': [{'code': '1', 'name': 'A'}]}
    """
    code, name = text(raw.get("code")), text(raw.get("name"))
    if not code or not CODE.fullmatch(code) or not name:
        raise UnusableError(f"{code!r}: {name!r}")
    content = {"code": code, "name": name}
    if description := text(raw.get("description"), LONG):
        # The one field that is HTML here is built of escaped text.
        content["description"] = f"<p>{escape(description)}</p>"
    content |= _clean_values(raw, NAMES - {"name"}, TEXTS)
    for field in DURATIONS:
        if (length := days(raw.get(field))) is not None:
            content[field] = length
    if days(raw.get("term_length")):
        content["term_length"] = raw["term_length"]
    for part in LINE_TEXTS:
        if isinstance(raw.get(part), list):
            content[part] = _clean_lines(part, LISTS[part], raw[part])
    return content


def _clean_values(raw: dict, short, long=frozenset()) -> dict:
    values = {name: text(raw.get(name)) for name in sorted(short)}
    values |= {name: text(raw.get(name), LONG) for name in sorted(long)}
    values |= {n: raw[n] for n in sorted(FLAGS) if isinstance(raw.get(n), bool)}
    for name, allowed in CHOICES.items():
        if isinstance(raw.get(name), str) and raw[name] in allowed:
            values[name] = raw[name]
    return {name: value for name, value in values.items() if value is not None}


def _clean_lines(part: str, key: str, rows: list) -> list[dict]:
    lines = {}
    for row in rows[:LINES]:
        if not isinstance(row, dict) or not text(row.get("name")):
            continue
        line = _clean_values(row, LINE_TEXTS[part])
        for name, most in (("amount", 10_000_000), ("percentage", 100)):
            if part == "fees" and (value := amount(row.get(name), most)):
                line[name] = value
        if part == "documents":
            code = text(row.get("code"))
            if not code or not CODE.fullmatch(code):
                continue
            line = {"code": code} | line
            if line.get("obtained_from"):
                line["mandatory"] = False
        if part == "acts" and re.match(r"https?://\S+$", str(row.get("link"))):
            line["link"] = text(row["link"])
        lines.setdefault(line[key], line)
    return list(lines.values())


# ---------------------------------------------------------------- the ready-made set


def read_ready_made() -> list[dict]:
    """Return the ready-made set, to be cleaned; each with the ``department`` it suits.

    >>> ready = [clean(raw) for raw in read_ready_made()]
    >>> len(ready) >= 25, ready[0]["code"], ready[0]["documents"][0]["code"]
    (True, 'CU', 'CU-1')
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.parse(str(FILE), parser).getroot()
    return [_read(node, root.get("appeal")) for node in root.iter("procedure")]


def _read(node, appeal) -> dict:
    raw = {
        "code": node.get("code"),
        "name": node.findtext("name"),
        "description": node.findtext("description"),
        "entitled": node.findtext("entitled"),
        "audience": node.get("audience", "both"),
        "modality": node.get("modality", "national"),
        "informational_only": node.get("information") == "yes",
        "term_type_id": node.get("term"),
        "term_length": int(node.get("length", 0)),
        "term_unit": node.get("unit"),
        "term_law": node.get("law"),
        "validity_note": node.get("valid-note"),
        "appeal_note": node.get("appeal", appeal),
        "source_note": _read_source(node.find("source")),
        "documents": [
            _read_document(f"{node.get('code')}-{number}", line)
            for number, line in enumerate(node.iter("document"), 1)
        ],
        "outputs": [
            {"name": line.get("name"), "output_type": line.get("type")}
            for line in node.iter("output")
        ],
        "fees": [
            {
                "name": line.get("name"),
                "kind": line.get("kind"),
                "amount": line.get("amount"),
                "unit_name": line.get("unit"),
                "percentage": line.get("percentage"),
                "base_name": line.get("base"),
                "law": line.get("law"),
            }
            for line in node.iter("fee")
        ],
        "acts": [dict(line.attrib) for line in node.iter("act")],
    }
    if node.get("complete"):
        raw |= {"completion_length": int(node.get("complete"))}
    if node.get("valid"):
        length, unit = node.get("valid").split()
        raw |= {"validity_length": int(length), "validity_unit": unit}
    return raw | {"department": node.get("department")}


def _read_source(node) -> str:
    return f"{node.text} ({VERIFY})" if node.get("verify") else node.text


def _read_document(code: str, node) -> dict:
    return {
        "code": code,
        "name": node.get("name"),
        "document_type": node.get("type"),
        "signature_level": node.get("sign", "none"),
        "mandatory": node.get("optional") != "yes" and not node.get("from"),
        "obtained_from": node.get("from"),
    }
