"""Every role and every verb, allowed and refused."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import CNP, PDF, VERBS, PcuBaseCase

ROLES = ("operator", "inspector", "head", "auditor", "admin", "clerk", "stranger")
# Role: letters of the verbs (r, w, c, u) granted on the model.
RIGHTS = {
    "pcu.department": {
        "operator": "r", "inspector": "r", "head": "r", "auditor": "r",
        "admin": "rwcu", "clerk": "r", "stranger": "",
    },
    "pcu.legal.day": {
        "operator": "r", "inspector": "r", "head": "r", "auditor": "r",
        "admin": "rwcu", "clerk": "r", "stranger": "",
    },
    "pcu.term.type": {
        "operator": "r", "inspector": "r", "head": "r", "auditor": "r",
        "admin": "rwcu", "clerk": "r", "stranger": "",
    },
    "pcu.document": {
        "operator": "r", "inspector": "r", "head": "r", "auditor": "r",
        "admin": "", "clerk": "", "stranger": "",
    },
    "pcu.journal": {
        "operator": "", "inspector": "", "head": "", "auditor": "r",
        "admin": "r", "clerk": "", "stranger": "",
    },
    # Which absences: by record rules, see test_absence.
    "pcu.absence": {
        "operator": "rwcu", "inspector": "rwcu", "head": "rwcu", "auditor": "rwcu",
        "admin": "rwcu", "clerk": "rwcu", "stranger": "",
    },
    "pcu.absence.item": {
        "operator": "r", "inspector": "r", "head": "r", "auditor": "r",
        "admin": "r", "clerk": "r", "stranger": "",
    },
    # Which fields: see test_administrator_fills_in_the_institution.
    "res.company": {
        "operator": "r", "inspector": "r", "head": "r", "auditor": "r",
        "admin": "rw", "clerk": "r", "stranger": "r",
    },
    "res.partner": {
        "operator": "rwc", "inspector": "rw", "head": "rw", "auditor": "r",
        "admin": "r", "clerk": "r", "stranger": "r",
    },
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestSecurity(PcuBaseCase):
    def test_role_by_verb(self):
        for model, roles in RIGHTS.items():
            for role in ROLES:
                verbs = {v for v in VERBS if verb_letter(v) in roles[role]}
                self.assertVerbs(self.env[model], **{role: verbs})

    def test_administrator_fills_in_the_institution(self):
        """Name, address, offices; not Odoo's own settings, nor another town hall."""
        company = self.company.with_user(self.admin)
        company.write({"pcu_head_id": self.head.id, "city": "Valea Mare"})
        self.assertEqual(self.company.pcu_head_id, self.head)
        self.assertEqual(self.company.partner_id.city, "Valea Mare")
        currency = self.env.ref("base.USD").id
        for vals in (
            {"currency_id": currency},
            {"pcu_virus_scanner": "127.0.0.1:1"},
            {"pcu_head_id": self.head.id, "user_ids": [(5,)]},
        ):
            with self.subTest(vals), self.assertRaisesRegex(AccessError, "system's"):
                company.write(vals)
        with self.assertRaises(AccessError):
            self.company.with_user(self.operator).city = "Altundeva"
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        with self.assertRaises(AccessError):
            other.with_user(self.admin).city = "Altundeva"

    def test_administrator_opens_the_institution_from_the_menu(self):
        menu = self.env.ref("pcu_base.menu_pcu_institution")
        action = menu.with_user(self.admin).action.with_user(self.admin)
        self.assertEqual(action.run()["res_id"], self.admin.company_id.id)
        with self.assertRaises(AccessError):
            action.with_user(self.operator).run()

    def test_administrator_of_the_system_is_administrator_of_the_town_hall(self):
        root = self.env.ref("base.user_admin")
        self.assertTrue(root.has_group("pcu_base.group_admin"))
        self.assertFalse(root.has_group("pcu_base.group_registry_operator"))
        self.assertFalse(root.has_group("pcu_base.group_inspector"))

    def test_documents_follow_the_department(self):
        mine = self.make_document(department_id=self.urban.id)
        below = self.make_document(department_id=self.permits.id)
        other = self.make_document(department_id=self.social.id)
        nobody = self.make_document()
        every = mine + below + other + nobody
        for user, seen in (
            (self.inspector, mine),
            (self.head, mine + below),
            (self.operator, every),
            (self.auditor, every),
        ):
            with self.subTest(user.login):
                documents = self.env["pcu.document"].with_user(user)
                self.assertEqual(documents.search([("id", "in", every.ids)]), seen)
                files = self.env["ir.attachment"].with_user(user)
                self.assertEqual(
                    set(files.search([("id", "in", every.attachment_id.ids)]).ids),
                    set(seen.attachment_id.ids),
                    "the file follows the document",
                )

    def test_confidential_documents_are_hidden_from_the_operator(self):
        document = self.make_document(department_id=self.urban.id, confidential=True)
        with self.assertRaises(AccessError):
            document.with_user(self.operator).check_access("read")
        document.with_user(self.inspector).check_access("read")
        self.urban.member_ids += self.operator
        document.with_user(self.operator).check_access("read")

    def test_bytes_follow_the_document(self):
        document = self.make_document(department_id=self.social.id)
        theirs = document.with_user(self.inspector)
        for read in (theirs._path, theirs._read, theirs.attachment_id.with_user(
            self.inspector).generate_access_token, theirs.action_verify):  # fmt: skip
            with self.assertRaises(AccessError):
                read()
        with self.assertRaises(AccessError):
            theirs.attachment_id.read(["raw"])
        self.assertEqual(document.with_user(self.operator)._read(), PDF)

    def test_document_cannot_be_made_around_the_program(self):
        """Else a clerk could claim the file of somebody else."""
        foreign = self.make_document(department_id=self.social.id).attachment_id
        for user in (self.operator, self.head, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["pcu.document"].with_user(user).create(
                    {"name": "x", "attachment_id": foreign.id, "sha256": "0" * 64}
                )

    def test_file_cannot_be_slipped_under_a_document(self):
        document = self.make_document(department_id=self.urban.id)
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.operator).create(
                {
                    "name": "x",
                    "raw": b"x",
                    "res_model": "pcu.document",
                    "res_id": document.id,
                }
            )

    def test_institutions_do_not_see_each_other(self):
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        theirs = self.make_document(company_id=other.id)
        department = self.make_department("ALT", company_id=other.id)
        row = self.env["pcu.journal"]._log(department, "created")
        for record in (theirs, department, row):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.auditor).check_access("read")

    def test_cnp_stays_out_of_the_chatter(self):
        party = self.env["res.partner"].create({"name": "X", "pcu_cnp": CNP})
        party.pcu_cnp = False
        self.flush_tracking()
        self.assertNotIn(CNP, str(party.message_ids.tracking_value_ids.read()))
        self.assertNotIn(CNP, "".join(map(str, party.message_ids.mapped("body"))))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()


def verb_letter(verb):
    return {"read": "r", "write": "w", "create": "c", "unlink": "u"}[verb]


@tagged("post_install", "-at_install")
class TestDownload(HttpCase, PcuBaseCase):
    def test_download_follows_the_document(self):
        document = self.make_document("Cerere școală.pdf", department_id=self.urban.id)
        url = f"/web/content/{document.attachment_id.id}?download=1"
        self.authenticate("pcu_inspector", "pcu_inspector")
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.content), (200, PDF))
        self.assertIn("nosniff", answer.headers["X-Content-Type-Options"])
        self.authenticate("pcu_clerk", "pcu_clerk")
        self.assertNotEqual(self.url_open(url).content, PDF)
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open(url).content, PDF)
