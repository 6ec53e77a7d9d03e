"""Publishing: what a citizen filed under stays what the citizen is answered by."""

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestProcedureVersions(RequestsCase):
    """Versions of a procedure."""

    def setUp(self):
        super().setUp()
        self.kept = self.procedure.with_user(self.administrator)

    def _change(self):
        """The council's new rules: 20 days, the plan goes, a deed comes."""
        self.kept.write(
            {
                "term_length": 20,
                "completion_length": 3,
                "appeal_note": "La tribunal.",
                "slot_ids": [
                    Command.delete(self.procedure.slot_ids[1].id),
                    Command.create({"code": "act", "name": "Act de proprietate"}),
                ],
            }
        )

    def test_an_open_request_keeps_the_version_it_was_filed_under(self):
        """Term, checklist, time to complete and appeal are those of that day."""
        first = self.kept._publish()
        request = self._filed()
        self._change()
        draft = self._filed(origin_number="2")
        self.assertEqual(draft.procedure_version_id, first, "not published yet")
        self.assertEqual(draft.term_length, 30)
        self.clock.tick(60)
        second = self.kept._publish("HCL 12/2026")
        later = self._filed(origin_number="3")
        self.assertRecordValues(
            request | draft | later,
            [
                {"procedure_version_id": first.id, "term_length": 30},
                {"procedure_version_id": first.id, "term_length": 30},
                {"procedure_version_id": second.id, "term_length": 20},
            ],
        )
        self.assertEqual(request.newer_version, True)
        self.assertEqual(later.newer_version, False)
        names = ["Cerere tip", "Plan cadastral", "Alte acte"]
        self.assertEqual(request.line_ids.mapped("name"), names)
        self.assertEqual(
            later.line_ids.mapped("name"),
            ["Cerere tip", "Alte acte", "Act de proprietate"],
        )
        self.assertEqual(str(request._completion_due_date()), "2026-03-23")
        self.assertEqual(str(later._completion_due_date()), "2026-03-16")
        self.assertFalse(request.appeal_note)
        self.assertEqual(later.appeal_note, "La tribunal.")

    def test_a_document_no_longer_asked_for_still_finds_its_line(self):
        """The platform sends the old slot's code for an old request."""
        self.kept._publish()
        request = self._filed()
        self._change()
        self.kept._publish()
        request._attach_documents(self._document("plan", name="plan.pdf"))
        line = request.line_ids.filtered(lambda x: x.name == "Plan cadastral")
        self.assertEqual(line.state, "present")

    def test_a_request_classified_later_goes_by_the_day_it_was_filed(self):
        """Whoever filed before a change isn't judged by it."""
        first = self.kept._publish()
        request = self._filed(procedure_code="XYZ", filed_at="2026-03-12 08:00:00")
        with freeze_time("2026-03-13 08:00:00"):
            self._change()
            self.kept._publish()
            request.with_user(self.operator)._classify(self.procedure)
        self.assertEqual(request.procedure_version_id, first)
        self.assertEqual(request.term_length, 30)

    def test_what_was_never_published_applies_as_it_stands(self):
        """And its open requests were filed under what the first version says."""
        request = self._filed()
        self.assertFalse(request.procedure_version_id)
        self.assertEqual(self.procedure.publication, "draft")
        version = self.kept._publish()
        self.assertEqual(request.procedure_version_id, version)

    def test_nothing_changed_is_not_published_again(self):
        """A version without a difference would say nothing."""
        self.kept._publish()
        self.assertEqual(self.procedure.publication, "published")
        with self.assertRaisesRegex(UserError, "Nothing has changed"):
            self.kept._publish()
        self.procedure.slot_ids[0].mandatory = False
        self.assertEqual(self.procedure.publication, "changed")

    def test_a_procedure_without_a_desk_is_not_published(self):
        """Its requests would lie nowhere; information alone needs no desk."""
        self.procedure.department_id = False
        with self.assertRaisesRegex(UserError, "No department"):
            self.kept._publish()
        self.procedure.informational_only = True
        self.assertTrue(self.kept._publish())

    def test_a_published_version_stays(self):
        """Neither the administrator nor a program nor SQL changes it."""
        version = self.kept._publish()
        with self.assertRaises(AccessError):
            version.with_user(self.administrator).check_access("write")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.RestrictViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE pcu_procedure_version SET note = 'x'")
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.kept.unlink()

    def test_the_code_of_a_published_document_stays(self):
        """Platforms name the document by it."""
        slot = self.procedure.slot_ids[0]
        slot.code = "c1"
        self.kept._publish()
        with self.assertRaisesRegex(UserError, "c1"):
            slot.code = "c2"

    def test_only_the_administrator_publishes(self):
        """Heads and inspectors read."""
        for user in (self.head, self.inspector, self.operator, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.procedure.with_user(user)._publish()

    def test_the_difference_is_told_in_words(self):
        """What was added, removed and changed, with labels and not with codes."""
        first = self.kept._publish()
        self._change()
        self.procedure.audience = "legal"
        dialog = Form.from_action(self.env, self.kept.action_publish()).save()
        self.assertEqual(dialog.old_version_id, first)
        text = dialog.difference_html
        for words in (
            "Legal persons",
            "Plan cadastral",
            "removed",
            "added",
            "30",
            "20",
        ):
            with self.subTest(words=words):
                self.assertIn(words, text)
        dialog.note = "HCL 12/2026"
        dialog.action_publish()
        version = self.procedure.version_id
        self.assertEqual((version.number, version.note), (2, "HCL 12/2026"))
        self.assertIn("Legal persons", version.difference_html)

    def test_hostile_words_stay_words(self):
        """The table of differences shows markup, it doesn't obey it."""
        self.kept._publish()
        self.procedure.entitled = "<script>alert(1)</script>"
        table = self.env["pcu.procedure.compare"].create(
            {"procedure_id": self.procedure.id}
        )
        self.assertIn("&lt;script&gt;", table.difference_html)
        self.assertNotIn("<script>", table.difference_html)

    def test_the_list_of_procedures_costs_no_query_more_for_more_rows(self):
        """Whether a procedure changed since is computed for all of them together."""
        more = self.env["pcu.procedure"]
        for number in range(12):
            more |= self._procedure(f"P{number}", f"Procedura {number}", self.taxes)
        more._publish()

        def queries(procedures):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            procedures.mapped("publication")
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(more[:2]), queries(more))
