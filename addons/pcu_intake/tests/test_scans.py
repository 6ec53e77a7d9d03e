import io
from ast import literal_eval

from odoo.addons.pcu_base.tests.common import NONE, READ
from odoo.addons.pcu_registry import stamping
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.misc import file_path
from pypdf import PdfReader, PdfWriter

from .. import pages, separators
from .common import PROGRAM, IntakeCase, make_pdf

SIGNED = b"%PDF-1.7\n1 0 obj <</Type /Sig /ByteRange [0 10 20 30]>> endobj\n%%EOF\n"


def join(*contents):
    """Put PDFs one after the other, as a scanner does with a stack."""
    writer = PdfWriter()
    for content in contents:
        writer.append(io.BytesIO(content))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_sheet():
    fonts = tuple(
        file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{weight}.ttf")
        for weight in ("Regular", "Bold")
    )
    return separators.draw_sheets(1, "SEPARATOR", ["Aici începe"], fonts)


def lock(content):
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(document):
    pages_ = PdfReader(io.BytesIO(document._read())).pages
    return [page.extract_text().strip() for page in pages_]


class ScanCase(IntakeCase):
    """Files dropped by the operator."""

    def _drop(self, *files, user=None, **values):
        env = self.env(user=user or self.operator)
        uploads = env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": "pcu.intake.drop"}
                for name, content in files
            ]
        )
        wizard = env["pcu.intake.drop"].create(
            {"register_id": self.register.id, "file_ids": uploads.ids, **values}
        )
        return wizard.action_take()

    def _scan(self, content, name="teanc.pdf"):
        self._drop((name, content), separated=True)
        scan = self.env["pcu.intake.scan"].search([], limit=1)
        scan._work()
        return scan


