"""Signed containers: the file inside, and who says to have signed it.

CAdES (``.p7m`` with the file inside, ``.p7s`` beside it) and ASiC (a zip with
signatures). What is read here is what the container *says*: nothing is verified, so
nothing here means that a signature is valid. Pure, no ``env``.
"""

import base64
import binascii
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, pem, x509
from lxml import etree

from . import file_types

MAX_SIZE = 100 * 2**20
MAX_FILES = 200
MAX_SIGNATURE = 10 * 2**20
CADES = frozenset({"p7m", "p7s", "p7"})
ASIC = frozenset({"asice", "asics", "sce", "scs"})
ASIC_TYPES = frozenset(
    {"application/vnd.etsi.asic-e+zip", "application/vnd.etsi.asic-s+zip"}
)
_XMLDSIG = "{http://www.w3.org/2000/09/xmldsig#}"


class ContainerError(ValueError):
    """The container is damaged, or larger than what is opened."""


@dataclass(frozen=True)
class Signer:
    """What a certificate says about who signed."""

    name: str
    organisation: str
    issuer: str
    valid_from: datetime | None
    valid_to: datetime | None
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Container:
    """The files inside, by name, and the signers in the order of the signatures."""

    files: tuple[tuple[str, bytes], ...]
    signers: tuple[Signer, ...]


def is_container(name: str, true_type: str) -> bool:
    """Tell whether a file is a signed container, by its name or its type.

    >>> is_container("oferta.pdf.p7m", "application/octet-stream")
    True
    >>> is_container("oferta.pdf", "application/pdf")
    False
    """
    extension = file_types.extension_of(name)
    return extension in CADES | ASIC or true_type in ASIC_TYPES


def read(content: bytes, name: str) -> Container:
    """Open a container.

    :raise ContainerError: when it is none, or damaged
    """
    if content[:2] == b"PK":
        return _read_asic(content)
    return _read_cades(content, name)


# ----------------------------------------------------------------------
# CAdES
# ----------------------------------------------------------------------


def _read_cades(content: bytes, name: str) -> Container:
    signed = _signed_data(content)
    try:
        inner = signed["encap_content_info"]["content"]
        data = inner.native if inner is not None else None
        signers = tuple(_signers_of(signed))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ContainerError("damaged") from error
    files = ((_inner_name(name), data),) if isinstance(data, bytes) and data else ()
    return Container(files, signers)


def _signed_data(content: bytes) -> cms.SignedData:
    """Find the signed data, written as bytes, as PEM or as bare Base64."""
    try:
        info = cms.ContentInfo.load(_plain(content))
        if info["content_type"].native != "signed_data":
            raise ContainerError("damaged")
        return info["content"]
    except (ValueError, TypeError, KeyError) as error:
        raise ContainerError("damaged") from error


def _plain(content: bytes) -> bytes:
    if pem.detect(content):
        return pem.unarmor(content)[2]
    if content[:1] == b"\x30":
        return content
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        return content


def _signers_of(signed: cms.SignedData):
    certificates = [
        choice.chosen
        for choice in signed["certificates"] or ()
        if choice.name == "certificate"
    ]
    for info in signed["signer_infos"]:
        found = [c for c in certificates if _is_of(info["sid"], c)]
        if found:
            yield _signer(found[0], _signing_time(info))
        else:
            yield Signer("", "", "", None, None, _signing_time(info))


def _is_of(sid: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    if sid.name == "issuer_and_serial_number":
        wanted = sid.chosen
        return (
            wanted["serial_number"].native == certificate.serial_number
            and wanted["issuer"] == certificate.issuer
        )
    return sid.chosen.native == certificate.key_identifier


def _signing_time(info: cms.SignerInfo) -> datetime | None:
    for attribute in info["signed_attrs"] or ():
        if attribute["type"].native == "signing_time":
            return attribute["values"][0].native
    return None


def _signer(certificate: x509.Certificate, signed_at=None) -> Signer:
    subject, issuer = certificate.subject.native, certificate.issuer.native
    validity = certificate["tbs_certificate"]["validity"]
    return Signer(
        name=_one(subject.get("common_name")),
        organisation=_one(subject.get("organization_name")),
        issuer=_one(issuer.get("common_name") or issuer.get("organization_name")),
        valid_from=validity["not_before"].native,
        valid_to=validity["not_after"].native,
        signed_at=signed_at,
    )


def _one(value) -> str:
    """A name may stand several times in a certificate."""
    return ", ".join(value) if isinstance(value, list) else value or ""


def _inner_name(name: str) -> str:
    """Return the name of the file inside.

    >>> _inner_name("oferta.pdf.p7m"), _inner_name("semnat.p7m")
    ('oferta.pdf', 'semnat')
    """
    stem, _dot, extension = name.rpartition(".")
    return stem if extension.lower() in CADES else name


# ----------------------------------------------------------------------
# ASiC
# ----------------------------------------------------------------------


def _read_asic(content: bytes) -> Container:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if (
                len(parts) > MAX_FILES
                or sum(part.file_size for part in parts) > MAX_SIZE
            ):
                raise ContainerError("too_big")
            meta = [p for p in parts if p.filename.startswith("META-INF/")]
            files = tuple(
                (file_types.safe_name(part.filename), archive.read(part))
                for part in parts
                if part not in meta and part.filename != "mimetype"
            )
            signers = [s for part in meta for s in _asic_signers(archive, part)]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise ContainerError("damaged") from error
    if not files:
        raise ContainerError("damaged")
    return Container(files, tuple(signers))


def _asic_signers(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[Signer]:
    """Read one signature; one that can't be read hides nobody else's."""
    name = part.filename.lower()
    if "signature" not in name or part.file_size > MAX_SIGNATURE:
        return []
    content = archive.read(part)
    try:
        if name.endswith(".p7s"):
            return list(_signers_of(_signed_data(content)))
        if name.endswith(".xml"):
            return _xades_signers(content)
    except (ContainerError, ValueError, TypeError, KeyError, etree.XMLSyntaxError):
        return []
    return []


def _xades_signers(content: bytes) -> list[Signer]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(content, parser)
    signers = []
    for signature in root.iter(f"{_XMLDSIG}Signature"):
        found = signature.find(f"{_XMLDSIG}KeyInfo//{_XMLDSIG}X509Certificate")
        if found is None:
            continue
        raw = base64.b64decode("".join((found.text or "").split()))
        moments = signature.xpath(".//*[local-name()='SigningTime']/text()")
        signed_at = datetime.fromisoformat(moments[0].strip()) if moments else None
        signers.append(_signer(x509.Certificate.load(raw), signed_at))
    return signers
