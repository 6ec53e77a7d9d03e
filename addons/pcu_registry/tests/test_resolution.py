from freezegun import freeze_time
from lxml import html
from odoo.addons.pcu_base.tests.common import ALL, NONE, READ
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import RegistryCase
from .keyboard import KeyboardCase


class ResolutionCase(RegistryCase):
    """A mayor, a secretary general, and somebody who may stand in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mayor = cls._user("mayor", "group_approver")
        cls.secretary = cls._user("secretary", "group_approver")
        cls.deputy = cls._user("deputy", "group_approver")
        cls.company.pcu_head_id = cls.mayor
        cls.company.pcu_secretary_id = cls.secretary

    def _asked(self, user=None, **values):
        entry = self._registered(self.operator, **values)
        entry.action_ask_resolution(user or self.mayor)
        return entry

    def _sheet(self, entry, user=None):
        sheet = entry.sudo().resolution_ids.filtered(lambda r: r.state == "asked")
        return sheet.with_user(user or self.mayor)

    def _write(self, sheet, **values):
        sheet.write(
            {"text": "Spre soluționare", "department_id": self.urbanism.id, **values}
        )
        return sheet


@tagged("post_install", "-at_install")
class TestResolution(ResolutionCase):
    """The mayor reads, writes the resolution and names who solves."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-03-10 10:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    # ------------------------------------------------------------------ giving it

    def test_what_the_clerk_lays_before_waits_there(self):
        entry = self._asked()
        self.assertEqual(entry.awaited_id, self.mayor)
        self.assertEqual(entry.state, "registered")
        entries = self.env["pcu.register.entry"]
        self.assertIn(entry, entries.search([("awaited_id", "!=", False)]))
        self.assertIn(entry, entries.search([("awaited_id", "=", self.mayor.id)]))
        self.assertNotIn(entry, entries.search([("awaited_id", "=", False)]))
        self.assertNotIn(entry, entries.search([("awaited_id", "=", self.deputy.id)]))

    def test_given_resolution_sends_the_document_on_its_way(self):
        entry = self._asked()
        sheet = self._write(
            self._sheet(entry),
            lead_id=self.inspector.id,
            info_department_ids=[Command.set(self.taxes.ids)],
            due_date="2026-03-20",
        )
        sheet.action_give()
        self.assertEqual((sheet.state, entry.awaited_id.id), ("given", False))
        self.assertEqual((entry.state, entry.holder_id), ("routed", self.inspector))
        lead = entry._get_last_leg()
        self.assertEqual(lead.resolution_text, "Spre soluționare")
        self.assertEqual(lead.resolution_by_id, self.mayor)
        self.assertEqual(f"{lead.resolution_date}", "2026-03-10")
        self.assertEqual(
            [(leg.kind, leg.department_id) for leg in entry.routing_ids - lead],
            [("info", self.taxes)],
        )
        acts = self.env["pcu.journal"].search(
            [("model", "=", entry._name), ("res_id", "=", entry.id)]
        )
        self.assertLessEqual(
            {"resolution_asked", "resolution_given", "entry_routed"},
            set(acts.mapped("action")),
        )
        given = acts.filtered(lambda act: act.action == "resolution_given")
        self.assertEqual(given.user_id, self.mayor)

    def test_named_person_is_informed_in_the_own_department(self):
        entry = self._asked()
        sheet = self._write(
            self._sheet(entry), info_user_ids=[Command.set(self.colleague.ids)]
        )
        sheet.action_give()
        copy = entry.routing_ids.filtered(lambda leg: leg.kind == "info")
        self.assertEqual(
            (copy.user_id, copy.department_id), (self.colleague, self.taxes)
        )

    def test_phrases_are_added_to_what_is_written(self):
        phrase = self.env.ref("pcu_registry.pcu_resolution_phrase_urgent")
        entry = self._asked()
        with Form(self._sheet(entry)) as form:
            form.text = "Verificați."
            form.phrase_id = phrase
            self.assertEqual(form.text, f"Verificați. {phrase.name}")
            self.assertFalse(form.phrase_id, "the next one can be chosen")
            form.department_id = self.urbanism
            form.lead_id = self.inspector
            form.department_id = self.taxes
            self.assertFalse(form.lead_id, "nobody of another department")

    def test_resolution_without_text_or_department_is_refused(self):
        sheet = self._sheet(self._asked())
        with self.assertRaisesRegex(UserError, "choose a phrase"):
            sheet.action_give()
        sheet.text = "Spre soluționare"
        with self.assertRaisesRegex(UserError, "responsible"):
            sheet.action_give()

    def test_given_resolution_stays_as_it_is(self):
        sheet = self._write(self._sheet(self._asked()))
        sheet.action_give()
        for act in (sheet.action_give, sheet.action_send_back):
            with self.assertRaisesRegex(UserError, "any more"):
                act()
        with self.assertRaisesRegex(UserError, "any more"):
            sheet.text = "Altfel"

    def test_mayor_sends_back_with_a_reason(self):
        entry = self._asked()
        sheet = self._sheet(entry)
        with self.assertRaisesRegex(UserError, "why"):
            sheet.action_send_back()
        sheet.text = "Se înregistrează la petiții"
        sheet.action_send_back()
        self.assertEqual(
            (sheet.state, entry.state, entry.awaited_id.id),
            ("sent_back", "registered", False),
        )
        self.assertEqual(entry.activity_ids.user_id, self.operator)
        self.assertIn("Se înregistrează la petiții", entry.activity_ids.summary)

    # ------------------------------------------------------------------ the paper

    def test_clerk_records_what_was_written_on_paper(self):
        entry = self._asked()
        sheet = self._sheet(entry)
        entry.with_user(self.operator).action_route(
            self.urbanism, text="Pe hârtie", resolution_by_id=self.mayor.id
        )
        self.assertEqual((sheet.state, entry.awaited_id.id), ("overtaken", False))
        with self.assertRaisesRegex(UserError, "any more"):
            sheet.action_give()

    def test_annulled_or_solved_document_waits_no_longer(self):
        annulled, solved = self._asked(), self._asked()
        annulled.action_annul("Greșit")
        solved.with_user(self.operator).action_solve("favourable")
        states = (annulled | solved).sudo().resolution_ids.mapped("state")
        self.assertEqual(states, ["overtaken"] * 2)

    def test_document_lies_on_one_desk_at_a_time(self):
        entry = self._asked()
        entry.action_ask_resolution(self.secretary)
        self.assertEqual(entry.awaited_id, self.secretary)
        self.assertEqual(
            sorted(entry.sudo().resolution_ids.mapped("state")), ["asked", "overtaken"]
        )

    def test_returned_document_comes_back_to_who_gave_the_resolution(self):
        entry = self._asked()
        self._write(self._sheet(entry), lead_id=self.inspector.id).action_give()
        entry._get_last_leg().with_user(self.inspector).action_return(
            "Nu e de competența noastră"
        )
        self.assertEqual((entry.state, entry.awaited_id), ("registered", self.mayor))
        self.assertIn("Nu e de competența noastră", self._sheet(entry).note)

    def test_only_registered_documents_wait_and_only_for_those_named(self):
        with self.assertRaisesRegex(UserError, "isn't under way"):
            self._draft(self.operator).action_ask_resolution(self.mayor)
        entry = self._registered(self.operator)
        with self.assertRaisesRegex(UserError, "gives no resolutions"):
            entry.action_ask_resolution(self.deputy)
        self.company.pcu_resolution_user_ids = self.inspector
        with self.assertRaisesRegex(UserError, "the role"):
            entry.action_ask_resolution(self.inspector)

    def test_dialog_offers_the_mayor_first(self):
        entry = self._registered()
        dialog = Form(
            self.env["pcu.resolution.ask"]
            .with_user(self.operator)
            .with_context(active_ids=entry.ids)
        )
        self.assertEqual(dialog.user_id, self.mayor)
        dialog.note = "Termen de 5 zile"
        dialog.save().action_confirm()
        self.assertEqual(self._sheet(entry).note, "Termen de 5 zile")

    # ------------------------------------------------------------------ substitutes

    def _away(self):
        return self.env["pcu.absence"].create(
            {
                "user_id": self.mayor.id,
                "substitute_id": self.deputy.id,
                "date_from": "2026-03-10",
                "date_to": "2026-03-12",
            }
        )

    def test_substitute_gives_it_for_the_absent_mayor(self):
        before = self._asked()
        absence = self._away()
        new = self._asked()
        for entry in (before, new):
            sheet = self._sheet(entry, self.deputy)
            self.assertEqual(sheet.user_id, self.deputy)
            self.assertEqual(sheet.pcu_on_behalf_of_id, self.mayor)
        with self.assertRaisesRegex(AccessError, "Nobody else"):
            self._sheet(new).action_give()
        self._write(self._sheet(new, self.deputy)).action_give()
        leg = new._get_last_leg()
        self.assertEqual(
            (leg.resolution_by_id, leg.resolution_for_id), (self.deputy, self.mayor)
        )
        way = html.fromstring(new.route_html).text_content()
        self.assertIn(f"{self.deputy.name}, for {self.mayor.name}", way)
        absence.action_end()
        self.assertEqual(before.awaited_id, self.mayor)
        self.assertFalse(self._sheet(before).pcu_on_behalf_of_id)
        self.assertIn("read", self.verbs(new, self.mayor), "it was given for them")

    def test_picture_shows_on_whose_desk_it_waits(self):
        entry = self._asked()
        way = html.fromstring(entry.with_user(self.operator).route_html).text_content()
        self.assertIn(f"For resolution: {self.mayor.name}", way)

    # ------------------------------------------------------------------ rights

    def test_who_may_do_what_with_a_resolution(self):
        entry = self._asked(confidentiality="confidential")
        entry.sudo()._add_files(
            self.env["ir.attachment"].create({"name": "a.txt", "raw": b"Cerere"})
        )
        self.assertVerbs(
            self._sheet(entry), mayor={"read", "write"}, secretary=NONE, deputy=NONE,
            operator=READ, inspector=NONE, head=NONE, auditor=READ, admin=NONE,
        )  # fmt: skip
        for records in (entry, entry.sudo().document_ids):
            self.assertVerbs(records, mayor=READ, secretary=NONE, deputy=NONE)
        shown = self._sheet(entry).get_pane_documents()
        self.assertEqual([document["name"] for document in shown], ["a.txt"])

    def test_phrases_and_dialog(self):
        phrase = self.env.ref("pcu_registry.pcu_resolution_phrase_urgent")
        self.assertVerbs(
            phrase, mayor=READ, operator=NONE, inspector=NONE, auditor=NONE, admin=ALL
        )
        roles = ("operator", "mayor", "inspector", "head", "auditor", "admin")
        self.assertDialogs({"pcu.resolution.ask": ("operator",)}, roles)

    def test_nobody_gives_a_resolution_that_waits_for_another(self):
        entry = self._asked()
        for user in (self.secretary, self.operator, self.auditor, self.head):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._sheet(entry, user).action_give()
        self.auditor.group_ids += self.env.ref("pcu_base.group_approver")
        with self.assertRaisesRegex(AccessError, "Nobody else"):
            self._sheet(entry, self.auditor).action_give()
        with self.assertRaises(AccessError):
            self._sheet(entry, self.auditor).text = "Altfel"

    def test_mayor_changes_nothing_else_on_the_sheet(self):
        sheet = self._sheet(self._asked())
        with self.assertRaisesRegex(AccessError, "buttons only"):
            sheet.write({"state": "given"})
        with self.assertRaisesRegex(AccessError, "buttons only"):
            sheet.write({"user_id": self.deputy.id})

    def test_who_reads_only_lays_nothing_before_anybody(self):
        entry = self._registered()
        entry.action_route(self.urbanism)
        for user in (self.inspector, self.head, self.auditor, self.mayor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                entry.with_user(user).action_ask_resolution(self.mayor)

    def test_other_institution_sees_nothing(self):
        sheet = self._sheet(self._asked())
        other = self.env["res.company"].create({"name": "Alt oraș"})
        self.mayor.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.verbs(sheet, self.mayor))

    def test_pile_costs_no_query_per_document(self):
        sheets = self.env["pcu.resolution"]
        for _number in range(8):
            sheets |= self._sheet(self._asked())
        self.assertListStaysFlat(sheets, self.mayor)

    def test_mayor_opens_document_and_sheet_as_the_client_does(self):
        """Every field of both forms is readable to who has no other role."""
        entry = self._asked()
        for record in (entry, self._sheet(entry)):
            values, _cost = self.open_form(record, self.mayor)
            self.assertTrue(values)