@tagged("post_install", "-at_install")
class TestDroppedFiles(ScanCase):
    """Several files, one draft each."""

    def test_only_own_uploads_are_taken(self):
        public = self.env["ir.attachment"].create(
            {"name": "web.pdf", "raw": make_pdf(), "public": True}
        )
        for separated in (False, True):
            wizard = self.env["pcu.intake.drop"].with_user(self.operator).create(
                {"register_id": self.register.id, "file_ids": public.ids,
                 "separated": separated}
            )  # fmt: skip
            with self.assertRaisesRegex(UserError, "belongs elsewhere"):
                wizard.action_take()
        self.assertTrue(public.exists())

    def test_each_file_is_a_draft_with_its_bytes(self):
        first, second = make_pdf(), make_pdf(2)
        action = self._drop(("Cerere Pop.pdf", first), ("Adresă.pdf", second))
        drafts = self.env["pcu.register.entry"].search(action["domain"], order="id")
        self.assertEqual(drafts.mapped("summary"), ["Cerere Pop", "Adresă"])
        self.assertEqual(set(drafts.mapped("state")), {"draft"})
        self.assertEqual([d._read() for d in drafts.document_ids], [first, second])
        drafts.sender_id = self.citizen
        drafts.with_user(self.operator).action_register()
        self.assertEqual(drafts[1].number, drafts[0].number + 1)

    def test_draft_without_issuer_says_what_is_missing(self):
        action = self._drop(("a.pdf", make_pdf()))
        drafts = self.env["pcu.register.entry"].search(action["domain"])
        with self.assertRaises(UserError):
            drafts.with_user(self.operator).action_register()

    def test_broken_and_locked_files_are_kept_as_drafts(self):
        files = [("rupt.pdf", b"%PDF-1.4 x"), ("parola.pdf", lock(make_pdf()))]
        action = self._drop(*files)
        drafts = self.env["pcu.register.entry"].search(action["domain"], order="id")
        self.assertEqual(
            [document._read() for document in drafts.document_ids],
            [content for _name, content in files],
        )

    def test_draft_warns_of_a_file_that_is_not_what_it_seems(self):
        action = self._drop(
            ("bun.pdf", make_pdf()), ("joc.pdf", PROGRAM), ("gol.pdf", b""),
            ("rupt.pdf", b"%PDF-1.4 x"), ("parola.pdf", lock(make_pdf())),
        )  # fmt: skip
        drafts = self.env["pcu.register.entry"].search(action["domain"], order="id")
        for document in drafts.document_ids:
            # As the night job does, without its commits.
            document.text_state = document._read_search_text()[1] or "done"
        good, *doubtful = drafts
        self.assertFalse(good.files_note)
        words = ("program", "empty", "can't be read", "can't be read")
        for draft, word in zip(doubtful, words, strict=True):
            with self.subTest(draft.summary):
                self.assertRegex(draft.files_note, f"⚠ .*{word}")

    def test_draft_without_files_is_not_among_those_with(self):
        self._drop(("bun.pdf", make_pdf()))
        bare = self._draft(self.operator)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_intake.pcu_register_entry_action_drafts"
        )
        listed = self.env["pcu.register.entry"].search(literal_eval(action["domain"]))
        self.assertTrue(listed)
        self.assertNotIn(bare, listed)

    def test_nothing_dropped(self):
        with self.assertRaises(UserError):
            self._drop()

    def test_only_the_registry_drops_files(self):
        for user in (self.inspector, self.head, self.auditor, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._drop(("a.pdf", make_pdf()), user=user)


@tagged("post_install", "-at_install")
class TestBatches(ScanCase):
    """A stack of papers is cut at its separator sheets."""

    def test_batch_is_cut_into_drafts_and_stays_as_scanned(self):
        sheet = make_sheet()
        batch = join(sheet, make_pdf(2, "cerere"), sheet, sheet, make_pdf(1, "adresa"))
        scan = self._scan(batch)
        self.assertRecordValues(
            scan,
            [{"state": "ready", "page_count": 6, "pages_done": 6, "entry_count": 2}],
        )
        first, second = scan.entry_ids.sorted("id")
        self.assertEqual(texts(first.document_ids), ["cerere 1", "cerere 2"])
        self.assertEqual(texts(second.document_ids), ["adresa 1"])
        self.assertEqual((first.page_count, second.page_count), (2, 1))
        self.assertEqual(first.create_uid, self.operator)
        self.assertEqual(first.document_ids.original_id, scan.document_id)
        self.assertEqual(scan.document_id._read(), batch)
        self.assertTrue(scan.document_id._is_intact())

    def test_part_is_stamped_like_any_received_paper(self):
        scan = self._scan(join(make_pdf(), make_sheet(), make_pdf()))
        entry = scan.entry_ids.sorted("id")[0]
        entry.sender_id = self.citizen
        entry.with_user(self.operator).action_register()
        entry._stamp_pdf()
        self.assertEqual(entry.document_ids.mapped("kind"), ["received", "copy"])

    def test_batch_without_a_sheet_is_one_document(self):
        content = make_pdf(3)
        scan = self._scan(content)
        self.assertEqual(scan.entry_ids.document_ids._read(), content)

    def test_a_code_of_somebody_else_cuts_nothing(self):
        foreign = stamping.draw_stamp(
            stamping.Stamp("x", "y", "z", "d", qr="https://example.org"),
            tuple(
                file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{weight}.ttf")
                for weight in ("Regular", "Bold")
            ),
        )
        self.assertFalse(self._scan(join(make_pdf(), foreign, make_pdf())).marks)

    def test_what_cant_be_cut_says_why_and_is_kept(self):
        cases = {
            "parolă": lock(make_pdf()),
            "rupt": b"%PDF-1.4\nnimic",
            "semnat": SIGNED,
            "numai foi": make_sheet(),
        }
        problems = set()
        for name, content in cases.items():
            with self.subTest(name):
                scan = self._scan(content)
                self.assertEqual(scan.state, "failed")
                self.assertFalse(scan.entry_ids)
                self.assertEqual(scan.document_id._read(), content)
                problems.add(scan.problem_text)
        self.assertEqual(len(problems), 4)

    def test_clerk_reads_in_their_own_language_why_and_what_to_do(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        self.env["ir.module.module"].search(
            [("name", "=", "pcu_intake")]
        )._update_translations(["ro_RO"])
        damaged, locked = self._scan(b"%PDF-1.4\nnimic"), self._scan(lock(make_pdf()))
        for lang, scan, words in (
            ("ro_RO", damaged, ("Fișierul este deteriorat.", "Fă o singură poziție")),
            ("ro_RO", locked, ("parolă", "Fă o singură poziție")),
            ("en_US", locked, ("password", "Make one entry of it")),
        ):
            with self.subTest(lang=lang, problem=scan.problem):
                for word in words:
                    self.assertIn(word, scan.with_context(lang=lang).problem_text)

    def test_batch_that_cant_be_cut_becomes_one_entry(self):
        scan = self._scan(SIGNED).with_user(self.operator)
        scan.action_make_one_entry()
        self.assertEqual(scan.entry_ids.document_ids._read(), SIGNED)
        with self.assertRaises(UserError):
            scan.action_make_one_entry()

    def test_stopped_batch_goes_on_where_it_was(self):
        self.patch(type(self.env["pcu.intake.scan"]), "SLICE", 2)
        self._drop(
            ("t.pdf", join(make_pdf(2), make_sheet(), make_pdf(2))), separated=True
        )
        scan = self.env["pcu.intake.scan"].search([], limit=1)
        pause = type(scan)._pause
        self.patch(type(scan), "_pause", lambda _self, _done: False)
        self.assertFalse(scan._work())
        self.assertRecordValues(scan, [{"state": "reading", "pages_done": 2}])
        self.patch(type(scan), "_pause", pause)
        scan._work()
        self.assertEqual((scan.state, scan.entry_count), ("ready", 2))

    def test_two_thousand_pages_are_cut(self):
        """Pages are looked at in slices; the parts are exact."""
        looked_at = []

        def find(_path, first, last, _mark, _seconds):
            looked_at.append(last - first)
            return [(page, page == 1000) for page in range(first, last)]

        self.patch(pages, "find_marks", find)
        scan = self._scan(make_pdf(2000))
        self.assertEqual(scan.state, "ready")
        self.assertEqual(sorted(scan.entry_ids.mapped("page_count")), [999, 1000])
        self.assertEqual(max(looked_at), self.env["pcu.intake.scan"].SLICE)
        self.assertEqual(sum(looked_at), 2000)

    def test_worker_that_takes_too_long_is_stopped(self):
        document = self._scan(make_pdf()).document_id
        with self.assertRaises(pages.PagesError) as caught:
            list(pages.find_marks(document._path(), 0, 1, separators.MARK, 0.01))
        self.assertEqual(str(caught.exception), pages.TOO_LONG)

    def test_roles_and_verbs(self):
        scan = self._scan(make_pdf())
        self.assertVerbs(
            scan, operator=READ, admin=READ, inspector=NONE, head=NONE, auditor=NONE
        )

    def test_another_institution_sees_nothing(self):
        scan = self._scan(make_pdf())
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        scan = scan.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(scan.has_access("read"))


@tagged("post_install", "-at_install")
class TestArrange(ScanCase):
    """Pages are merged, turned and reordered on a copy."""

    def _entry(self, *contents):
        entry = self._draft(self.operator)
        self.env["pcu.document"]._create_from_bytes(
            [
                {
                    **entry._prepare_document_values(),
                    "name": f"{number}.pdf",
                    "content": content,
                }
                for number, content in enumerate(contents)
            ]
        )
        return entry

    def _arrange(self, entry, user=None):
        action = entry.with_user(user or self.operator).action_arrange()
        return self.env["pcu.intake.arrange"].browse(action["res_id"])

    def test_merged_turned_and_reordered(self):
        first, second = make_pdf(2, "a"), make_pdf(1, "b")
        entry = self._entry(first, second)
        wizard = self._arrange(entry)
        self.assertEqual(len(wizard.page_ids), 3)
        self.assertTrue(all(wizard.page_ids.mapped("picture")))
        one, two, three = wizard.page_ids
        three.sequence, one.turn, two.keep = -1, "90", False
        wizard.with_user(self.operator).action_apply()
        copy = entry.document_ids[-1]
        self.assertEqual(texts(copy), ["b 1", "a 1"])
        rotations = [p.rotation for p in PdfReader(io.BytesIO(copy._read())).pages]
        self.assertEqual(rotations, [0, 90])
        self.assertEqual(copy.kind, "copy")
        self.assertEqual([d._read() for d in entry.document_ids[:2]], [first, second])

    def test_signed_file_is_left_out(self):
        wizard = self._arrange(self._entry(make_pdf(), SIGNED))
        self.assertEqual(len(wizard.page_ids), 1)
        self.assertIn("1.pdf", wizard.signed_note)
        with self.assertRaises(UserError):
            self._arrange(self._entry(SIGNED))

    def test_files_whose_pages_cant_be_read(self):
        for content in (lock(make_pdf()), b"%PDF-1.4\nrupt", make_pdf(2000)):
            entry = self._entry(content)
            with self.assertRaises(UserError):
                self._arrange(entry)
            self.assertEqual(entry.document_ids._read(), content)

    def test_at_least_one_page_is_kept(self):
        wizard = self._arrange(self._entry(make_pdf()))
        wizard.page_ids.keep = False
        with self.assertRaises(UserError):
            wizard.with_user(self.operator).action_apply()

    def test_only_the_registry_arranges(self):
        entry = self._entry(make_pdf())
        entry.department_id = self.urbanism
        for user in (self.inspector, self.head, self.auditor, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._arrange(entry, user)
