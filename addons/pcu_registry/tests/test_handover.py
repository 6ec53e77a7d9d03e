import doctest
import io

from freezegun import freeze_time
from odoo.addons.pcu_base.tests.common import ALL, NONE, READ, People
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from pypdf import PdfReader

from .. import paper_lists
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestHandover(RegistryCase):
    """Hand-over lists: made from the register, signed, received or refused."""

    def _routed(self, department=None, user=None, **values):
        entry = self._registered(page_count=3, annex_count=1, **values)
        entry.action_route(department or self.urbanism, user)
        return entry

    def _make(self, entries, by=None, **values):
        wizard = (
            self.env(user=by or self.operator)["pcu.handover.make"]
            .with_context(active_ids=entries.ids)
            .create(values)
        )
        wizard.action_confirm()
        return entries.handover_line_ids.handover_id

    def _refuse(self, line, user, reason="Lipsește anexa"):
        wizard = (
            self.env(user=user)["pcu.handover.refuse"]
            .with_context(active_ids=line.ids)
            .create({"reason": reason})
        )
        wizard.action_confirm()

    # ------------------------------------------------------------------ making

    def test_each_department_gets_its_list(self):
        mine, also_mine = self._routed(), self._routed()
        other = self._routed(self.taxes, self.colleague)
        lists = self._make(mine + also_mine + other)
        self.assertEqual(
            {l.department_id: l.line_ids.entry_id for l in lists},  # noqa: E741
            {self.urbanism: mine + also_mine, self.taxes: other},
        )
        to_taxes = lists.filtered(lambda x: x.department_id == self.taxes)
        self.assertEqual(to_taxes.user_id, self.colleague, "one person holds all")
        self.assertEqual(set(lists.mapped("state")), {"handed"})
        self.assertEqual(mine.handover_line_ids.page_count, 3)

    def test_choosing_a_department_routes_there_first(self):
        entry = self._registered()
        self._make(entry, department_id=self.taxes.id, text="Pentru aviz")
        self.assertEqual(entry.department_id, self.taxes)
        self.assertEqual(entry.routing_ids.resolution_text, "Pentru aviz")

    def test_unrouted_document_is_not_put_on_a_list(self):
        with self.assertRaisesRegex(UserError, "Not routed yet"):
            self._make(self._registered())

    def test_document_waits_on_one_list_only(self):
        entry = self._routed()
        first = self._make(entry)
        with self.assertRaisesRegex(UserError, "already waits on"):
            self._make(entry)
        first.with_user(self.operator).action_cancel()
        again = self._make(entry) - first
        self.assertEqual(again.state, "handed")

    def test_draft_is_annulled_or_unregistered_documents_are_refused(self):
        annulled = self._routed()
        annulled.action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "only registered"):
            self._make(annulled)

    def test_numbers_run_in_the_year_and_drafts_have_none(self):
        with freeze_time("2026-11-22 10:00:00"):
            draft = self._make(self._routed(), hand_over=False)
            self.assertFalse(draft.name)
            first, second = self._make(self._routed()), self._make(self._routed())
            draft.with_user(self.operator).action_hand_over()
        self.assertEqual(
            (first + second + draft).mapped("name"), ["1/2026", "2/2026", "3/2026"]
        )

    def test_empty_or_repeated_hand_over_is_refused(self):
        handover = self.env["pcu.handover"].create({"department_id": self.taxes.id})
        with self.assertRaisesRegex(UserError, "Put documents"):
            handover.action_hand_over()
        with self.assertRaisesRegex(UserError, "already"):
            self._make(self._routed()).action_hand_over()

    def test_answers_are_given_by_buttons_only(self):
        draft = self._make(self._routed(), hand_over=False).with_user(self.operator)
        handed = self._make(self._routed()).with_user(self.operator)
        line = draft.line_ids
        for values in (
            {"handover_id": handed.id},
            {"answered_by_id": self.operator.id},
            {"answered_at": "2026-11-22 10:00:00"},
            {"refusal_reason": "x"},
        ):
            with self.assertRaisesRegex(UserError, "not changed"):
                line.write(values)
        with self.assertRaisesRegex(UserError, "stays as it"):
            handed.line_ids = [Command.link(line.id)]
        line.page_count = 9
        self.assertEqual(draft.line_ids.page_count, 9)

    def test_list_with_a_number_stays_as_it_is(self):
        handover = self._make(self._routed()).with_user(self.operator)
        with self.assertRaisesRegex(UserError, "stays as it"):
            handover.department_id = self.taxes
        with self.assertRaisesRegex(UserError, "from its buttons"):
            handover.state = "closed"
        with self.assertRaisesRegex(UserError, "never deleted"):
            handover.unlink()
        with self.assertRaisesRegex(UserError, "not changed"):
            handover.line_ids.page_count = 9
        with self.assertRaisesRegex(UserError, "not changed"):
            handover.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "not changed"):
            self.env(user=self.operator)["pcu.handover.line"].create(
                {"handover_id": handover.id, "entry_id": self._routed().id}
            )
        handover.note = "Dus de curier"

    def test_nobody_hands_over_in_anothers_name(self):
        handover = self.env(user=self.operator)["pcu.handover"].create(
            {"department_id": self.taxes.id, "from_user_id": self.head.id}
        )
        with self.assertRaisesRegex(UserError, "from its buttons"):
            handover.from_user_id = self.head
        self.assertEqual(handover.from_user_id, self.operator)

    # ------------------------------------------------------------------ receiving

    def test_receiving_all_accepts_the_routing(self):
        entries = self._routed() + self._routed()
        handover = self._make(entries)
        self.assertTrue(handover.with_user(self.inspector).can_receive)
        handover.with_user(self.inspector).action_receive_all()
        self.assertEqual(handover.state, "closed")
        self.assertEqual(set(entries.routing_ids.mapped("state")), {"accepted"})
        self.assertEqual(entries.holder_id, self.inspector)
        self.assertEqual(handover.line_ids.answered_by_id, self.inspector)

    def test_refusing_one_returns_it_and_the_rest_is_received(self):
        good, bad = self._routed(), self._routed()
        handover = self._make(good + bad)
        self._refuse(bad.handover_line_ids, self.inspector)
        self.assertEqual(bad.state, "registered", "returned to who sent it")
        self.assertEqual(bad.routing_ids.return_reason, "Lipsește anexa")
        self.assertEqual(handover.state, "handed")
        handover.with_user(self.inspector).action_receive_all()
        self.assertEqual(handover.state, "closed")
        self.assertEqual(handover.line_ids.mapped("state"), ["received", "refused"])

    def test_refusal_of_what_was_accepted_before_tells_who_handed_over(self):
        entry = self._routed(user=self.inspector)
        entry.routing_ids.with_user(self.inspector).action_accept()
        self._make(entry)
        self._refuse(entry.handover_line_ids, self.inspector)
        self.assertEqual(entry.state, "routed", "it was accepted and stays accepted")
        self.assertIn(self.operator, entry.activity_ids.user_id)

    def test_refusal_needs_a_reason(self):
        line = self._make(self._routed()).line_ids.with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "Say why"):
            line.action_refuse("  ")

    def test_only_the_recipient_receives_and_only_once(self):
        handover = self._make(self._routed(user=self.inspector))
        with self.assertRaises(AccessError):
            handover.with_user(self.colleague).action_receive_all()
        with self.assertRaisesRegex(UserError, "only they receive it"):
            handover.with_user(self.head).action_receive_all()
        handover.with_user(self.inspector).action_receive_all()
        with self.assertRaisesRegex(UserError, "isn't waiting"):
            handover.line_ids.with_user(self.inspector).action_receive()

    def test_answered_list_is_not_cancelled(self):
        handover = self._make(self._routed() + self._routed())
        handover.line_ids[0].with_user(self.inspector).action_receive()
        with self.assertRaisesRegex(UserError, "received or refused already"):
            handover.with_user(self.operator).action_cancel()

    def test_list_goes_to_the_substitute(self):
        with freeze_time("2026-11-23 10:00:00"):
            substitute = self._user("substitute", "group_inspector")
            self.urbanism.member_ids += substitute
            handover = self._make(self._routed(user=self.inspector))
            self.env(user=self.inspector)["pcu.absence"].create(
                {
                    "substitute_id": substitute.id,
                    "date_from": "2026-11-23",
                    "date_to": "2026-11-24",
                }
            )
            handover.with_user(substitute).action_receive_all()
        self.assertEqual(handover.state, "closed")

    # ------------------------------------------------------------------ on paper

    def _text(self, pdf):
        pages = PdfReader(io.BytesIO(pdf)).pages
        return "\n".join(page.extract_text() for page in pages)

    def test_print_has_the_documents_and_the_signatures(self):
        entry = self._routed(
            user=self.inspector,
            summary="Cerere <b>urgentă</b> pentru Țăndărică & fiii",
        )
        handover = self._make(entry)
        text = self._text(handover.with_user(self.operator)._draw_pdf())
        for words in ("Primăria Teilor", handover.name, entry.reference,
                      "<b>urgentă</b>", "Țăndărică & fiii", "Signature of receipt",
                      self.inspector.name, "sheets: 3", "Page 1 of 1"):  # fmt: skip
            self.assertIn(" ".join(words.split()), " ".join(text.split()))

    def test_long_list_repeats_its_head_and_counts_pages(self):
        rows = tuple((str(n), "Cuvinte " * 12) for n in range(120))
        paper = paper_lists.Paper(
            "Primăria",
            "Borderou",
            columns=(paper_lists.Column("Nr."), paper_lists.Column("Conținut", 6)),
            rows=rows,
            signatures=(("Predat", ""), ("Primit", "")),
            page_text="{page}/{pages}",
        )
        fonts = self.env["pcu.register.entry"]._get_fonts()
        pdf = paper_lists.draw(paper, fonts=fonts)
        pages = PdfReader(io.BytesIO(pdf)).pages
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"{number}/{len(pages)}", page.extract_text())
        for page in pages[:-1]:
            self.assertIn("Conținut", page.extract_text())
        self.assertIn("Predat", pages[-1].extract_text())
        self.assertFalse(doctest.testmod(paper_lists).failed)

    # ------------------------------------------------------------------ rights

    def test_role_by_verb(self):
        handover = self._make(self._routed())
        for record in (handover, handover.line_ids):
            self.assertVerbs(
                record, operator=ALL, inspector=READ, head=READ, colleague=NONE,
                auditor=READ, admin=NONE,
            )  # fmt: skip

    def test_head_makes_lists_within_the_department(self):
        entry = self._routed()
        handover = self._make(
            entry, by=self.head,
            department_id=self.urbanism.id, user_id=self.inspector.id,
        )  # fmt: skip
        self.assertEqual(handover.from_user_id, self.head)
        self.assertVerbs(handover, head=ALL)
        other = self._routed()
        with self.assertRaisesRegex(UserError, "within the own department"):
            self._make(other, by=self.head, department_id=self.taxes.id)

    def test_inspector_makes_no_lists(self):
        for model in ("pcu.handover.make", "pcu.handover"):
            self.assertFalse(
                self.env[model].with_user(self.inspector).has_access("create")
            )
        for user in (self.auditor, self.admin):
            refuse = self.env["pcu.handover.refuse"].with_user(user)
            self.assertFalse(refuse.has_access("create"))

    def test_other_institution_sees_no_list(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        handover = self._make(self._routed())
        for record in (handover, handover.line_ids):
            record = record.with_context(allowed_company_ids=other.ids)
            self.assertEqual(self.verbs(record, stranger), set())

    def test_list_view_counts_in_one_question(self):
        for _each in range(8):
            self._make(self._routed())
        names = ("name", "line_count", "waiting_count", "can_receive")
        specification = {name: {} for name in names}
        lists = self.env(user=self.inspector)["pcu.handover"]
        lists.web_search_read([], specification, limit=1)
        for limit in (1, 8):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(limit=limit), self.assertQueryCount(9):
                lists.web_search_read([], specification, limit=limit)

    def test_form_of_a_draft_takes_documents(self):
        form = Form(self.env(user=self.operator)["pcu.handover"])
        form.department_id = self.urbanism
        with form.line_ids.new() as line:
            line.entry_id = self._routed()
        self.assertEqual(form.save().line_ids.page_count, 3)


@tagged("post_install", "-at_install")
class TestPaperListPage(People, HttpCase):
    """The address of the PDF shows a list to who may read it, and nothing else."""

    def test_operator_gets_the_pdf_and_others_a_page_that_is_not_there(self):
        department = self.env["pcu.department"].create({"code": "URB", "name": "U"})
        handover = self.env["pcu.handover"].create({"department_id": department.id})
        for group in ("group_registry_operator", "group_inspector"):
            self.make_user(f"page_{group}", group)
        path = f"/pcu/list/pcu.handover/{handover.id}"
        self.authenticate(
            "page_group_registry_operator", "page_group_registry_operator"
        )
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.authenticate("page_group_inspector", "page_group_inspector")
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_unknown_lists_and_other_models_are_not_there(self):
        self.authenticate("admin", "admin")
        for path in ("pcu.handover/999999", "res.users/1", "pcu.nothing/1"):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(f"/pcu/list/{path}").status_code, 404)
