"""Reading an e-mail as it was received; pure, no ``env``.

Everything here distrusts its input: headers lie about character sets, dates and types,
parts nest, names carry control characters. What can still be read is read; what can't
be is reported with a code, and the caller keeps the original bytes either way.
"""

import email
import email.policy
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError, StartBoundaryNotFoundDefect
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

EMPTY, NO_HEADERS, DAMAGED, TOO_MANY_PARTS = (
    "empty", "no_headers", "damaged", "too_many_parts",
)  # fmt: skip
AUTO_REPLY, BULK, DELIVERY_REPORT = "auto_reply", "bulk", "delivery_report"

MAX_PARTS = 500
MAX_TEXT = 100_000
"""Characters of text kept beside the original for reading on the screen."""

RECIPIENT_HEADERS = (
    "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc",
    "Resent-To", "Resent-Cc",
)  # fmt: skip
_FALLBACK_CHARSETS = ("utf-8", "cp1250", "iso-8859-2")
"""What Romanian mails are written in when they don't say, or say something else."""

_OWN_NUMBER = re.compile(
    r"(\d{1,9})\s*(?:/|\bdin\b)\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})"
)
_WORD = re.compile(r"[^\s,;:()\[\]<>„”\"']+")
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


class UnreadableError(ValueError):
    """The message can't be parsed; the text is one of the codes above."""


@dataclass(frozen=True)
class Attached:
    """A file in the message, as it came."""

    name: str
    declared_type: str
    content: bytes


@dataclass
class Letter:
    """What could be read of a message."""

    subject: str = ""
    sender_name: str = ""
    sender_email: str = ""
    sent_at: datetime | None = None
    references: list[str] = field(default_factory=list)
    text: str = ""
    files: list[Attached] = field(default_factory=list)
    automatic: str | None = None


def headers_of(raw: bytes) -> Message:
    """Parse the headers only; never raises on what a stranger may send."""
    try:
        return email.message_from_bytes(_head(raw), policy=email.policy.compat32)
    except (MessageError, ValueError, LookupError):
        return Message()


def recipients(raw: bytes) -> list[str]:
    r"""Return the addresses a message was sent to, envelope first, lower case.

    >>> recipients(b"To: Registratura <Registratura@Primaria.ro>, x@y.ro\n\nhi")
    ['registratura@primaria.ro', 'x@y.ro']
    """
    headers = headers_of(raw)
    values = [str(v) for name in RECIPIENT_HEADERS for v in headers.get_all(name, [])]
    found = (address.strip().lower() for _name, address in getaddresses(values))
    return list(dict.fromkeys(address for address in found if "@" in address))


def key_of(raw: bytes) -> str:
    """Return what makes a message the same message on a second delivery.

    Servers add headers on the way, so they don't count; the Message-ID alone doesn't
    either, because a stranger may repeat one over other content.
    """
    message_id = str(headers_of(raw).get("Message-ID") or "").strip()
    digest = hashlib.sha256(message_id.encode("utf-8", "replace") + b"\0")
    parts = _EMPTY_LINE.split(raw, maxsplit=1)
    digest.update(parts[1] if len(parts) > 1 else raw)
    return digest.hexdigest()


def read(raw: bytes) -> Letter:
    """Read a message.

    :raise UnreadableError: with the reason's code
    """
    if not raw.strip():
        raise UnreadableError(EMPTY)
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        if not any(message.get(name) for name in ("From", "Subject", "Date", "To")):
            raise UnreadableError(NO_HEADERS)
        letter = _read_headers(message)
        _read_parts(message, letter)
    except UnreadableError:
        raise
    except (MessageError, ValueError, LookupError, TypeError, AttributeError,
            RecursionError, IndexError) as exc:  # fmt: skip
        # The parser of the standard library meets malformed mails with all of these.
        raise UnreadableError(DAMAGED) from exc
    return letter


def automatic_kind(headers: Message) -> str | None:
    """Tell whether a program wrote the message, and what kind of program (RFC 3834).

    >>> automatic_kind(email.message_from_string("Auto-Submitted: auto-replied"))
    'auto_reply'
    >>> automatic_kind(email.message_from_string("Auto-Submitted: no"))
    """
    if headers.get_content_type() == "multipart/report" or (
        str(headers.get("Return-Path") or "").strip() == "<>"
    ):
        return DELIVERY_REPORT
    submitted = str(headers.get("Auto-Submitted") or "no").partition(";")[0]
    if submitted.strip().lower() != "no":
        return AUTO_REPLY
    if any(headers.get(n) for n in ("X-Auto-Response-Suppress", "X-Autoreply",
                                    "X-Autorespond")):  # fmt: skip
        return AUTO_REPLY
    precedence = str(headers.get("Precedence") or "").strip().lower()
    if precedence in ("auto_reply", "auto-reply"):
        return AUTO_REPLY
    if precedence in ("bulk", "junk", "list"):
        return BULK
    return None


