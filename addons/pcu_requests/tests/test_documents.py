"""The checklist: what is there, what is missing, what can't be used."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestDocuments(RequestsCase):
    """Documents find their line."""

    def test_documents_complete_the_checklist(self):
        """With both mandatory documents nothing is missing."""
        request = self._complete()
        self.assertFalse(request.missing_count)
        self.assertEqual(request.document_ids.entry_id, request.entry_id)
        self.assertEqual(request.document_ids.department_id, self.urbanism)

    def test_unasked_document_gets_a_line_of_its_own(self):
        """A file under a code nobody knows is kept and shown."""
        request = self._filed()
        request._attach_documents(self._document("altceva", name="poza.pdf"))
        self.assertIn("poza.pdf", request.line_ids.mapped("name"))
        self.assertEqual(request.missing_count, 2)

    def test_slots_may_come_as_mapping_or_list(self):
        """The connector may name the slots beside the documents."""
        request = self._filed()
        first, second = self._document(), self._document(name="b.pdf")
        request._attach_documents(first, {first.id: "cerere"})
        request._attach_documents(second, ["plan"])
        self.assertFalse(request.missing_count)

    def test_empty_file_is_kept_but_completes_nothing(self):
        """The clerk sees the empty file, rejected with its reason."""
        request = self._filed()
        request._attach_documents(self._document("cerere", content=b""))
        line = request.line_ids.filtered(lambda line: line.slot_id.code == "cerere")
        self.assertEqual(line.state, "rejected")
        self.assertTrue(line.reason)
        self.assertEqual(request.missing_count, 2)

    def test_program_under_another_name_is_rejected(self):
        """A PDF that is an executable is shown, not trusted."""
        request = self._filed()
        program = (
            b"MZ" + b"\x00" * 58 + b"\x40\x00\x00\x00" + b"PE\x00\x00" + b"\x00" * 200
        )
        request._attach_documents(self._document("cerere", content=program))
        line = request.line_ids.filtered(lambda line: line.slot_id.code == "cerere")
        self.assertEqual(line.state, "rejected")
        self.assertTrue(line.note)

    def test_new_document_answers_a_rejected_one(self):
        """What the applicant sends again takes the rejected document's line."""
        request = self._filed()
        request._attach_documents(self._document("cerere", content=b""))
        good = self._document("cerere")
        request._attach_documents(good)
        line = request.line_ids.filtered(lambda line: line.slot_id.code == "cerere")
        self.assertEqual((line.state, line.document_id), ("present", good))
        self.assertEqual(len(request.document_ids), 2)

    def test_rejecting_needs_a_reason(self):
        """The applicant must learn why."""
        line = self._in_progress().line_ids.filtered("document_id")[0]
        line = line.with_user(self.inspector)
        with self.assertRaises(ValidationError):
            line.state = "rejected"
        action = line.action_reject()
        self.assertEqual(action["res_id"], line.id)
        line.reason = "Ilizibil"
        line.action_confirm_reject()
        self.assertEqual(line.note, "Ilizibil")
        self.assertEqual(line.request_id.missing_count, 1)
        line.action_accept()
        self.assertFalse(line.request_id.missing_count)

    def test_clerk_lays_a_scan_on_a_line(self):
        """An upload becomes an original document of the request."""
        request = self._filed().with_user(self.inspector)
        line = request.line_ids.filtered(lambda line: line.slot_id.code == "plan")
        line.write(
            {"upload": base64.b64encode(b"%PDF-1.4 scan"), "upload_name": "plan ș.pdf"}
        )
        self.assertEqual(line.state, "present")
        self.assertEqual(line.document_id.name, "plan ș.pdf")
        self.assertEqual(line.document_id._read(), b"%PDF-1.4 scan")
        self.assertEqual(line.document_id.request_id, request)

    def test_preview_shows_the_document_of_the_line(self):
        """One click puts a document beside the form."""
        request = self._complete()
        line = request.line_ids.filtered("document_id")[-1].with_user(self.inspector)
        action = line.action_preview()
        self.assertEqual(action["params"], {"document_id": line.document_id.id})
        missing = request.line_ids.filtered(lambda line: line.state == "missing")
        with self.assertRaisesRegex(UserError, "not been received"):
            missing.action_preview()

    def test_pane_lists_the_documents_in_the_order_of_the_checklist(self):
        """The place on the checklist is the name that a clerk looks for."""
        request = self._complete()
        request._attach_documents(self._document(name="altceva.pdf"))
        pane = request.with_user(self.inspector).get_pane_documents()
        places = [document["place"] for document in pane]
        self.assertEqual(places, ["Cerere tip", "Plan cadastral", "altceva.pdf"])
        self.assertTrue(pane[0]["main"])
        with self.assertRaises(AccessError):
            request.with_user(self.stranger).get_pane_documents()

    def test_chatter_offers_the_documents(self):
        """The files of the request stand in the list of the chatter."""
        request = self._complete().with_user(self.inspector)
        self.assertEqual(
            request._get_mail_thread_data_attachments(),
            request.document_ids.attachment_id,
        )
        self.assertTrue(request.message_main_attachment_id)

    def test_documents_received_before_the_procedure_find_their_line(self):
        """Classifying later moves what came onto the lines of the procedure."""
        request = self._filed(procedure_code="XYZ")
        request._attach_documents(self._document("cerere"))
        request.with_user(self.operator)._classify(self.procedure)
        line = request.line_ids.filtered(lambda line: line.slot_id.code == "cerere")
        self.assertEqual(line.state, "present")
        self.assertTrue(line.mandatory)
        self.assertEqual(request.missing_text, "Plan cadastral")
        self.assertEqual(len(request.line_ids), 3)
