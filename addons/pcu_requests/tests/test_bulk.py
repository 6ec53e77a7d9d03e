"""Several requests at once: assigned, extended, printed."""

import io
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from PIL import Image
from pypdf import PdfReader, PdfWriter

from ..models import pcu_request_bundle
from .common import RequestsCase


class BulkCase(RequestsCase):
    """Three requests of urbanism; only two may be extended."""

    def setUp(self):
        super().setUp()
        term = self.env["pcu.term.type"].search(
            [("extension_length", ">", 0)], order="id", limit=1
        )
        self.requests = self._in_progress() | self._in_progress()
        self.requests.sudo().term_type_id = term
        self.fixed = self._in_progress()
        self.fixed.sudo().term_type_id = self.env["pcu.term.type"].search(
            [("extension_length", "=", 0)], order="id", limit=1
        )


@tagged("post_install", "-at_install")
class TestBulk(BulkCase):
    """The buttons over the list."""

    def _extend(self, requests, user):
        action = requests.with_user(user).action_extend_term()
        wizard = self.env["pcu.request.extend"].with_user(user)
        with Form(wizard.with_context(**action["context"])) as form:
            form.reason = "Lipsește avizul"
        return form.record

    def test_each_term_is_made_longer_as_its_law_allows_the_others_are_named(self):
        """One decision, each applicant told; who can't be extended is said before."""
        before = self.requests.mapped("due_date")
        wizard = self._extend(self.requests | self.fixed, self.head)
        self.assertIn(self.fixed.display_name, wizard.refusal_text)
        self.assertNotIn(self.requests[0].display_name, wizard.refusal_text)
        result = wizard.action_confirm()
        self.assertIn("extended: 2", result["params"]["message"])
        for request, day in zip(self.requests, before, strict=True):
            self.assertGreater(request.due_date, day)
            self.assertIn("extended", request.notice_ids.mapped("kind"))
        self.assertFalse(self.fixed.term_step_ids)

    def test_when_none_can_be_extended_the_reasons_are_given(self):
        """Nothing happens in silence."""
        other = self._in_progress()
        other.sudo().term_type_id = self.fixed.term_type_id
        wizard = self._extend(self.fixed | other, self.head)
        with self.assertRaisesRegex(UserError, "no extension"):
            wizard.action_confirm()

    def test_inspector_extends_nothing(self):
        """The law names the head."""
        with self.assertRaises(AccessError):
            self._extend(self.requests, self.inspector)

    def test_head_assigns_several_at_once(self):
        """One dialog, each with its own routing in the register."""
        action = self.requests.with_user(self.head).action_assign()
        wizard = self.env["pcu.request.assign"].with_user(self.head)
        with Form(wizard.with_context(**action["context"])) as form:
            form.user_id = self.colleague
        form.record.action_confirm()
        self.assertEqual(self.requests.user_id, self.colleague)

    def test_sheets_hold_the_facts_of_each_request_in_romanian(self):
        """Numbers, checklist and questions; one page each, one act in the journal."""
        self.env["res.lang"]._activate_lang("ro_RO")
        self.requests[0].with_user(self.inspector)._ask_clarification("Ce suprafață?")
        pdf = PdfReader(
            io.BytesIO(self.requests.with_user(self.inspector)._draw_sheets())
        )
        self.assertEqual(len(pdf.pages), 2)
        text = pdf.pages[0].extract_text()
        for part in (
            self.requests[0].entry_reference,
            "Ion Țăranu",
            "Plan cadastral",
            "Ce suprafață?",
        ):
            self.assertIn(part, text)
        printed = self.env["pcu.journal"].search([("action", "=", "request_printed")])
        self.assertEqual(sorted(printed.mapped("res_id")), sorted(self.requests.ids))

    def _bundle(self, request, **files):
        """Print a request whose documents are the files by name."""
        for name, content in files.items():
            slot = {"cerere": "cerere", "plan": "plan"}.get(name.split("_")[0])
            document = self._document(slot, content, name.replace("_", "."))
            request._attach_documents(document)
        pdf = PdfReader(io.BytesIO(request.with_user(self.inspector)._draw_bundle()))
        return [page.extract_text() for page in pdf.pages]

    def test_documents_follow_the_sheet_that_names_them(self):
        """A PDF with its pages, a picture on a sheet of its own, Word by its name."""
        self.env["res.lang"]._activate_lang("ro_RO")
        picture = io.BytesIO()
        Image.new("RGBA", (30, 20)).save(picture, "PNG")
        request = self._filed()
        letter = self.requests[0].with_user(self.inspector)._draw_sheets()
        pages = self._bundle(
            request,
            cerere_pdf=letter,
            plan_png=picture.getvalue(),
            alte_docx=b"PK\x05\x06" + bytes(18),
        )
        self.assertEqual(len(pages), 3)
        for words in (request.entry_reference, "Documente după această fișă", "docx"):
            self.assertIn(words, pages[0])
        self.assertIn("netipărit", pages[0])
        self.assertIn(self.requests[0].entry_reference, pages[1])
        self.assertEqual(pages[2].strip(), "")

    def test_a_damaged_or_locked_document_stops_no_other(self):
        """It is named on the sheet; the clerk gets the rest."""
        self.env["res.lang"]._activate_lang("ro_RO")
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.encrypt("secret")
        writer.write(locked := io.BytesIO())
        pages = self._bundle(
            self._filed(), cerere_pdf=b"%PDF-1.4 rupt", plan_pdf=locked.getvalue()
        )
        self.assertEqual(len(pages), 1)
        self.assertEqual(pages[0].count("netipărit"), 2)

    def test_each_sheet_goes_before_its_own_documents(self):
        """Two requests, two bundles, in the order of the list."""
        for request in self.requests:
            sheet = request.with_user(self.inspector)._draw_sheets()
            request._attach_documents(self._document("plan", sheet, "plan.pdf"))
        content = self.requests.with_user(self.inspector)._draw_bundle()
        texts = [p.extract_text() for p in PdfReader(io.BytesIO(content)).pages]
        one, other = self.requests.mapped("entry_reference")
        found = [one if one in text else other for text in texts]
        self.assertEqual(found, [one, one, other, other])

    def test_more_than_a_clerk_waits_for_is_refused_with_its_size(self):
        """Before the tab opens, and with what to do."""
        with (
            patch.object(pcu_request_bundle, "MOST_BYTES", 10),
            self.assertRaisesRegex(UserError, "Choose fewer requests"),
        ):
            self.requests.with_user(self.inspector).action_print_bundle()

    def test_too_many_are_refused_with_the_number(self):
        """Nobody prints the whole year by a slip of the mouse."""
        many = self.requests.browse(range(1, 202))
        with self.assertRaisesRegex(UserError, "200"):
            many.sudo().action_print_sheets()


@tagged("post_install", "-at_install")
class TestBulkAddress(BulkCase, HttpCase):
    """The address of the sheets."""

    def test_sheets_open_for_the_department_only(self):
        """One forbidden among them, and nothing is printed."""
        url = self.requests.with_user(self.inspector).action_print_sheets()["url"]
        self.authenticate("inspector", "inspector")
        whole = self.requests.with_user(self.inspector).action_print_bundle()["url"]
        for address in (url, whole):
            answer = self.url_open(address)
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.url_open("/pcu/requests/sheets?ids=x").status_code, 404)
        self.authenticate("stranger", "stranger")
        for address in (url, whole):
            self.assertEqual(self.url_open(address).status_code, 404)
