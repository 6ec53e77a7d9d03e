"""Who may do what in the archive, role by role and verb by verb."""

from odoo.tests import tagged

from .common import ArchiveCase

VERBS = ("read", "write", "create", "unlink")
ALL, READ, NONE = set(VERBS), {"read"}, set()


@tagged("post_install", "-at_install")
class TestSecurity(ArchiveCase):
    def _check(self, record, **expected):
        for role, verbs in expected.items():
            user = getattr(self, role)
            found = record.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            with self.subTest(model=record._name, role=role):
                self.assertEqual({v for v in VERBS if found.has_access(v)}, verbs)

    def test_file_plan(self):
        for record in (self.plan, self.permits):
            self._check(
                record, archivist=ALL, member=READ, operator=READ, inspector=READ,
                head=READ, auditor=READ, admin=READ,
            )  # fmt: skip

    def test_file(self):
        self._in_force()
        file = self._solved(self.permits).file_id
        self._check(
            file, archivist=ALL, member=READ, operator=READ, inspector=READ,
            head=READ, colleague=NONE, auditor=READ, admin=NONE,
        )  # fmt: skip

    def test_import(self):
        wizard = self.env(user=self.archivist)["pcu.classification.import"].create(
            {"plan_id": self.plan.id}
        )
        line = self.env["pcu.classification.import.line"].create(
            {"import_id": wizard.id}
        )
        self._check(
            wizard, archivist=ALL, member=NONE, operator=NONE, inspector=NONE,
            head=NONE, auditor=NONE, admin=NONE,
        )  # fmt: skip
        self.assertFalse(line.with_user(self.operator).has_access("read"))

    def test_archivist_reads_no_document_before_it_is_in_the_archive(self):
        self._in_force()
        entry = self._solved(self.permits)
        self._check(entry, archivist=NONE, member=NONE)
        entry.file_id._as_program().write({"state": "closed"})
        self._check(entry, archivist=NONE)
        entry.file_id._as_program().write({"state": "archived"})
        self._check(entry, archivist=READ, member=NONE)

    def test_other_institution_sees_nothing(self):
        self._in_force()
        file = self._solved(self.permits).file_id
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.archivist.write({"company_ids": [(6, 0, other.ids)], "company_id": other})
        for record in (self.plan, self.permits, file):
            self._check(record, archivist=NONE)
