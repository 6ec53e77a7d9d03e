"""The urbanism certificate, from the desk to the mayor and back, in the browser."""

from odoo.tests import HttpCase, tagged

from .common import DraftsCase


@tagged("post_install", "-at_install")
class TestCertificate(HttpCase, DraftsCase):
    """Two people, one request: asked, answered, drafted, approved, decided."""

    frozen_at = None

    def test_urbanism_certificate_with_clarification_and_approval(self):
        """Nobody leaves the screens; the paper leaves with both numbers."""
        self.procedure.approval_step_ids = [(0, 0, {"role": "mayor"})]
        request = self._filed()
        request._attach_documents(self._document("cerere"))
        request.with_user(self.inspector).action_take()
        url = f"/odoo/requests/{request.id}"

        self.start_tour(url, "pcu_certificate_ask", login="inspector")
        self.assertEqual(request.state, "clarification")
        request._add_clarification_answer(
            "Am adus planul.", self._document("plan", name="plan.pdf")
        )
        self.start_tour(url, "pcu_certificate_draft", login="inspector")
        self.start_tour(url, "pcu_certificate_send", login="inspector")
        self.assertEqual(request.approval_state, "running")
        self.start_tour("/odoo/to-approve", "pcu_certificate_approve", login="mayor")
        self.assertEqual(request.approval_state, "approved")
        self.start_tour(url, "pcu_certificate_decide", login="inspector")

        self.assertEqual((request.state, request.outcome), ("decided", "favourable"))
        self.assertEqual(request.decision_text, "Se eliberează.")
        draft = request.draft_ids
        self.assertEqual((draft.state, draft.version_count), ("issued", 2))
        self.assertEqual(draft.document_id, request.final_document_ids)
