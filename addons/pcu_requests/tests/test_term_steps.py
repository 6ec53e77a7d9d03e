"""What makes a term longer, stops it or starts it anew; and who may."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestTermSteps(RequestsCase):
    """A petition of thirty days, registered on 12 March 2026, due on 14 April."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petition = cls.env.ref("pcu_base.term_type_pet")
        cls.permit = cls.env.ref("pcu_base.term_type_ac")
        cls.procedure.term_type_id = cls.petition
        cls.company.pcu_head_id = cls.head

    def _extend(self, request, user=None, **values):
        wizard = Form(
            self.env["pcu.request.extend"]
            .with_user(user or self.head)
            .with_context(default_request_id=request.id)
        )
        wizard.reason = "Oficiul de cadastru nu a răspuns."
        for name, value in values.items():
            wizard[name] = value
        wizard = wizard.save()
        wizard.action_confirm()
        return wizard

    # -- from the catalogue --------------------------------------------------------

    def test_procedure_takes_its_term_from_the_catalogue(self):
        self.procedure.term_type_id = self.env.ref("pcu_base.term_type_cu")
        self.assertRecordValues(
            self.procedure,
            [
                {
                    "term_length": 15,
                    "term_unit": "working_days",
                    "term_law": "Legea 50/1991, art. 6 alin. (4)",
                    "completion_length": 10,
                    "completion_unit": "working_days",
                    "tacit_approval": False,
                }
            ],
        )

    def test_procedure_without_a_legal_term_keeps_its_own(self):
        procedure = self._procedure(
            "X", "Altceva", self.urbanism, term_length=7, term_unit="working_days"
        )
        self.assertEqual((procedure.term_length, procedure.completion_length), (7, 10))
        self.assertEqual(procedure.term_law, "OG 27/2002 art. 8")

    def test_law_stands_beside_the_date(self):
        request = self._filed()
        self.assertEqual(request.term_law, "OG 27/2002, art. 8 alin. (1)")
        self.assertIn("30 de zile", request.term_rule)

    def test_a_procedure_that_changes_later_changes_nothing_for_who_filed_before(self):
        request = self._filed()
        self.procedure.write({"term_type_id": False, "term_length": 5})
        request._compute_due_dates()
        self.assertEqual(request.due_date, date(2026, 4, 14))
        self.assertEqual(request.term_law, "OG 27/2002, art. 8 alin. (1)")

    # -- extension -----------------------------------------------------------------

    def test_head_extends_a_petition_by_fifteen_days_and_the_citizen_is_told(self):
        request = self._in_progress()
        wizard = self._extend(request)
        self.assertEqual(wizard.duration, 15)
        self.assertEqual(request.due_date, date(2026, 4, 27))
        self.assertEqual(wizard.decided_by_id, self.head)
        notice = request.notice_ids.filtered(lambda n: n.kind == "extended")
        self.assertEqual(len(notice), 1)
        notice._advance()
        body = notice.sudo().mail_id.body_html
        self.assertIn("27.04.2026", body)
        self.assertIn("Oficiul de cadastru", body)
        self.assertIn("OG 27/2002, art. 9", body)
        self.assertIn(request.entry_reference, notice.sudo().mail_id.subject)

    def test_dialog_shows_the_new_date_before_anybody_decides(self):
        request = self._in_progress()
        wizard = Form(
            self.env["pcu.request.extend"]
            .with_user(self.head)
            .with_context(default_request_id=request.id)
        )
        self.assertEqual(wizard.new_due_date, date(2026, 4, 27))
        wizard.duration = 5
        self.assertEqual(wizard.new_due_date, date(2026, 4, 17))
        self.assertEqual(request.due_date, date(2026, 4, 14))

    def test_the_last_day_is_in_time_the_day_after_is_not(self):
        first, second = self._in_progress(), self._in_progress()
        self.clock.move_to("2026-04-14 18:00:00")
        self._extend(first)
        self.assertEqual(first.due_date, date(2026, 4, 27))
        self.clock.move_to("2026-04-15 08:00:00")
        with self.assertRaisesRegex(UserError, "before it ends"):
            self._extend(second)
        self.assertEqual(second.due_date, date(2026, 4, 14))

    def test_no_more_than_the_law_gives(self):
        request = self._in_progress()
        with self.assertRaisesRegex(UserError, "at most"):
            self._extend(request, duration=16)
        self._extend(request, duration=10)
        with self.assertRaisesRegex(UserError, "at most"):
            self._extend(request, duration=6)
        self._extend(request, duration=5)
        self.assertEqual(request.due_date, date(2026, 4, 27))

    def test_a_procedure_without_extension_refuses(self):
        self.procedure.term_type_id = self.env.ref("pcu_base.term_type_cu")
        request = self._in_progress()
        self.assertFalse(request.with_user(self.head).can_extend)
        with self.assertRaises(UserError):
            request._extend_term(5, "Motiv.")

    def test_only_the_head_extends(self):
        request = self._in_progress()
        for user in (self.inspector, self.operator, self.auditor, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user)._extend_term(5, "Motiv.")

    def test_an_ended_request_is_not_extended(self):
        request = self._decided()
        with self.assertRaises(UserError):
            request._extend_term(5, "Motiv.")

    # -- suspension ----------------------------------------------------------------

    def test_asking_stops_only_the_internal_clock(self):
        request = self._in_progress()
        request.with_user(self.inspector)._ask_clarification("Ceva.")
        self.assertFalse(request.term_stopped)
        self.clock.move_to("2026-03-13 10:00:00")
        request._add_clarification_answer("Da.")
        self.assertEqual(
            request.term_step_ids.sorted("id").mapped("kind"), ["suspend", "resume"]
        )
        self.assertEqual(request.due_date, date(2026, 4, 14))

    def test_a_law_may_stop_the_legal_clock_too(self):
        self.petition.write(
            {"suspension": "legal", "suspension_law": "Legea X, art. 1"}
        )
        request = self._in_progress()
        request.with_user(self.inspector)._ask_clarification("Ceva.")
        self.assertTrue(request.term_stopped)
        self.clock.move_to("2026-04-20 10:00:00")
        request.invalidate_recordset()
        self.assertFalse(request.is_overdue, "a stopped term is not late")
        self.assertFalse(
            self.env["pcu.request"].search([("is_overdue", "=", True)]) & request
        )
        self.assertEqual(request.days_left_text, "term stopped by law")
        request._add_clarification_answer("Da.")
        # thirty days and the thirty-nine that the applicant took
        self.assertEqual(request.due_date, date(2026, 5, 21))
        self.assertFalse(request.term_stopped)

    def test_applicant_reads_whether_the_term_stops(self):
        self.petition.write(
            {"suspension": "legal", "suspension_law": "Legea X, art. 1"}
        )
        request = self._in_progress()
        request.with_user(self.inspector)._ask_clarification("Ceva.")
        notice = request.notice_ids.filtered(lambda n: n.kind == "clarification")
        notice._advance()
        body = notice.sudo().mail_id.body_html
        self.assertIn("se suspendă până la primirea", body)
        self.assertNotIn("nu se suspendă", body)

    def test_no_law_no_legal_suspension(self):
        from odoo.tools import mute_logger
        from psycopg2.errors import CheckViolation

        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.petition.suspension = "legal"
            self.env.flush_all()

    def test_a_permit_runs_from_the_complete_file(self):
        """Legea 50/1991: the plan came on 20 March, so 30 days begin then."""
        self.procedure.term_type_id = self.permit
        request = self._filed()
        request._attach_documents(self._document("cerere"))
        request.with_user(self.inspector).action_take()
        request.with_user(self.inspector)._ask_clarification("Lipsește planul.")
        self.clock.move_to("2026-03-20 10:00:00")
        request._add_clarification_answer("Iată.", self._document("plan", name="p.pdf"))
        self.assertEqual(request.due_date, date(2026, 4, 20))
        self.assertEqual(request.term_step_ids.sorted("id")[-1:].kind, "restart")

    def test_an_answer_that_leaves_the_file_incomplete_starts_nothing(self):
        self.procedure.term_type_id = self.permit
        request = self._filed()
        request.with_user(self.inspector).action_take()
        request.with_user(self.inspector)._ask_clarification("Lipsesc toate.")
        self.clock.move_to("2026-03-20 10:00:00")
        request._add_clarification_answer("Doar planul.", self._document("plan"))
        self.assertNotIn("restart", request.term_step_ids.mapped("kind"))
        self.assertEqual(request.due_date, date(2026, 4, 14))

    # -- the calendar changes ------------------------------------------------------

    def _new_day(self, day, kind="day_off", **values):
        days = self.env["pcu.legal.day"].with_user(self.administrator)
        return days.create(
            {"date": day, "name": "Zi liberă", "kind": kind, "law": "HG 1", **values}
        )

    def _recount(self):
        cron = self.env.ref("pcu_requests.ir_cron_recount_terms")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_term_that_cannot_be_counted_keeps_no_other_waiting(self):
        bad, good = self._filed(), self._filed()
        self._new_day("2026-04-14")
        compute = self.request_class._compute_due_dates

        def stumble(request):
            if bad in request:
                raise ValueError("poisoned")
            return compute(request)

        with (
            patch.object(self.request_class, "_compute_due_dates", stumble),
            mute_logger("odoo.addons.pcu_base.scheduled"),
        ):
            self._recount()
        self.assertEqual(good.due_date, date(2026, 4, 15))
        self.assertTrue(bad.term_stale, "it is found again")

    def test_a_day_off_moves_the_terms_that_end_on_it_and_lists_them(self):
        moved = self._filed()
        self.procedure.write({"term_type_id": False, "term_length": 5})
        untouched = self._filed()  # due on 18 March
        self._new_day("2026-04-14")
        self.assertTrue(moved.term_stale)
        self.assertFalse(untouched.term_stale)
        self._recount()
        self.assertEqual(moved.due_date, date(2026, 4, 15))
        self.assertFalse(moved.term_stale)
        rows = self.env["pcu.term.move"].search([("request_id", "=", moved.id)])
        self.assertRecordValues(
            rows, [{"due_before": date(2026, 4, 14), "due_after": date(2026, 4, 15)}]
        )

    def test_a_day_off_inside_a_term_of_free_days_moves_nothing(self):
        request = self._filed()
        self._new_day("2026-03-25")
        self._recount()
        self.assertEqual(request.due_date, date(2026, 4, 14))
        self.assertFalse(
            self.env["pcu.term.move"].search([("request_id", "=", request.id)])
        )

    def test_a_day_taken_back_brings_the_term_back(self):
        request = self._filed()
        extra = self._new_day("2026-04-14")
        self._recount()
        self.assertEqual(request.due_date, date(2026, 4, 15))
        extra.unlink()
        self._recount()
        self.assertEqual(request.due_date, date(2026, 4, 14))

    def test_a_closing_day_of_another_institution_moves_nothing_here(self):
        request = self._filed()
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        self.env["pcu.legal.day"].create(
            {
                "date": "2026-04-14", "name": "Închis", "kind": "closing",
                "company_id": other.id,
            }
        )  # fmt: skip
        self.assertFalse(request.term_stale)

    def test_solved_requests_keep_their_dates(self):
        request = self._decided()
        self._new_day("2026-04-14")
        self.assertFalse(request.term_stale)
