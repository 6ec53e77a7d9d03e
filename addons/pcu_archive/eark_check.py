"""Checking a package as whoever receives it would; pure, no ``env``.

Reads nothing but the ZIP: the METS against the rules of CSIP/E-ARK SIP 2.1 that a
machine can decide (named by their numbers), and every listed file against its size and
checksum. A package is only offered for download when nothing is found.
"""

import hashlib
import zipfile
from collections import Counter
from urllib.parse import unquote

from lxml import etree

NS = {
    "mets": "http://www.loc.gov/METS/",
    "xlink": "http://www.w3.org/1999/xlink",
    "csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "premis": "http://www.loc.gov/premis/v3",
}
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
CHUNK = 1024 * 1024
#: (rule, XPath that must hold on the METS element)
RULES = (
    ("CSIP2", "@TYPE = 'Mixed'"),
    ("CSIP4", "@csip:CONTENTINFORMATIONTYPE != ''"),
    ("SIP2", f"@PROFILE = '{PROFILE}'"),
    ("CSIP7", "mets:metsHdr/@CREATEDATE"),
    ("CSIP9", "mets:metsHdr/@csip:OAISPACKAGETYPE = 'SIP'"),
    (
        "CSIP10-16",
        (
            "mets:metsHdr/mets:agent[@ROLE='CREATOR' and @TYPE='OTHER' and "
            "@OTHERTYPE='SOFTWARE' and mets:name != '' and "
            "mets:note[@csip:NOTETYPE='SOFTWARE VERSION'] != '']"
        ),
    ),
    (
        "SIP15-20",
        (
            "mets:metsHdr/mets:agent[@ROLE='CREATOR' and @TYPE='ORGANIZATION' and "
            "mets:name != '' and mets:note[@csip:NOTETYPE='IDENTIFICATIONCODE'] != '']"
        ),
    ),
    ("CSIP17-21", "mets:dmdSec[@ID and @CREATED]/mets:mdRef"),
    ("CSIP31-35", "mets:amdSec/mets:digiprovMD[@ID]/mets:mdRef[@MDTYPE='PREMIS']"),
    ("CSIP59", "mets:fileSec/@ID"),
    ("CSIP60", "mets:fileSec/mets:fileGrp[@USE='Documentation']"),
    ("CSIP113", "mets:fileSec/mets:fileGrp[@USE='Schemas']"),
    (
        "CSIP114",
        (
            "mets:fileSec/mets:fileGrp[starts-with(@USE, 'Representations') and "
            "@csip:CONTENTINFORMATIONTYPE]/mets:file"
        ),
    ),
    (
        "CSIP63",
        (
            "not(mets:fileSec/mets:fileGrp[not(@csip:CONTENTINFORMATIONTYPE='OTHER' "
            "and @csip:OTHERCONTENTINFORMATIONTYPE)])"
        ),
    ),
    ("CSIP64-65", "not(mets:fileSec/mets:fileGrp[not(@ID) or not(@USE)])"),
    (
        "CSIP80-83",
        "count(mets:structMap[@TYPE='PHYSICAL' and @LABEL='CSIP' and @ID]) = 1",
    ),
    ("CSIP84-85", "count(mets:structMap/mets:div[@ID]) = 1"),
    (
        "CSIP88-92",
        "mets:structMap/mets:div/mets:div[@LABEL='Metadata' and @ADMID and @DMDID]",
    ),
    (
        "CSIP93-119",
        (
            "count(mets:structMap/mets:div/mets:div[@LABEL='Documentation' or "
            "@LABEL='Schemas' or @LABEL='Representations']/mets:fptr/@FILEID) = 3"
        ),
    ),
)
REFERENCES = "//mets:mdRef | //mets:file"
NEEDED = ("MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE")


