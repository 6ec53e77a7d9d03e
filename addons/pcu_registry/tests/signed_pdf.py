"""PDF documents with a true signature (PKCS#7, detached), made and checked here."""

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)

ROOM = 8192
"""Hex digits kept free for the signature."""
_RANGE = re.compile(rb"/ByteRange \[ *(\d+) +(\d+) +(\d+) +(\d+) *\]")


def make_signed_pdf(content: bytes) -> bytes:
    """Return a PDF with a signature field, signed over all its bytes but itself."""
    pdf = _with_empty_signature(content)
    opened = pdf.index(b"<" + b"0" * ROOM + b">")
    closed = opened + ROOM + 2
    ranges = (0, opened, closed, len(pdf) - closed)
    place = _RANGE.search(pdf)
    told = "/ByteRange [{} {} {} {}]".format(*ranges).encode().ljust(len(place[0]))
    pdf = pdf[: place.start()] + told + pdf[place.end() :]
    signature = _sign(pdf[:opened] + pdf[closed:]).hex().ljust(ROOM, "0").encode()
    return pdf[: opened + 1] + signature + pdf[closed - 1 :]


def signature_holds(pdf: bytes) -> bool:
    """Tell whether the bytes are those that were signed.

    The signature carries the SHA-256 of the signed bytes as an attribute.
    """
    found = _RANGE.search(pdf)
    if not found:
        return False
    start, length, after, rest = map(int, found.groups())
    if after + rest != len(pdf):
        return False
    signature = bytes.fromhex(pdf[length + 1 : after - 1].decode("ascii", "replace"))
    signed = pdf[start:length] + pdf[after:]
    return hashlib.sha256(signed).digest() in signature


def _with_empty_signature(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(content))
    number = NumberObject(9_999_999_999)
    signature = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Sig"),
                NameObject("/Filter"): NameObject("/Adobe.PPKLite"),
                NameObject("/SubFilter"): NameObject("/adbe.pkcs7.detached"),
                NameObject("/Name"): TextStringObject("Ion Popescu"),
                NameObject("/ByteRange"): ArrayObject([number] * 4),
                NameObject("/Contents"): _Room(""),
            }
        )
    )
    field = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/T"): TextStringObject("Semnatura1"),
                NameObject("/V"): signature,
                NameObject("/Rect"): RectangleObject((0, 0, 0, 0)),
            }
        )
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([field])
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject([field]),
            NameObject("/SigFlags"): NumberObject(3),
        }
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class _Room(TextStringObject):
    """Hex digits for the signature that comes later."""

    def write_to_stream(self, stream, encryption_key=None):
        stream.write(b"<" + b"0" * ROOM + b">")


def _sign(content: bytes) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ion Popescu")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(
            serialization.Encoding.DER,
            [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary],
        )
    )
