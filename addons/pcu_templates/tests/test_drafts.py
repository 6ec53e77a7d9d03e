"""Drafts: merged, written on, versions kept, frozen at approval, issued by deciding."""

import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from pypdf import PdfReader

from .common import DraftsCase


def pdf_text(content):
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        .split()
    )  # fmt: skip


@tagged("post_install", "-at_install")
class TestDrafts(DraftsCase):
    """From the template to the document that leaves."""

    def test_merging_fills_the_fields_and_escapes_them(self):
        """What a citizen wrote is text, not markup."""
        self.citizen.name = "Ion <b>Țăranu</b> & Fiii"
        draft = self._drafted()
        self.assertIn("Ion &lt;b&gt;Țăranu&lt;/b&gt; &amp; Fiii", draft.body)
        self.assertIn(draft.request_id.entry_reference, draft.body)
        self.assertEqual(draft.legal_basis, "Legea nr. 50/1991")

    def test_a_field_that_left_the_list_is_named_when_merging(self):
        """A template from before an upgrade: said, nothing made."""
        self.template.flush_recordset()
        self.env.cr.execute(
            "UPDATE pcu_template SET body = '<p>{{ old.name }}</p>' WHERE id = %s",
            [self.template.id],
        )
        self.template.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "1.*“?old.name"):
            self._drafted()

    def test_each_saved_text_is_a_version_with_who_and_what_changed(self):
        """The same text again is none."""
        draft = self._drafted()
        draft.body = "<p>Se aprobă cererea.</p>"
        draft.body = "<p>Se aprobă cererea.</p>"
        draft.with_user(self.colleague).body = "<p>Se respinge cererea.</p>"
        versions = draft.version_ids.sorted("number", reverse=True)
        self.assertEqual(versions.mapped("number"), [3, 2, 1])
        self.assertEqual(versions[0].user_id, self.colleague)
        self.assertEqual(versions[0].changed_count, 1)
        compare = self.env["pcu.draft.compare"].with_user(self.auditor)
        compare = compare.create(
            {"draft_id": draft.id, "old_id": versions[1].id, "new_id": versions[0].id}
        )
        self.assertIn("<del>aprobă</del><ins>respinge</ins>", compare.difference)

    def test_a_draft_is_frozen_while_it_is_approved(self):
        """Returned, it opens again; approved, it stays as approved."""
        self.procedure.approval_step_ids = [(0, 0, {"role": "mayor"})]
        draft = self._drafted()
        request = draft.request_id
        request._send_for_approval("favourable", False)
        self.assertEqual(draft.state, "frozen")
        with self.assertRaisesRegex(UserError, "is frozen"):
            draft.body = "<p>Altceva</p>"
        mayor = request.with_user(self.mayor)
        self.assertIn("Țăranu", draft.with_user(self.mayor).body)
        mayor._get_my_approvals()._return("Temeiul?")
        draft.body = "<p>Corectat.</p>"
        request._send_for_approval("favourable", False)
        mayor.action_approve()
        with self.assertRaisesRegex(UserError, "is frozen"):
            draft.body = "<p>După aprobare</p>"

    def test_the_decision_issues_the_paper_with_its_approvals(self):
        """The final PDF: no mark of a draft, both numbers, who approved."""
        self.procedure.approval_step_ids = [(0, 0, {"role": "mayor"})]
        draft = self._drafted()
        request = draft.request_id
        mark = draft._get_letter().mark
        self.assertIn(mark, pdf_text(draft._draw("pdf")))
        request._send_for_approval("favourable", False)
        request.with_user(self.mayor).action_approve()
        request._decide("favourable", None)
        document = request.final_document_ids
        self.assertEqual((draft.state, draft.document_id), ("issued", document))
        text = pdf_text(document._read())
        self.assertNotIn(mark, text)
        approved = draft._get_letter().signatories[0].note
        for words in (
            request.entry_reference, "PISEG #123456", "Țăranu", "Legea nr. 50/1991",
            "554/2004", approved,
        ):  # fmt: skip
            with self.subTest(words=words):
                self.assertIn(words, text)
        with self.assertRaisesRegex(UserError, "is frozen"):
            draft.body = "<p>Prea târziu</p>"

    def test_a_request_closed_without_decision_drops_its_drafts(self):
        """Nothing half-made stays open."""
        draft = self._drafted()
        draft.request_id._withdraw("Renunță")
        self.assertEqual(draft.state, "dropped")

    def test_a_dropped_draft_does_not_go_out(self):
        """Only live drafts are issued."""
        draft = self._drafted()
        draft.action_drop()
        draft.request_id._decide("favourable", "Da.")
        self.assertFalse(draft.request_id.final_document_ids)

    def test_only_the_department_writes(self):
        """Operator, auditor and strangers don't; nobody creates by hand."""
        draft = self._drafted()
        for user in (self.operator, self.auditor, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draft.with_user(user).body = "<p>x</p>"
        with self.assertRaises(AccessError):
            draft.state = "issued"
        with self.assertRaises(AccessError):
            self.env["pcu.draft"].with_user(self.operator)._make(
                draft.request_id.with_user(self.operator), self.template
            )


@tagged("post_install", "-at_install")
class TestDraftFiles(HttpCase, DraftsCase):
    """The files over HTTP."""

    def test_files_are_for_who_may_read_the_draft(self):
        """Three formats; a stranger and an unknown format find nothing."""
        draft = self._drafted()
        self.authenticate("inspector", "inspector")
        for kind, magic in (("pdf", b"%PDF"), ("docx", b"PK"), ("odt", b"PK")):
            answer = self.url_open(f"/pcu/draft/{draft.id}/{kind}")
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.content[: len(magic)], magic)
        self.assertEqual(self.url_open(f"/pcu/draft/{draft.id}/exe").status_code, 404)
        self.authenticate("stranger", "stranger")
        self.assertEqual(self.url_open(f"/pcu/draft/{draft.id}/pdf").status_code, 404)