@tagged("post_install", "-at_install")
class TestPileByKeyboard(ResolutionCase, KeyboardCase):
    """The mayor's pile is worked without the mouse, one document after the other."""

    def test_next_document_lies_there_when_one_is_given(self):
        first, second = self._asked(), self._asked()
        phrase = self.env.ref("pcu_registry.pcu_resolution_phrase_urgent").name
        # Read before: the browser's requests share the test's cursor.
        references = [first.reference, second.reference]
        row = "document.querySelector('.o_data_row td[name=summary]')"
        shown = "document.querySelector('h1 [name=entry_id]')?.innerText"
        typing = "document.activeElement.closest('[name=text]')"
        choices = ".o-autocomplete--dropdown-item:not(:has(.fa-spinner))"

        def choose(keyboard, field, letters, words):
            keyboard.press("Tab")
            keyboard.wait(f"document.activeElement.closest('[name={field}]')")
            keyboard.type(letters)
            keyboard.wait(
                f"[...document.querySelectorAll('{choices}')].length &&"
                f" document.querySelector('{choices}').innerText.includes('{words}')"
            )
            keyboard.press("Enter")

        def act(keyboard):
            keyboard.see(f"{row}.click()")
            keyboard.wait(f"{shown} === '{references[0]}' && {typing}")
            keyboard.type("De verificat.")
            choose(keyboard, "phrase_id", "urg", phrase)
            text = "document.querySelector('[name=text] textarea').value"
            keyboard.wait(f"{text} === 'De verificat. {phrase}'")
            choose(keyboard, "department_id", "urb", "Urbanism")
            keyboard.wait(
                "document.querySelector('[name=department_id] input').value"
                " === 'Urbanism'"
            )
            keyboard.press("Alt+q")
            keyboard.wait(f"{shown} === '{references[1]}' && {typing}")

        self.with_keyboard("/odoo/to-resolve", self.mayor.login, f"Boolean({row})", act)
        self.env.invalidate_all()
        leg = first._get_last_leg()
        self.assertEqual(leg.resolution_text, f"De verificat. {phrase}")
        self.assertEqual(leg.department_id, self.urbanism)
        self.assertEqual(second.awaited_id, self.mayor)
