from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestDocuments(RegistryCase):
    """Files of an entry: kept as they came, shown beside the form."""

    def _upload(self, name="cerere.txt", content=b"cerere"):
        return (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": name, "raw": content, "res_model": "pcu.register.entry"})
        )

    def test_clerk_registers_on_one_screen(self):
        """Files put on the new row become documents with the same bytes."""
        upload = self._upload(content=b"%PDF-1.4 \xff")
        with Form(self.env(user=self.operator)["pcu.register.entry"]) as form:
            form.sender_id = self.citizen
            form.summary = "Cerere"
            form.new_file_ids.add(upload)
        entry = form.record
        self.assertEqual(entry.document_ids._read(), b"%PDF-1.4 \xff")
        self.assertEqual(entry.document_ids.kind, "received")
        self.assertFalse(upload.exists())
        self.assertEqual(
            entry._get_mail_thread_data_attachments(), entry.document_ids.attachment_id
        )
        entry.action_register()
        self.assertEqual(entry.number, 1)

    def test_only_own_uploads_are_taken(self):
        """Taking a file deletes it: nobody's but the clerk's own, nor one in use."""
        entry, other = self._registered(self.operator), self._registered(self.operator)
        files = self.env["ir.attachment"]
        strange = files.create(
            [
                {"name": "web.css", "raw": b"a", "public": True},
                {"name": "sigla.png", "raw": b"a", "res_model": "res.company",
                 "res_id": self.env.company.id, "public": True},
                {"name": "mesaj.pdf", "raw": b"a", "res_model": entry._name,
                 "res_id": entry.id},
            ]
        )  # fmt: skip
        elsewhere = self._upload("alta.pdf")
        elsewhere.res_id = other.id
        for file in strange | elsewhere:
            with self.assertRaisesRegex(UserError, f"“{file.name}” belongs elsewhere"):
                entry.write({"new_file_ids": [Command.set(file.ids)]})
        hidden = files.create({"name": "privat.pdf", "raw": b"a"})
        with self.assertRaises(AccessError):
            entry.write({"new_file_ids": [Command.set(hidden.ids)]})
        self.assertEqual(
            (strange | elsewhere | hidden).exists().mapped("raw"),
            [b"a"] * 3 + [b"cerere", b"a"],
        )
        self.assertFalse(entry.document_ids)
        own = self._upload()
        own.res_id = entry.id
        entry.write({"new_file_ids": [Command.set((own | self._upload()).ids)]})
        self.assertEqual(entry.document_count, 2)
        self.assertFalse(own.exists())

    def test_confidential_entry_hides_its_documents(self):
        entry = self._registered(self.operator)
        entry._add_files(self._upload())
        entry.action_route(self.urbanism)
        entry.with_user(self.operator).confidentiality = "confidential"
        self.assertTrue(entry.document_ids.confidential)
        self.assertFalse(entry.with_user(self.operator).has_access("read"))
        self.assertFalse(entry.document_ids.with_user(self.operator).has_access("read"))
        self.assertTrue(entry.document_ids.with_user(self.inspector).has_access("read"))

    def test_documents_are_counted(self):
        entry = self._registered(self.operator)
        entry._add_files(self._upload() + self._upload("b.txt", b"b"))
        self.assertEqual(entry.document_count, 2)
