"""Documents hold what was received, whatever it is and whoever tries."""

import hashlib
import os
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import DatabaseError

from .. import file_store
from ..file_types import OFFICE_XML
from .common import EXE, PDF, PNG, PcuBaseCase

MEGABYTE = 1024 * 1024


def docx():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestDocument(PcuBaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls.env["pcu.document"]

    # -- bytes ---------------------------------------------------------

    def test_bytes_stay_as_received(self):
        document = self.make_document()
        self.assertEqual(document._read(), PDF)
        self.assertEqual(document.sha256, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(document.size, len(PDF))
        self.assertEqual(document.attachment_id.raw, PDF)
        self.assertEqual(b"".join(document._iter_chunks(7)), PDF)
        self.assertEqual(document.attachment_id.res_id, document.id)

    def test_big_picture_is_not_reencoded(self):
        """Odoo would shrink a picture above 1920 pixels."""
        from PIL import Image

        buffer = BytesIO()
        Image.new("RGB", (2500, 2500), "red").save(buffer, "PNG")
        document = self.make_document("poza.png", buffer.getvalue())
        self.assertEqual(document._read(), buffer.getvalue())
        self.assertEqual(document.attachment_id.raw, buffer.getvalue())

    def test_batch_with_the_same_content_twice(self):
        documents = self.documents._create_from_bytes(
            [{"name": "a.pdf", "content": PDF}, {"name": "b.pdf", "content": PDF}]
        )
        self.assertEqual(documents.mapped("name"), ["a.pdf", "b.pdf"])
        self.assertEqual(*documents.mapped("sha256"))
        self.assertEqual(documents[0]._path(), documents[1]._path())
        self.assertEqual(len(documents.attachment_id), 2)

    def test_creating_many_costs_few_queries(self):
        vals = [{"name": f"{n}.pdf", "content": PDF + bytes([n])} for n in range(20)]
        self.documents._create_from_bytes([dict(v) for v in vals[:1]])
        with self.assertQueryCount(30):
            self.documents._create_from_bytes(vals)

    def test_empty_file_is_kept_with_a_remark(self):
        document = self.make_document("gol.pdf", b"")
        self.assertEqual((document.size, document._read()), (0, b""))
        self.assertIn("empty", document.type_note)
        self.assertFalse(document.suspicious)
        self.assertTrue(document._is_intact())

    def test_size_is_written_for_people(self):
        for size, text in ((8, "8 octeți"), (1536 * 1024, "1,5 MB"), (2048, "2,0 KB")):
            document = self.make_document(content=bytes(size))
            romanian = document.with_context(lang="ro_RO")
            self.assertEqual(romanian.size_text, text)

    # -- names ---------------------------------------------------------

    def test_name_stays_and_the_download_name_is_safe(self):
        for name, safe in (
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("Cerere înscriere școală – ță.pdf", "Cerere înscriere școală – ță.pdf"),
            ("cerere\u202efdp.exe", "cererefdp.exe"),
            ("..", "document"),
            ("a" * 500 + ".pdf", "a" * 196 + ".pdf"),
            ("cu\nrând nou.pdf", "curând nou.pdf"),
        ):
            with self.subTest(name):
                document = self.make_document(name)
                self.assertEqual(document.name, name)
                self.assertEqual(document.attachment_id.name, safe)
                root = os.path.realpath(self.env["ir.attachment"]._filestore())
                self.assertTrue(os.path.realpath(document._path()).startswith(root))

    def test_name_the_database_cannot_hold(self):
        self.assertEqual(self.make_document("a\x00.pdf").name, "a.pdf")
        self.assertEqual(self.make_document("a\udcff.pdf").name, "a?.pdf")
        self.assertEqual(self.make_document("").name, "document")

    # -- types ---------------------------------------------------------

    def test_true_type_of_honest_files(self):
        for name, content, true_type in (
            ("cerere.pdf", PDF, "application/pdf"),
            ("CERERE.PDF", PDF, "application/pdf"),
            ("poza.png", PNG, "image/png"),
            ("nota.txt", "Bună ziua, vă rog".encode(), "text/plain"),
            ("lista.csv", b"nume,suma\nPop,10\nIon,20\n", None),
            ("date.xml", b"<?xml version='1.0'?><a><b>c</b></a>", None),
            ("arhiva.zip", zip_of("a.txt"), "application/zip"),
            (
                "cerere.docx",
                docx(),
                f"{OFFICE_XML}.wordprocessingml.document",
            ),
        ):
            with self.subTest(name):
                document = self.make_document(name, content)
                if true_type:
                    self.assertEqual(document.true_type, true_type)
                self.assertFalse(document.type_mismatch, document.true_type)
                self.assertFalse(document.suspicious)
                self.assertFalse(document.type_note)

    def test_program_named_pdf_is_flagged(self):
        document = self.make_document("cerere.pdf", EXE)
        self.assertTrue(document.suspicious)
        self.assertTrue(document.type_mismatch)
        self.assertIn("program", document.type_note)
        self.assertEqual(document._mimetype_for_preview(), "application/octet-stream")
        self.assertEqual(document._read(), EXE, "kept all the same")

    def test_script_named_pdf_is_flagged(self):
        document = self.make_document("cerere.pdf", b"#!/bin/sh\nrm -rf /\n")
        self.assertTrue(document.suspicious)

    def test_program_by_its_name_is_flagged(self):
        self.assertTrue(self.make_document("factura.pdf.js", b"var a = 1;").suspicious)

    def test_letter_that_looks_like_a_script_is_not_flagged(self):
        text = b"import os\nfrom sys import path\n\ndef f():\n    return 1\n"
        self.assertFalse(self.make_document("scrisoare.txt", text).suspicious)

    def test_picture_named_pdf_differs(self):
        document = self.make_document("cerere.pdf", PNG)
        self.assertTrue(document.type_mismatch)
        self.assertFalse(document.suspicious)
        self.assertIn("PNG although the file says PDF", document.type_note)

    def test_declared_type_is_compared_too(self):
        document = self.make_document("cerere.pdf", PDF, declared_type="image/jpeg")
        self.assertTrue(document.type_mismatch)
        self.assertFalse(
            self.make_document(
                "cerere.pdf", PDF, declared_type="application/pdf; x=1"
            ).type_mismatch
        )

    def test_rubbish_named_pdf_differs(self):
        self.assertTrue(self.make_document("a.pdf", bytes(range(1, 200))).type_mismatch)

    def test_other_file_named_docx_differs(self):
        for content in (PNG, bytes(range(1, 200)), zip_of("a.txt")):
            self.assertTrue(self.make_document("a.docx", content).type_mismatch)

    def test_habits_of_windows_are_no_lie(self):
        document = self.make_document(
            "lista.csv", b"a,b\n1,2\n", declared_type="application/vnd.ms-excel"
        )
        self.assertFalse(document.type_mismatch)

    def test_department_of_another_institution_is_refused(self):
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        department = self.make_department("ALT", company_id=other.id)
        with self.assertRaises(UserError):
            self.make_document().department_id = department

    def test_list_costs_the_same_for_any_length(self):
        """As an ordinary clerk, with remarks, labels and sizes."""
        vals = [{"name": f"{n}.pdf", "content": PNG + bytes([n])} for n in range(40)]
        ids = self.documents._create_from_bytes(vals).ids
        documents = self.documents.with_user(self.operator)
        spec = {
            "name": {}, "size_text": {}, "type_label": {}, "type_note": {},
            "department_id": {"fields": {"display_name": {}}},
        }  # fmt: skip
        documents.web_search_read([("id", "in", ids[:1])], spec)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            documents.web_search_read([("id", "in", ids)], spec, limit=80)

    def test_active_content_is_not_shown_as_such(self):
        html = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
        for name, content in (("a.html", html), ("a.svg", svg), ("a.pdf", html)):
            with self.subTest(name):
                document = self.make_document(name, content)
                self.assertEqual(document._mimetype_for_preview(), "text/plain")

    # -- from a file ---------------------------------------------------

    def test_file_is_moved_not_copied(self):
        path = self.make_partial(b"%PDF-1.4 moved")
        inode = path.stat().st_ino
        document = self.documents._create_from_file(path, {"name": "mare.pdf"})
        self.assertFalse(path.exists())
        self.assertEqual(Path(document._path()).stat().st_ino, inode)
        self.assertEqual(document._read(), b"%PDF-1.4 moved")
        self.assertTrue(document._is_intact())

    def test_several_files_keep_their_own_bytes(self):
        """They are stored together, two of them alike."""
        contents = [b"%PDF-1.4 one", b"%PDF-1.4 two", b"%PDF-1.4 one"]
        files = [
            (self.make_partial(content, f"{n}.part"), {"name": f"{n}.pdf"})
            for n, content in enumerate(contents)
        ]
        documents = self.documents._create_from_files(files)
        self.assertEqual([document._read() for document in documents], contents)
        self.assertEqual(documents.mapped("name"), ["0.pdf", "1.pdf", "2.pdf"])
        for document in documents:
            self.assertEqual(document.attachment_id.res_id, document.id)

    def test_big_file_is_never_in_memory(self):
        """64 MB go through with less than 4 MB of memory."""
        path = self.make_partial(b"")
        with path.open("wb") as file:
            file.write(b"%PDF-1.4\n")
            file.truncate(64 * MEGABYTE)
        self.documents._create_from_file(self.make_partial(b"x"), {"name": "warm"})
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        document = self.documents._create_from_file(path, {"name": "mare.pdf"})
        peak = tracemalloc.get_traced_memory()[1]
        self.assertLess(peak, 4 * MEGABYTE)
        self.assertEqual(document.size, 64 * MEGABYTE)

    def test_size_beyond_two_gigabytes_fits(self):
        """The attachment's own field is too small, the document's is not."""
        found = file_store.Fingerprint("a" * 64, "b" * 40, 10 * 1024**3)
        path = self.make_partial(PDF)
        with patch.object(file_store, "fingerprint", return_value=found):
            document = self.documents._create_from_file(path, {"name": "mare.pdf"})
        document.invalidate_recordset()
        self.assertEqual(document.size, 10 * 1024**3)
        self.assertEqual(document.attachment_id.file_size, 2**31 - 1)

    def test_crash_before_the_commit_leaves_what_the_collector_finds(self):
        """The mark is there before the file has its name; the row is gone."""
        path = self.make_partial(b"%PDF-1.4 lost")
        marked = []
        attachments = self.env.registry["ir.attachment"]
        original = attachments._mark_for_gc

        def mark(model, fname):
            marked.append((fname, os.path.exists(model._full_path(fname))))
            return original(model, fname)

        with patch.object(attachments, "_mark_for_gc", mark):
            savepoint = self.cr.savepoint()
            document = self.documents._create_from_file(path, {"name": "x.pdf"})
            stored = document._path()
            savepoint.close(rollback=True)
        self.assertEqual(marked, [(marked[0][0], False)], "marked before the rename")
        self.assertTrue(os.path.exists(stored))
        with mute_logger("odoo.addons.base.models.ir_attachment"):
            self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertFalse(os.path.exists(stored))

    def test_collector_keeps_what_is_referenced(self):
        document = self.make_document(content=b"%PDF-1.4 kept")
        with mute_logger("odoo.addons.base.models.ir_attachment"):
            self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertTrue(document._is_intact())

    def test_rollback_gives_the_file_back(self):
        path = self.make_partial(b"%PDF-1.4 back")
        document = self.documents._create_from_file(path, {"name": "x.pdf"})
        self.assertFalse(path.exists())
        file_store.bring_back(document._path(), str(path))
        self.assertEqual(path.read_bytes(), b"%PDF-1.4 back")
        self.assertTrue(document._is_intact(), "others may rely on the stored file")

    def test_damaged_file_under_the_same_name_is_replaced(self):
        document = self.make_document(content=b"%PDF-1.4 good")
        Path(document._path()).write_bytes(b"%PDF-1.4 evil")
        self.assertFalse(document._is_intact())
        self.make_document("again.pdf", b"%PDF-1.4 good")
        self.assertTrue(document._is_intact())

    def test_documents_from_uploaded_files(self):
        upload = self.env["ir.attachment"].create({"name": "a.pdf", "raw": PDF})
        document = self.documents._create_from_attachments(
            upload, {"department_id": self.urban.id}
        )
        self.assertEqual(document._read(), PDF)
        self.assertNotEqual(document.attachment_id, upload)
        self.assertEqual(document.department_id, self.urban)

    # -- verification --------------------------------------------------

    def test_verification_of_an_intact_file(self):
        result = self.make_document().action_verify()
        self.assertEqual(result["params"]["type"], "success")

    def test_verification_of_a_damaged_file_is_recorded(self):
        document = self.make_document(content=b"%PDF-1.4 to damage")
        Path(document._path()).write_bytes(b"%PDF-1.4 damaged !")
        result = document.action_verify()
        self.assertEqual(result["params"]["type"], "danger")
        self.assertTrue(
            self.env["pcu.journal"].search(
                [("action", "=", "document_damaged"), ("res_id", "=", document.id)]
            )
        )
        os.unlink(document._path())
        self.assertEqual(document.action_verify()["params"]["type"], "danger")

    def test_leftover_partial_files_go_after_a_month(self):
        folder = Path(self.documents._get_filestore_tmp())
        old, new = folder / "old-test", folder / "new-test"
        for path in (old, new):
            path.write_bytes(b"x")
            self.addCleanup(path.unlink, missing_ok=True)
        os.utime(old, (0, 0))
        self.documents._gc_partial_files()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())


def zip_of(name):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "text")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestDocumentIsImmutable(PcuBaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.make_document()
        cls.attachment = cls.document.attachment_id
        cls.env.flush_all()

    def refused_by_database(self, statement, *params):
        with (
            self.subTest(statement),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(DatabaseError, "cannot be"),
            self.cr.savepoint(flush=False),
        ):
            self.cr.execute(statement, params)

    def test_program_cannot_change_it(self):
        for field, value in (
            ("name", "x"), ("sha256", "0" * 64), ("size", 1), ("kind", "issued"),
            ("attachment_id", self.attachment.copy({"res_id": 0}).id),
            ("true_type", "text/plain"), ("suspicious", True),
        ):  # fmt: skip
            with self.subTest(field), self.assertRaises(UserError):
                self.document.sudo().write({field: value})

    def test_owner_department_and_slot_may_change(self):
        self.document.write(
            {
                "department_id": self.urban.id,
                "res_model": "res.partner",
                "res_id": self.env.user.partner_id.id,
                "slot": "act",
                "confidential": True,
            }
        )
        self.env.flush_all()

    def test_program_cannot_delete_or_duplicate_it(self):
        with self.assertRaises(UserError):
            self.document.unlink()
        with self.assertRaises(UserError):
            self.document.copy()

    def test_program_cannot_touch_its_file(self):
        for vals in (
            {"raw": b"x"}, {"datas": b"eA=="}, {"name": "x"}, {"res_id": 0},
            {"res_model": "res.partner"}, {"public": True}, {"type": "url"},
            {"mimetype": "text/html"},
        ):  # fmt: skip
            with self.subTest(vals), self.assertRaises(UserError):
                self.attachment.sudo().write(vals)
        with self.assertRaises(UserError):
            self.attachment.sudo().unlink()
        self.assertEqual(self.document._read(), PDF)

    def test_other_files_stay_free(self):
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        other.write({"raw": b"y", "name": "z"})
        other.unlink()

    def test_file_keeps_what_does_not_touch_the_bytes(self):
        self.attachment.write({"description": "Copia cererii"})
        self.attachment.generate_access_token()
        self.env.flush_all()

    def test_database_refuses(self):
        own, file = self.document.id, self.attachment.id
        self.refused_by_database("DELETE FROM pcu_document WHERE id = %s", own)
        self.refused_by_database(
            "UPDATE pcu_document SET sha256 = %s WHERE id = %s", "0" * 64, own
        )
        self.refused_by_database("UPDATE pcu_document SET size = 1 WHERE id = %s", own)
        self.refused_by_database(
            "UPDATE pcu_document SET name = 'x' WHERE id = %s", own
        )
        self.refused_by_database("TRUNCATE pcu_document CASCADE")
        self.refused_by_database("DELETE FROM ir_attachment WHERE id = %s", file)
        self.refused_by_database(
            "UPDATE ir_attachment SET store_fname = 'aa/b' WHERE id = %s", file
        )
        self.refused_by_database(
            "UPDATE ir_attachment SET res_id = NULL WHERE id = %s", file
        )
        self.refused_by_database(
            "UPDATE ir_attachment SET public = true WHERE id = %s", file
        )
        self.cr.execute(
            "UPDATE pcu_document SET department_id = %s WHERE id = %s",
            [self.urban.id, own],
        )

    # -- the end -------------------------------------------------------

    def test_without_the_archive_no_bytes_are_destroyed(self):
        """The archive's module brings the only reason that the database accepts."""
        document = self.make_document()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(DatabaseError, "cannot be changed"),
            self.env.cr.savepoint(),
        ):
            document._destroy_bytes()
        self.assertEqual(document._read(), PDF)
