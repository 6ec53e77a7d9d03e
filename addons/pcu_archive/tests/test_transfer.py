"""Transfer packages are what E-ARK asks for, and every byte in them is proven."""

import io
import os
import zipfile
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless
from unittest.mock import patch

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .. import eark_check
from . import eark_foundation
from .common import ArchiveCase

METS, PREMIS = "{http://www.loc.gov/METS/}", "{http://www.loc.gov/premis/v3}"
SCHEMAS = "pcu_archive/data/schemas/"
GRAMMAR = "pcu_archive/tests/premis-3.0-file.rng"


class LocalSchemas(etree.Resolver):
    """Find the schema of XLink beside that of METS, never on the network."""

    def resolve(self, url, _public_id, context):
        name = os.path.basename(url)
        return self.resolve_filename(file_path(SCHEMAS + name), context)


def schema(name):
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(LocalSchemas())
    return etree.XMLSchema(etree.parse(file_path(SCHEMAS + name), parser))


@tagged("post_install", "-at_install")
class TestTransfer(ArchiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_force()
        cls.file = cls._archived(
            cls.decisions, day="1990-05-07 08:00:00", files=("Hotărâre nr. 1.txt", "b")
        )

    def _transfer(self, **values):
        return (
            self.env["pcu.transfer"]
            .with_user(self.archivist)
            .create(
                {
                    "name": "Dispoziții 1990",
                    "company_id": self.company.id,
                    "file_ids": [(6, 0, self.file.ids)],
                    **values,
                }
            )
        )

    def _build(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 1
        ):
            self.env["pcu.transfer"]._cron_build()

    def _built(self):
        transfer = self._transfer()
        transfer.action_build()
        self._build()
        self.assertEqual(transfer.state, "ready", transfer.problem)
        return transfer

    def _archive(self, transfer):
        return zipfile.ZipFile(io.BytesIO(transfer.sudo().package_id._read()))

    def _changed(self, transfer, change):
        """Copy the package, with some members changed."""
        out = io.BytesIO()
        with self._archive(transfer) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                content = change(name.partition("/")[2], old.read(name))
                if content is not None:
                    new.writestr(name, content)
        return out

    # -- the package -----------------------------------------------------

    def test_package_is_built_in_the_background_and_checked(self):
        transfer = self._transfer()
        transfer.action_build()
        self.assertEqual(transfer.state, "building")
        self._build()
        self.assertEqual((transfer.state, transfer.built_count), ("ready", 2))
        with self._archive(transfer) as archive:
            self.assertEqual(
                eark_check.check(io.BytesIO(transfer.sudo().package_id._read())), []
            )
            names = {name.partition("/")[2] for name in archive.namelist()}
        self.assertLessEqual(
            {
                "METS.xml", "metadata/preservation/premis.xml",
                "metadata/descriptive/dc.xml", "metadata/descriptive/legea135.xml",
                "documentation/inventar.pdf", "schemas/mets.xsd",
            },
            names,
        )  # fmt: skip
        data = sorted(n for n in names if n.startswith("representations/rep1/data/"))
        self.assertRegex(
            data[0], r"/I-A-1/1990/vol-1/1990-\d+/000001-Hotărâre nr. 1.txt"
        )

    def test_mets_is_valid_by_its_schema(self):
        with self._archive(self._built()) as archive:
            root = archive.namelist()[0].partition("/")[0]
            mets = etree.fromstring(archive.read(f"{root}/METS.xml"))
            sheets = etree.fromstring(
                archive.read(f"{root}/metadata/descriptive/legea135.xml")
            )
        schema("mets.xsd").assertValid(mets)
        schema("legea135.xsd").assertValid(sheets)
        self.assertEqual(mets.get("OBJID"), root)

    def _judge(self, package):
        """Return what the E-ARK Foundation's own validator says of a package."""
        with TemporaryDirectory() as folder, zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
            [root] = Path(folder).iterdir()
            return {
                (severity, rule)
                for severity, rule in eark_foundation.judge(root)
                if severity != "Info"
            }

    @skipUnless(eark_foundation.INSTALLED, "eark-validator is not installed")
    def test_the_foundations_own_validator_accepts_the_package(self):
        package = io.BytesIO(self._built().sudo().package_id._read())
        found = self._judge(package)
        with TemporaryDirectory() as folder:
            found -= eark_foundation.judge_own_example(Path(folder))
        # One METS for the whole package (decision 0009), none for its representation
        self.assertEqual(
            found, {("Warn", "CSIPSTR12"), ("Warn", "CSIPSTR13"), ("Warn", "CSIP105")}
        )

    @skipUnless(eark_foundation.INSTALLED, "eark-validator is not installed")
    def test_the_foundations_own_validator_finds_what_was_changed(self):
        def change(name, content):
            if name == "METS.xml":
                return content.replace(b'TYPE="Mixed"', b'TYPE="Letters"')
            return content

        self.assertIn(
            ("Error", "CSIP2"), self._judge(self._changed(self._built(), change))
        )

    def test_schema_refuses_a_wrong_mets(self):
        """The proof above can fail."""
        mets = etree.Element(f"{METS}mets")
        etree.SubElement(mets, f"{METS}fileSec")
        self.assertFalse(schema("mets.xsd").validate(mets))

    def _premis(self):
        with self._archive(self._built()) as archive:
            name = next(n for n in archive.namelist() if n.endswith("premis.xml"))
            return etree.fromstring(archive.read(name))

    def test_premis_keeps_to_its_data_dictionary(self):
        """Each unit in its order; and what the grammar refuses when it is not."""
        grammar = etree.RelaxNG(etree.parse(file_path(GRAMMAR)))
        premis = self._premis()
        grammar.assertValid(premis)
        wrongs = {
            "no version": lambda root: root.attrib.clear(),
            "no kind": lambda root: root.find(f"{PREMIS}object").attrib.clear(),
            "name first": lambda root: root[0].insert(0, root[0][-1]),
            "no algorithm": lambda root: (
                root[0]
                .find(f".//{PREMIS}fixity")
                .remove(root[0].find(f".//{PREMIS}messageDigestAlgorithm"))
            ),
            "agent first": lambda root: root.insert(0, root[-1]),
        }
        for name, spoil in wrongs.items():
            with self.subTest(name):
                wrong = deepcopy(premis)
                spoil(wrong)
                self.assertFalse(grammar.validate(wrong))

    def test_premis_says_what_the_store_says(self):
        premis = self._premis()
        documents = self.file.entry_ids.document_ids
        self.assertEqual(
            {
                (item.findtext(f".//{PREMIS}originalName"),
                 item.findtext(f".//{PREMIS}messageDigest"),
                 item.findtext(f".//{PREMIS}size"))
                for item in premis.iterfind(f"{PREMIS}object")
            },
            {(d.name, d.sha256, str(d.size)) for d in documents},
        )  # fmt: skip
        self.assertEqual(
            premis.findtext(f"{PREMIS}event/{PREMIS}eventType"), "fixity check"
        )

    def test_check_finds_what_was_changed(self):
        transfer = self._built()

        def spoil(name, content):
            return content + b"!" if name.endswith("-b") else content

        def drop(name, content):
            return None if name.endswith("-b") else content

        def add(name, content):
            return content if name != "METS.xml" else content.replace(b"SIP", b"AIP")

        def break_xml(name, content):
            return b"<mets" if name == "METS.xml" else content

        for change, words in (
            (spoil, "checksum differs"),
            (drop, "missing or damaged"),
            (add, "CSIP9"),
            (break_xml, "METS.xml"),
            (lambda n, c: c if n != "METS.xml" else c.replace(b"grp-doc-1", b"grp-doc"),
             "twice"),
        ):  # fmt: skip
            with self.subTest(words):
                found = eark_check.check(self._changed(transfer, change))
                self.assertTrue([f for f in found if words in f], found)
        self.assertIn("ZIP", eark_check.check(io.BytesIO(b"no zip"))[0])
        self.assertIn("CSIPSTR1", eark_check.check(self._other_zip())[0])

    def _other_zip(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.txt", "a")
        return out

    def test_unlisted_file_is_found(self):
        transfer = self._built()
        out = self._changed(transfer, lambda _n, content: content)
        with zipfile.ZipFile(out, "a") as archive:
            root = archive.namelist()[0].partition("/")[0]
            archive.writestr(f"{root}/representations/rep1/data/x", "x")
        self.assertTrue(
            [f for f in eark_check.check(out) if f.startswith("not listed")]
        )

    # -- refusals ----------------------------------------------------------

    @mute_logger("odoo.addons.pcu_archive.models.pcu_transfer")
    def test_damaged_file_stops_the_package(self):
        transfer = self._transfer()
        transfer.action_build()
        document = self.file.entry_ids.document_ids[0]
        with open(document._path(), "r+b") as file:
            good = file.read()
            file.seek(0)
            file.write(b"X")
        try:
            self._build()
        finally:
            with open(document._path(), "wb") as file:
                file.write(good)
        self.assertEqual(transfer.state, "failed")
        romanian = self.env["res.lang"]._get_data(code="ro_RO")
        self.assertIn(
            "restaurarea lui din copia" if romanian else "restored from the backup",
            transfer.problem,
        )
        self.assertFalse(transfer.package_id)
        transfer.action_build()
        self._build()
        self.assertEqual(transfer.state, "ready", "once it is repaired")

    @mute_logger("odoo.addons.pcu_archive.models.pcu_transfer")
    def test_package_that_the_program_fails_to_build_can_be_asked_for_again(self):
        transfer = self._transfer()
        transfer.action_build()
        with (
            patch.object(type(transfer), "_draw_inventory", side_effect=KeyError("x")),
            patch.object(self.env.cr, "rollback"),
        ):
            self._build()
        self.assertEqual(transfer.state, "failed")
        self.assertIn("administrator", transfer.problem)
        transfer.action_build()
        self._build()
        self.assertEqual(transfer.state, "ready")

    def test_only_files_in_the_archive_go(self):
        with self.assertRaisesRegex(UserError, "Choose the files"):
            self._transfer(file_ids=False).action_build()
        working = self._solved(self.permits).file_id
        with self.assertRaisesRegex(UserError, "does not lie in the archive"):
            self._transfer(file_ids=[(6, 0, working.ids)]).action_build()

    def test_files_are_handed_over_with_a_receipt(self):
        transfer = self._built()
        with self.assertRaisesRegex(UserError, "number and date of the minutes"):
            transfer.action_hand_over()
        transfer.write({"receipt_number": "AN 12", "receipt_date": "2026-03-12"})
        transfer.action_hand_over()
        self.assertEqual((transfer.state, self.file.state),
                         ("handed_over", "transferred"))  # fmt: skip
        row = self.env["pcu.archive.movement"].search([], limit=1)
        self.assertEqual((row.kind, row.reference), ("transferred", "AN 12"))

    def test_built_package_does_not_change(self):
        transfer = self._built()
        for act in (
            transfer.action_build,
            transfer.unlink,
            lambda: transfer.write({"name": "x"}),
            lambda: transfer.write({"state": "draft"}),
        ):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(AccessError):
            transfer.with_user(self.auditor).action_build()

    def test_download_is_in_the_journal(self):
        transfer = self._built()
        transfer.action_download()
        act = self.env["pcu.journal"].search(
            [("action", "=", "transfer_downloaded")], limit=1
        )
        self.assertEqual(act.user_id, self.archivist)

    # -- the sheet of Law 135/2007 -------------------------------------------

    def test_each_document_gets_its_sheet_with_thirteen_fields(self):
        documents = self.file.entry_ids.document_ids
        sheets = self.env["pcu.archive.sheet"].search(
            [("file_id", "=", self.file.id)], order="id"
        )
        self.assertEqual(sheets.document_id, documents)
        found = sheets[0]._get_law_fields()
        self.assertEqual("".join(letter for letter, _l, _v in found), "abcdefghijklm")
        values = {letter: value for letter, _label, value in found}
        self.assertEqual(values["a"], "Primăria Teilor")
        self.assertEqual(values["b"], self.citizen.name)
        self.assertIn(documents[0].sha256, values["j"])
        self.assertIn("Urbanism", values["d"])
        self.assertEqual(values["l"], "12.03.2026")

    def test_sheet_stays_but_for_keywords_and_place(self):
        sheet = self.env["pcu.archive.sheet"].search([], limit=1)
        sheet.with_user(self.archivist).write({"keywords": "buget"})
        for act in (lambda: sheet.write({"owner": "x"}), sheet.unlink):
            with self.assertRaisesRegex(UserError, "The sheet says what was so"):
                act()
        self.assertTrue(sheet._print_pdf()[1].startswith(b"%PDF"))