def check(stream) -> list[str]:
    """Return what is wrong with a package, each with its rule; empty when all is well.

    :param stream: seekable binary stream, or a path
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            return _check_archive(archive)
    except zipfile.BadZipFile as exc:
        return [f"ZIP: {exc}"]


def _check_archive(archive) -> list[str]:
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    roots = {name.partition("/")[0] for name in names}
    if len(roots) != 1 or f"{next(iter(roots))}/METS.xml" not in names:
        return ["CSIPSTR1: one root folder with a METS.xml"]
    root = roots.pop()
    if len(set(names)) != len(names):
        return ["ZIP: the same name twice"]
    try:
        mets = _parse(archive, f"{root}/METS.xml")
    except etree.XMLSyntaxError as exc:
        return [f"METS.xml: {exc}"]
    found = [
        f"{rule}: {path}" for rule, path in RULES if not mets.xpath(path, namespaces=NS)
    ]
    if mets.get("OBJID") != root:
        found.append(f"CSIP1: OBJID is not {root}")
    found += _check_identifiers(mets)
    listed = _check_references(archive, root, mets, found)
    unlisted = set(names) - listed - {f"{root}/METS.xml"}
    found += [f"not listed: {name}" for name in sorted(unlisted)]
    return found + _check_premis(archive, root, mets)


def _parse(archive, name):
    with archive.open(name) as file:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=True
        )
        return etree.parse(file, parser).getroot()


def _check_identifiers(mets) -> list[str]:
    known = Counter(mets.xpath("//@ID"))
    found = [f"ID {name}: twice" for name, times in known.items() if times > 1]
    for attribute in ("FILEID", "ADMID", "DMDID"):
        for value in mets.xpath(f"//@{attribute}"):
            found += [f"{attribute} {v}: no such ID" for v in value.split()
                      if v not in known]  # fmt: skip
    return found


def _check_references(archive, root, mets, found) -> set[str]:
    """Recompute size and checksum of everything that METS lists."""
    listed = set()
    for reference in mets.xpath(REFERENCES, namespaces=NS):
        place = reference
        if reference.tag == f"{{{NS['mets']}}}file":
            place = reference.find("mets:FLocat", NS)
        path = place is not None and place.get(f"{{{NS['xlink']}}}href")
        if not path or place.get("LOCTYPE") != "URL":
            found.append(f"CSIP76-79: {reference.get('ID')} has no location")
            continue
        name = f"{root}/{unquote(path)}"
        missing = [key for key in NEEDED if not reference.get(key)]
        if missing:
            found.append(f"CSIP68-72: {path} lacks {', '.join(missing)}")
        if name in listed:
            found.append(f"listed twice: {path}")
        listed.add(name)
        try:
            digest, size = _fingerprint(archive, name)
        except (KeyError, zipfile.BadZipFile):
            found.append(f"missing or damaged: {path}")
            continue
        if str(size) != reference.get("SIZE"):
            found.append(f"size differs: {path}")
        if digest != reference.get("CHECKSUM"):
            found.append(f"checksum differs: {path}")
    return listed


def _fingerprint(archive, name) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _check_premis(archive, root, mets) -> list[str]:
    """See that PREMIS speaks of each file of the content with the same checksum."""
    wanted = {
        unquote(file.find("mets:FLocat", NS).get(f"{{{NS['xlink']}}}href")): file.get(
            "CHECKSUM"
        )
        for file in mets.iterfind(".//mets:fileGrp[@USE='Representations/rep1']/*", NS)
    }
    try:
        premis = _parse(archive, f"{root}/metadata/preservation/premis.xml")
    except (KeyError, etree.XMLSyntaxError) as exc:
        return [f"PREMIS: {exc}"]
    said = {
        item.findtext(".//premis:objectIdentifierValue", namespaces=NS): item.findtext(
            ".//premis:messageDigest", namespaces=NS
        )
        for item in premis.iterfind("premis:object", NS)
    }
    return [] if said == wanted else ["PREMIS: objects differ from the files"]
