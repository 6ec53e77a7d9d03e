"""Tacit approval: presumed after the term, ascertained by a person (OUG 27/2003)."""

import io
from datetime import date

from freezegun import freeze_time
from odoo.addons.pcu_petitions.tests.common import PetitionsCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfReader


@tagged("post_install", "-at_install")
class TestTacit(PetitionsCase, HttpCase):
    """Thirty free days from 12 March 2026 end on 14 April, after Easter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"].search(
            [("name", "=", "pcu_tacit")]
        )._update_translations(["ro_RO"])
        cls.permit = cls._procedure(
            "TAC",
            "Acord de funcționare",
            cls.urbanism,
            term_type_id=cls.env.ref("pcu_base.term_type_tac").id,
            slot_ids=False,
        )

    def _asked(self):
        request = self.env["pcu.request"]._file(
            {
                "company_id": self.company.id,
                "procedure_id": self.permit.id,
                "applicant_id": self.citizen.id,
                "email": "ion@example.com",
                "channel": "counter",
            }
        )
        request.with_user(self.inspector).action_take()
        return request

    def _text(self, content):
        pages = PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def test_presumed_from_the_day_after_the_term(self):
        """Not on the last day; never after an answer or under other procedures."""
        silent, answered, other = self._asked(), self._asked(), self._in_progress()
        self.assertEqual(silent.due_date, date(2026, 4, 14))
        with freeze_time("2026-04-14 20:30:00"):  # 23:30 in Romania
            answered.with_user(self.inspector)._decide("unfavourable", "Nu.")
            requests = self.env["pcu.request"]
            self.assertFalse(requests.search([("is_tacit", "=", True)]))
        with freeze_time("2026-04-14 21:30:00"):  # the 15th in Romania
            self.env.invalidate_all()
            found = self.env["pcu.request"].search([("is_tacit", "=", True)])
            self.assertEqual(found, silent)
            self.assertTrue(silent.is_tacit)
            self.assertFalse(answered.is_tacit or other.is_tacit)
            self.assertEqual(silent.state, "in_progress", "nothing by itself")

    def test_the_last_ten_days_are_warned_of(self):
        """From ten days before to the last one; an answer ends the warning."""
        request, other = self._asked(), self._in_progress()
        for moment, warned in (
            ("2026-04-03 08:00:00", False),
            ("2026-04-04 08:00:00", True),
            ("2026-04-14 20:30:00", True),  # 23:30 in Romania
            ("2026-04-14 21:30:00", False),  # the 15th in Romania: presumed now
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                near = self.env["pcu.request"].search([("tacit_near", "=", True)])
                self.assertEqual(near, request if warned else near.browse())
                self.assertEqual(request.tacit_near, warned)
                self.assertFalse(other.tacit_near)
        with freeze_time("2026-04-10 08:00:00"):
            request.with_user(self.inspector)._decide("unfavourable", "Nu.")
            self.assertFalse(request.tacit_near)

    def test_list_costs_no_query_more_for_more_rows(self):
        """The list itself, and finding what silence approves."""
        silent = self.env["pcu.request"].union(*(self._asked() for _ in range(8)))
        self.assertListStaysFlat(silent, self.inspector)
        self.env.flush_all()
        with freeze_time("2026-04-15 08:00:00"), self.assertQueryCount(1):
            found = self.env["pcu.request"].search([("is_tacit", "=", True)])
        self.assertEqual(len(found), 8)

    def test_head_issues_the_document_on_demand(self):
        """The document, the register, the message; the request is closed."""
        request = self._asked()
        with freeze_time("2026-04-20 08:00:00"):
            dialog = self.env["pcu.tacit.ascertain"].with_user(self.head)
            dialog.create({"request_id": request.id}).action_confirm()
        self.assertEqual(request.closing_kind, "tacit")
        self.assertEqual(request.entry_id.resolution, "tacit_approval")
        text = self._text(request.final_document_ids.attachment_id.raw)
        for words in (
            request.entry_reference,
            "Ion Țăranu",
            "14.04.2026",
            "20.04.2026",
        ):
            self.assertIn(words, text)
        self.assertIn("tacit", request.notice_ids.mapped("kind"))
        self.assertNotIn("solved", request.notice_ids.mapped("kind"))

    def test_nothing_is_ascertained_before_the_term_or_elsewhere(self):
        """Neither with the button nor with the dialog of closing."""
        request, other = self._asked(), self._in_progress()
        with self.assertRaises(UserError):
            request.with_user(self.head)._ascertain_tacit(date(2026, 3, 12))
        with freeze_time("2026-04-20 08:00:00"), self.assertRaises(UserError):
            other.with_user(self.head)._file_away("tacit", "Termen depășit")
        with freeze_time("2026-04-20 08:00:00"):
            self.env.invalidate_all()
            for day in (date(2026, 4, 14), date(2026, 4, 21)):
                with self.subTest(day=day), self.assertRaises(UserError):
                    request.with_user(self.head)._ascertain_tacit(day)
        self.assertEqual(request.state, "in_progress")

    def test_only_a_head_of_the_department(self):
        """An inspector prepares, a head answers for it."""
        dialogs = {"pcu.tacit.ascertain": ("head",)}
        roles = ("operator", "inspector", "head", "auditor", "administrator")
        self.assertDialogs(dialogs, roles)
        self.assertModelsListed("pcu_tacit", dialogs)
        request = self._asked()
        with freeze_time("2026-04-20 08:00:00"):
            self.env.invalidate_all()
            for user in (self.inspector, self.stranger, self.operator, self.auditor):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    request.with_user(user)._ascertain_tacit(date(2026, 4, 20))

    def test_list_of_procedures_is_printed_for_display(self):
        """Only those that silence approves; only of the own institution."""
        self.authenticate("inspector", "inspector")
        answer = self.url_open(f"/pcu/tacit-list/{self.company.id}")
        text = self._text(answer.content)
        self.assertIn("Acord de funcționare", text)
        self.assertIn("OUG 27/2003", text)
        self.assertNotIn("Certificat de urbanism", text)
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        answer = self.url_open(f"/pcu/tacit-list/{other.id}")
        self.assertEqual(answer.status_code, 404)
