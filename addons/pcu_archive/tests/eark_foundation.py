"""The verdict of the E-ARK Foundation's own validator; used by tests only.

It brings the schemas and the schematron rules of CSIP and E-ARK SIP 2.1, and nobody who
wrote our package had a hand in it (github.com/E-ARK-Software/eark-validator, Apache-2).
"""

import posixpath
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

from lxml import etree

METS = "{http://www.loc.gov/METS/}"
INSTALLED = find_spec("eark_validator") is not None


def _open_own_copy(url):
    """Open the vocabulary in the validator's wheel; it would ask the network."""
    vocabularies = files("eark_validator.ipxml.resources.vocabs")
    return (vocabularies / posixpath.basename(url)).open("rb")


def _validator():
    with patch("urllib.request.urlopen", _open_own_copy):
        from eark_validator import packages
    return packages


def _name(results):
    return {(found.severity.value, found.rule_id) for found in results}


def judge(folder: Path) -> set[tuple[str, str]]:
    """Return what the validator finds in an unpacked package.

    :return: (severity, rule) each; severities are Error, Warn and Info
    """
    report = _validator().PackageValidator(folder).validation_report
    found = _name(report.structure.messages)
    if report.metadata:
        found |= _name(report.metadata.schema_results.messages)
        found |= _name(report.metadata.schematron_results.messages)
    return found


def judge_own_example(folder: Path) -> set[tuple[str, str]]:
    """Return what the validator finds in the header that its own profile gives.

    E-ARK SIP 2.1 asks for an agent that made the package (software) and for one that
    submits it (an organisation), both with the role CREATOR; the validator's rules
    expect of each what holds for the other.
    """
    validator = _validator()
    profiles = files("eark_validator.ipxml.resources") / "profiles/V2.1.0/E-ARK-SIP.xml"
    with profiles.open("rb") as profile:
        header = etree.parse(profile).find(f".//{METS}metsHdr")
    mets = etree.Element(f"{METS}mets")
    mets.append(header)
    path = folder / "METS.xml"
    path.write_bytes(etree.tostring(mets))
    found = set()
    for kind in ("CSIP", "SIP"):
        profile = validator.SC.ValidationProfile(
            validator.SpecificationType.from_string(kind),
            validator.SpecificationVersion.V2_1_0,
        )
        profile.validate(path)
        found |= _name(profile.get_result("metsHdr"))
    return found