def cited_numbers(subject: str) -> list[str]:
    """Find what may be a number of ours in a subject, most likely first.

    >>> cited_numbers("Re: Răspuns la nr. 1234/10.11.2026")
    ['1234/10.11.2026']
    >>> cited_numbers("RE: adresa 7 din 3.2.2026; RG-000042/2026")
    ['7/03.02.2026', 'RG-000042/2026']
    >>> cited_numbers("Cerere")
    []
    """
    found = [
        f"{int(number)}/{int(day):02d}.{int(month):02d}.{year}"
        for number, day, month, year in _OWN_NUMBER.findall(subject or "")
    ]
    for word in _WORD.findall(subject or ""):
        word = word.strip(".#!?")
        if "/" in word and any(c.isdigit() for c in word):
            found.append(word)
    return list(dict.fromkeys(found))[:20]


# ---------------------------------------------------------------------- headers


def _head(raw: bytes) -> bytes:
    """Return the bytes before the first empty line, with it."""
    found = _EMPTY_LINE.search(raw)
    return raw[: found.end()] if found else raw


def _read_headers(message: Message) -> Letter:
    letter = Letter(subject=_words(message.get("Subject")))
    senders = getaddresses([str(message.get("From") or "")])
    if senders:
        name, address = senders[0]
        letter.sender_name, letter.sender_email = _words(name), address.strip().lower()
    letter.sent_at = _moment(message.get("Date"))
    letter.references = re.findall(
        r"<[^<>\s]+>",
        # Some programs encode an identifier that is too long for one line.
        f"{_words(message.get('References'))} {_words(message.get('In-Reply-To'))}",
    )[-32:]
    letter.automatic = automatic_kind(message)
    return letter


def _words(header) -> str:
    """Decode a header whatever its character set claims to be; one line."""
    if header is None:
        return ""
    try:
        pieces = decode_header(header)
    except (MessageError, ValueError):
        pieces = [(str(header), None)]
    text = "".join(
        piece if isinstance(piece, str) else _decode(piece, charset)
        for piece, charset in pieces
    )
    return " ".join(_clean(text).split())


def _moment(value) -> datetime | None:
    """Return the moment of a Date header as naive UTC, or None."""
    try:
        moment = parsedate_to_datetime(str(value))
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if 1970 <= moment.year <= 9000 else None


# ---------------------------------------------------------------------- content


def _read_parts(message: Message, letter: Letter) -> None:
    if message.get_content_maintype() == "multipart" and (
        not message.is_multipart()
        or any(isinstance(d, StartBoundaryNotFoundDefect) for d in message.defects)
    ):
        raise UnreadableError(DAMAGED)
    texts, pages = [], []
    for number, part in enumerate(_leaves(message)):
        if number >= MAX_PARTS:
            raise UnreadableError(TOO_MANY_PARTS)
        if _is_text(part):
            target = pages if part.get_content_subtype() == "html" else texts
            target.append(_text_of(part))
        else:
            letter.files.append(_file_of(part, number))
    # The plain text if there is any: what a page shows may be laid out to deceive.
    plain = "\n".join(texts) if any(text.strip() for text in texts) else None
    letter.text = (plain or html_to_text("\n".join(pages))).strip()[:MAX_TEXT]


def _leaves(part: Message) -> Iterator[Message]:
    """Walk the parts; a message within the message is one file."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for child in part.get_payload():
            yield from _leaves(child)
    else:
        yield part


def _is_text(part: Message) -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _text_of(part: Message) -> str:
    content = part.get_payload(decode=True) or b""
    return _clean(_decode(content, part.get_content_charset()))


def _file_of(part: Message, number: int) -> Attached:
    kind = part.get_content_type()
    if part.get_content_maintype() == "message" and part.is_multipart():
        inner = part.get_payload(0)
        content = inner.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))
        name = _words(part.get_filename()) or f"{_words(inner.get('Subject'))[:80]}.eml"
        return Attached(name, kind, content)
    content = part.get_payload(decode=True)
    if content is None:
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return Attached(_words(part.get_filename()) or f"{number + 1}", kind, content)


def html_to_text(page: str) -> str:
    r"""Return what a page says, without anything that could run or load.

    >>> html_to_text("<p>Bună <b>ziua</b></p><script>x()</script><p>A&amp;B</p>")
    'Bună ziua\nA&B'
    """
    page = re.sub(r"(?is)<(script|style|head|title)\b.*?(</\1\s*>|\Z)", " ", page)
    page = re.sub(r"(?i)<(br|/p|/div|/tr|/li|/h\d)\b[^>]*>", "\n", page)
    page = html.unescape(re.sub(r"(?s)<[^>]*>", "", page))
    lines = (" ".join(line.split()) for line in page.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _decode(content: bytes, charset: str | None) -> str:
    """Decode bytes by what is declared, and by what fits if that is a lie."""
    for name in (charset, *_FALLBACK_CHARSETS):
        if not name or name == "unknown-8bit":
            continue
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Drop what the database can't hold and what turns text around."""
    text = text.encode("utf-8", "replace").decode()
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u200e\u200f\u202a-\u202e]", "", text)
