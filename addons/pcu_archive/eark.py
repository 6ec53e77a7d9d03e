"""E-ARK submission packages (CSIP/E-ARK SIP 2.1): METS, PREMIS, checksums; pure.

One package is one ZIP with one root folder and one METS document. Files stream through:
none is ever in memory, and each is fingerprinted again while it passes, so that a
package with a damaged file is never finished. METS and PREMIS are written element by
element.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
PREMIS = "http://www.loc.gov/premis/v3"
DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SHEETS = "urn:pcu:legea135:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
SOFTWARE = "PCU suite, pcu_archive"
DATA = "representations/rep1/data"
LAW_135 = "LEGEA135"
"""No specification of E-ARK covers such files and their sheets; this one names them."""
for _prefix, _namespace in (
    ("mets", METS), ("xlink", XLINK), ("csip", CSIP), ("premis", PREMIS),
    ("dc", DC), ("oai_dc", OAI_DC),
):  # fmt: skip
    # So that parts written one by one carry readable prefixes.
    etree.register_namespace(_prefix, _namespace)


class DamagedError(Exception):
    """A file is not what its fingerprint says; the argument is its path."""


@dataclass(frozen=True)
class Item:
    """One file of the content: where it goes, what it is, how to read it."""

    path: str
    identifier: str
    sha256: str
    size: int
    mimetype: str
    created: datetime
    original_name: str
    chunks: Callable[[], Iterable[bytes]]
    sheet: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Extra:
    """A small file beside the content: documentation or a schema."""

    path: str
    content: bytes
    mimetype: str


@dataclass(frozen=True)
class Package:
    """What goes into a package; ``identifier`` names its root folder."""

    identifier: str
    title: str
    institution: str
    institution_code: str
    version: str
    created: datetime
    period: str
    rights: str
    items: Iterable[Item]
    documentation: tuple[Extra, ...]
    schemas: tuple[Extra, ...]


@dataclass
class _Member:
    """A file in the package as METS lists it."""

    path: str
    mimetype: str
    created: datetime
    sha256: str = ""
    size: int = 0
    identifier: str = ""
    original_name: str = ""
    kind: str = ""


@dataclass
class _Listing:
    data: list[_Member] = field(default_factory=list)
    descriptive: list[_Member] = field(default_factory=list)
    preservation: list[_Member] = field(default_factory=list)
    documentation: list[_Member] = field(default_factory=list)
    schemas: list[_Member] = field(default_factory=list)


def write(stream, package: Package, progress: Callable[[int], None] = lambda _n: None):
    """Write a package into a seekable binary stream.

    :param progress: called with the number of files written so far
    :return: number of files of the content
    :raise DamagedError: when a file is not what its fingerprint says
    """
    listing = _Listing()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        writer = _Writer(archive, package)
        sheets = []
        for number, item in enumerate(package.items, 1):
            listing.data.append(writer.add_item(item))
            if item.sheet:
                sheets.append((item.path, item.sheet))
            progress(number)
        listing.preservation.append(writer.add_premis(listing.data))
        listing.descriptive.append(writer.add_dublin_core(len(listing.data)))
        if sheets:
            listing.descriptive.append(writer.add_sheets(sheets))
        for extra in package.documentation:
            listing.documentation.append(writer.add_extra("documentation", extra))
        for extra in package.schemas:
            listing.schemas.append(writer.add_extra("schemas", extra))
        writer.add_mets(listing)
    return len(listing.data)


class _Writer:
    """Adds members to the archive and knows what it added."""

    def __init__(self, archive, package):
        self.archive, self.package = archive, package
        self.day = package.created.timetuple()[:6]

    @contextmanager
    def _open(self, path):
        """Open a member for writing; what passes is counted and fingerprinted."""
        info = zipfile.ZipInfo(f"{self.package.identifier}/{path}", self.day)
        info.external_attr = 0o644 << 16
        # The size isn't known before: leave room for more than 2 GiB.
        with self.archive.open(info, "w", force_zip64=True) as raw:
            yield _Counting(raw)

    def add_item(self, item: Item) -> _Member:
        with self._open(f"{DATA}/{item.path}") as out:
            for chunk in item.chunks():
                out.write(chunk)
        if (out.digest, out.size) != (item.sha256, item.size):
            raise DamagedError(item.path)
        return _Member(
            f"{DATA}/{item.path}", item.mimetype, item.created, out.digest, out.size,
            item.identifier, item.original_name,
        )  # fmt: skip

    def add_extra(self, folder, extra: Extra) -> _Member:
        member = _Member(f"{folder}/{extra.path}", extra.mimetype, self.package.created)
        with self._member(member) as out:
            out.write(extra.content)
        return member

    @contextmanager
    def _member(self, member):
        with self._open(member.path) as out:
            yield out
        member.sha256, member.size = out.digest, out.size

    @contextmanager
    def _xml(self, member, name, namespaces, **attributes):
        with (
            self._member(member) as out,
            etree.xmlfile(out, encoding="utf-8") as xml,
        ):
            xml.write_declaration()
            with xml.element(name, attributes, nsmap=namespaces):
                yield xml

    # -- PREMIS -------------------------------------------------------------

    def add_premis(self, data) -> _Member:
        """Write fixity, size, format and original name of each file, and the event."""
        member = _Member(
            "metadata/preservation/premis.xml", "text/xml", self.package.created,
            kind="PREMIS",
        )  # fmt: skip
        with self._xml(
            member, _q(PREMIS, "premis"), {"premis": PREMIS, "xsi": XSI}, version="3.0"
        ) as xml:
            for file in data:
                xml.write(_premis_object(file), pretty_print=True)
            xml.write(_premis_event(self.package), pretty_print=True)
            xml.write(_premis_agent(self.package), pretty_print=True)
        return member

    # -- description ----------------------------------------------------------

    def add_dublin_core(self, count) -> _Member:
        package = self.package
        member = _Member(
            "metadata/descriptive/dc.xml", "text/xml", package.created, kind="DC"
        )
        with self._xml(member, _q(OAI_DC, "dc"), {"oai_dc": OAI_DC, "dc": DC}) as xml:
            for name, value in (
                ("identifier", package.identifier),
                ("title", package.title),
                ("creator", package.institution),
                ("date", package.period),
                ("type", "Collection"),
                ("format", f"{count} files"),
                ("language", "ro"),
                ("rights", package.rights),
            ):
                xml.write(_element(DC, name, value), pretty_print=True)
        return member

    def add_sheets(self, sheets) -> _Member:
        """Write the sheets of Law 135/2007, one for each file of the content."""
        member = _Member(
            "metadata/descriptive/legea135.xml", "text/xml", self.package.created,
            kind="OTHER",
        )  # fmt: skip
        with self._xml(member, _q(SHEETS, "sheets"), {None: SHEETS}) as xml:
            for path, pairs in sheets:
                sheet = etree.Element(_q(SHEETS, "sheet"), file=f"{DATA}/{path}")
                for letter, value in pairs:
                    part = _element(SHEETS, "field", value)
                    part.set("letter", letter)
                    sheet.append(part)
                xml.write(sheet, pretty_print=True)
        return member

    # -- METS -----------------------------------------------------------------

    def add_mets(self, listing: _Listing) -> None:
        package = self.package
        member = _Member("METS.xml", "text/xml", package.created)
        attributes = {
            "OBJID": package.identifier,
            "LABEL": package.title,
            "TYPE": "Mixed",
            "PROFILE": PROFILE,
            _q(CSIP, "CONTENTINFORMATIONTYPE"): "MIXED",
        }
        namespaces = {"mets": METS, "xlink": XLINK, "csip": CSIP, "xsi": XSI}
        with (
            self._member(member) as out,
            etree.xmlfile(out, encoding="utf-8") as xml,
        ):
            xml.write_declaration()
            with xml.element(_q(METS, "mets"), attributes, nsmap=namespaces):
                xml.write(_header(package), pretty_print=True)
                for number, file in enumerate(listing.descriptive, 1):
                    xml.write(_metadata("dmdSec", f"dmd-{number}", file))
                with xml.element(_q(METS, "amdSec"), {"ID": "amd-1"}):
                    for number, file in enumerate(listing.preservation, 1):
                        xml.write(_metadata("digiprovMD", f"prov-{number}", file))
                groups = _groups(listing)
                _write_files(xml, groups)
                xml.write(_structure(package, listing, groups), pretty_print=True)


class _Counting:
    """Passes bytes on, counts and fingerprints them."""

    def __init__(self, raw):
        self.raw, self.size, self._sha256 = raw, 0, hashlib.sha256()

    def write(self, data):  # pylint: disable=method-required-super
        self.size += len(data)
        self._sha256.update(data)
        return self.raw.write(data)

    @property
    def digest(self):
        return self._sha256.hexdigest()


def _q(namespace, name):
    return f"{{{namespace}}}{name}"


def _element(namespace, name, text="", **attributes):
    found = etree.Element(_q(namespace, name), attributes)
    found.text = clean(text)
    return found


def clean(text) -> str:
    r"""Give text that XML can hold.

    >>> clean("a\x00b\x0bc\n")
    'abc\n'
    """
    return "".join(
        c
        for c in str(text or "")
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"
                             and c not in "\ufffe\uffff")
    )  # fmt: skip


def when(moment: datetime) -> str:
    """Write a moment in UTC as METS does.

    >>> when(datetime(2026, 3, 12, 8, 0))
    '2026-03-12T08:00:00Z'
    """
    return f"{moment.replace(tzinfo=UTC, microsecond=0):%Y-%m-%dT%H:%M:%SZ}"


def _described(file: _Member) -> dict:
    return {
        "MIMETYPE": file.mimetype,
        "SIZE": str(file.size),
        "CREATED": when(file.created),
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _link(file: _Member) -> dict:
    return {
        "LOCTYPE": "URL",
        _q(XLINK, "type"): "simple",
        _q(XLINK, "href"): href(file.path),
    }


def href(path: str) -> str:
    """Write a path as a relative URL.

    >>> href("data/Cerere nr. 1 – ță.pdf")
    'data/Cerere%20nr.%201%20%E2%80%93%20%C8%9B%C4%83.pdf'
    """
    return quote(path)


def _header(package):
    header = etree.Element(
        _q(METS, "metsHdr"),
        {
            "CREATEDATE": when(package.created),
            "LASTMODDATE": when(package.created),
            "RECORDSTATUS": "NEW",
            _q(CSIP, "OAISPACKAGETYPE"): "SIP",
        },
    )
    software = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    _agent(header, software, SOFTWARE, "SOFTWARE VERSION", package.version)
    code = package.institution_code
    # The institution made its archive (SIP9) and hands it over itself (SIP15).
    for role in ("ARCHIVIST", "CREATOR"):
        whose = {"ROLE": role, "TYPE": "ORGANIZATION"}
        _agent(header, whose, package.institution, "IDENTIFICATIONCODE", code)
    return header


def _agent(header, attributes, name, note_type, note):
    agent = etree.SubElement(header, _q(METS, "agent"), attributes)
    agent.append(_element(METS, "name", name))
    part = _element(METS, "note", note or "–")
    part.set(_q(CSIP, "NOTETYPE"), note_type)
    agent.append(part)


def _metadata(section, identifier, file):
    found = etree.Element(
        _q(METS, section),
        {"ID": identifier, "CREATED": when(file.created), "STATUS": "CURRENT"},
    )
    kind = {"MDTYPE": file.kind}
    if file.kind == "OTHER":
        kind["OTHERMDTYPE"] = LAW_135
    etree.SubElement(
        found, _q(METS, "mdRef"), {**_link(file), **kind, **_described(file)}
    )
    return found


def _groups(listing):
    """Return ``(id, use, files)`` of each file group."""
    return (
        ("grp-doc", "Documentation", listing.documentation),
        ("grp-schemas", "Schemas", listing.schemas),
        ("grp-rep1", "Representations/rep1", listing.data),
    )


def _write_files(xml, groups):
    with xml.element(_q(METS, "fileSec"), {"ID": "filesec-1"}):
        for identifier, use, files in groups:
            attributes = {
                "ID": identifier,
                "USE": use,
                _q(CSIP, "CONTENTINFORMATIONTYPE"): "OTHER",
                _q(CSIP, "OTHERCONTENTINFORMATIONTYPE"): LAW_135,
            }
            with xml.element(_q(METS, "fileGrp"), attributes):
                for number, file in enumerate(files, 1):
                    found = etree.Element(
                        _q(METS, "file"),
                        {"ID": f"{identifier}-{number}", **_described(file)},
                    )
                    if file.identifier:
                        found.set("OWNERID", file.identifier)
                    etree.SubElement(found, _q(METS, "FLocat"), _link(file))
                    xml.write(found, pretty_print=True)


def _structure(package, listing, groups):
    root = etree.Element(
        _q(METS, "structMap"),
        {"ID": "structmap-1", "TYPE": "PHYSICAL", "LABEL": "CSIP"},
    )
    top = _division(root, "div-top", package.identifier)
    metadata = _division(top, "div-metadata", "Metadata")
    metadata.set("ADMID", "prov-1")
    dmd = (f"dmd-{number}" for number, _file in enumerate(listing.descriptive, 1))
    metadata.set("DMDID", " ".join(dmd))
    for label, (identifier, _use, _files) in zip(
        ("Documentation", "Schemas", "Representations"), groups, strict=True
    ):
        division = _division(top, f"div-{label.lower()}", label)
        etree.SubElement(division, _q(METS, "fptr"), {"FILEID": identifier})
    return root


def _division(parent, identifier, label):
    return etree.SubElement(parent, _q(METS, "div"), {"ID": identifier, "LABEL": label})


def _premis(parent, name, text=None, **attributes):
    found = etree.SubElement(parent, _q(PREMIS, name), attributes)
    if text is not None:
        found.text = clean(text)
    return found


def _premis_object(file: _Member):
    found = etree.Element(
        _q(PREMIS, "object"),
        {_q(XSI, "type"): "premis:file"},
        nsmap={"premis": PREMIS, "xsi": XSI},
    )
    identifier = _premis(found, "objectIdentifier")
    _premis(identifier, "objectIdentifierType", "path")
    _premis(identifier, "objectIdentifierValue", file.path)
    traits = _premis(found, "objectCharacteristics")
    fixity = _premis(traits, "fixity")
    _premis(fixity, "messageDigestAlgorithm", "SHA-256")
    _premis(fixity, "messageDigest", file.sha256)
    _premis(traits, "size", file.size)
    designation = _premis(_premis(traits, "format"), "formatDesignation")
    _premis(designation, "formatName", file.mimetype)
    _premis(found, "originalName", file.original_name)
    return found


def _premis_event(package):
    found = etree.Element(_q(PREMIS, "event"), nsmap={"premis": PREMIS})
    identifier = _premis(found, "eventIdentifier")
    _premis(identifier, "eventIdentifierType", "local")
    _premis(identifier, "eventIdentifierValue", f"{package.identifier}-fixity")
    _premis(found, "eventType", "fixity check")
    _premis(found, "eventDateTime", when(package.created))
    outcome = _premis(found, "eventOutcomeInformation")
    _premis(outcome, "eventOutcome", "success")
    agent = _premis(found, "linkingAgentIdentifier")
    _premis(agent, "linkingAgentIdentifierType", "local")
    _premis(agent, "linkingAgentIdentifierValue", "software")
    return found


def _premis_agent(package):
    found = etree.Element(_q(PREMIS, "agent"), nsmap={"premis": PREMIS})
    identifier = _premis(found, "agentIdentifier")
    _premis(identifier, "agentIdentifierType", "local")
    _premis(identifier, "agentIdentifierValue", "software")
    _premis(found, "agentName", SOFTWARE)
    _premis(found, "agentType", "software")
    _premis(found, "agentVersion", package.version)
    return found
