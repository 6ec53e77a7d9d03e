"""Who may do what in the archive, role by role and verb by verb."""

from odoo.addons.pcu_base.tests.common import ALL, NONE, READ
from odoo.tests import HttpCase, tagged

from .common import ArchiveCase


@tagged("post_install", "-at_install")
class TestSecurity(ArchiveCase):
    def test_file_plan(self):
        for record in (self.plan, self.permits):
            self.assertVerbs(
                record, archivist=ALL, member=READ, operator=READ, inspector=READ,
                head=READ, auditor=READ, admin=READ,
            )  # fmt: skip

    def test_file(self):
        self._in_force()
        file = self._solved(self.permits).file_id
        self.assertVerbs(
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
        self.assertVerbs(
            wizard, archivist=ALL, member=NONE, operator=NONE, inspector=NONE,
            head=NONE, auditor=NONE, admin=NONE,
        )  # fmt: skip
        self.assertFalse(line.with_user(self.operator).has_access("read"))

    def test_archivist_reads_no_document_before_it_is_in_the_archive(self):
        self._in_force()
        entry = self._solved(self.permits)
        self.assertVerbs(entry, archivist=NONE, member=NONE)
        entry.file_id._as_program().write({"state": "closed"})
        self.assertVerbs(entry, archivist=NONE)
        entry.file_id._as_program().write({"state": "archived"})
        self.assertVerbs(entry, archivist=READ, member=NONE)

    def test_inventory_and_hand_over(self):
        self._in_force()
        file = self._archived(self.permits)
        self.assertVerbs(
            file.inventory_id, archivist=ALL, member=NONE, operator=READ,
            inspector=READ, head=READ, colleague=NONE, auditor=READ, admin=NONE,
        )  # fmt: skip
        self.assertVerbs(
            file.inventory_id.handover_id, archivist=ALL, member=NONE, operator=NONE,
            inspector=NONE, head=NONE, auditor=READ, admin=NONE,
        )  # fmt: skip
        self.assertVerbs(
            self.env["pcu.archive.movement"].search([], limit=1), archivist=READ,
            member=NONE, operator=NONE, inspector=NONE, head=NONE, auditor=READ,
            admin=NONE,
        )  # fmt: skip

    def test_hold_commission_and_selection(self):
        self._in_force()
        hold = self.env["pcu.hold"].create(
            {
                "name": "Dosar",
                "reason": "Litigiu",
                "company_id": self.company.id,
                "file_ids": [(6, 0, self._archived(self.permits).ids)],
            }
        )
        commission = self.env["pcu.selection.commission"].create(
            {
                "name": "31",
                "company_id": self.company.id,
                "president_id": self.head.id,
                "secretary_id": self.archivist.id,
                "member_ids": [(6, 0, self.member.ids)],
            }
        )
        selection = self.env["pcu.selection"].create(
            {
                "name": "1",
                "company_id": self.company.id,
                "commission_id": commission.id,
            }
        )
        for record, archivist in (
            (hold, ALL - {"unlink"}), (commission, ALL - {"unlink"}), (selection, ALL),
        ):  # fmt: skip
            self.assertVerbs(
                record, archivist=archivist, member=READ, operator=NONE, inspector=NONE,
                head=NONE, auditor=READ, admin=NONE,
            )  # fmt: skip

    def test_transfer_and_sheet(self):
        self._in_force()
        file = self._archived(self.permits)
        transfer = self.env["pcu.transfer"].create(
            {
                "name": "Pachet",
                "company_id": self.company.id,
                "file_ids": [(6, 0, file.ids)],
            }
        )
        sheet = self.env["pcu.archive.sheet"].search([("file_id", "=", file.id)])
        for record, archivist in ((transfer, ALL), (sheet, {"read", "write"})):
            self.assertVerbs(
                record, archivist=archivist, member=NONE, operator=NONE, inspector=NONE,
                head=NONE, auditor=READ, admin=NONE,
            )  # fmt: skip

    def test_other_institution_sees_nothing(self):
        self._in_force()
        file = self._archived(self.permits)
        sheet = self.env["pcu.archive.sheet"].search([("file_id", "=", file.id)])
        inventory = file.inventory_id
        movement = self.env["pcu.archive.movement"].search([], limit=1)
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.archivist.write({"company_ids": [(6, 0, other.ids)], "company_id": other})
        for record in (self.plan, self.permits, file, inventory,
                       inventory.handover_id, movement, sheet):  # fmt: skip
            self.assertVerbs(record, archivist=NONE)


@tagged("post_install", "-at_install")
class TestPrinting(HttpCase, ArchiveCase):
    def test_form_is_printed_for_whoever_may_read_it(self):
        self._in_force()
        file = self._archived(self.permits)
        address = f"/pcu/archive/pcu.inventory/{file.inventory_id.id}.pdf"
        self.inspector.password = self.colleague.password = "secret-parola"
        self.authenticate(self.inspector.login, "secret-parola")
        answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.authenticate(self.colleague.login, "secret-parola")
        for path in (
            address,
            "/pcu/archive/pcu.inventory/999999999.pdf",
            f"/pcu/archive/res.users/{self.inspector.id}.pdf",
        ):
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, 404)
