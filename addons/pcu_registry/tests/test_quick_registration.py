from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL

from .common import RegistryCase
from .keyboard import KeyboardCase

CNP, CUI = "1800101221144", "14399840"
MOST_KEYS = 12
SCREEN = "/odoo/action-pcu_registry.pcu_register_entry_action_quick/new"
CURSOR = (
    "document.activeElement.closest('.o_field_widget')?.getAttribute('name') === '%s'"
)
SUGGESTED = (
    "document.querySelector('.o-autocomplete--dropdown-menu .ui-state-active')"
    "?.textContent.includes('%s')"
)
NUMBER = "document.querySelector('.o_pcu_number')?.textContent.startsWith('%s/')"
HINT = "document.querySelector('.o_pcu_hint .alert-%s').textContent"
VALUE = "document.querySelector('.o_field_widget[name=%s] input').value"


class QuickCase(RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.citizen.write({"pcu_cnp": CNP, "email": "stefan@exemplu.invalid"})
        cls.firm = cls.env["res.partner"].create(
            {"name": "SC Teiul SRL", "pcu_cui": CUI, "company_id": False}
        )
        cls.view = "pcu_registry.pcu_register_entry_view_form_quick"

    def _desk(self, user=None):
        entries = self.env["pcu.register.entry"].with_user(user or self.operator)
        return entries.with_context(pcu_quick=1, allowed_company_ids=self.company.ids)

    def _quick(self, **values):
        entry = self._desk().create(
            {"sender_id": self.citizen.id, "summary": "Cerere", **values}
        )
        entry.action_quick_register()
        return entry

    def _names(self, text, user=None):
        partners = self.env["res.partner"].with_user(user or self.operator)
        return [
            name for _id, name in partners.with_context(pcu_sender=1).name_search(text)
        ]


@tagged("post_install", "-at_install")
class TestQuickRegistration(QuickCase):
    """What the screen does behind the keyboard."""

    def test_one_act_registers_and_routes(self):
        entry = self._quick(department_id=self.urbanism.id)
        self.assertTrue(entry.number)
        self.assertEqual(entry.state, "routed")
        self.assertEqual(entry.routing_ids.department_id, self.urbanism)

    def test_without_department_it_waits_for_its_routing(self):
        entry = self._quick()
        self.assertEqual(entry.state, "registered")
        self.assertFalse(entry.routing_ids)

    def test_only_the_registry_registers(self):
        draft = self._draft(self.operator)
        for user in (self.inspector, self.head, self.auditor, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                draft.with_user(user).action_quick_register()

    def test_incomplete_row_is_refused_and_kept(self):
        draft = self._desk().create({"summary": "Cerere"})
        with self.assertRaisesRegex(UserError, "issuer"):
            draft.action_quick_register()
        self.assertEqual(draft.state, "draft")

    # -- defaults -----------------------------------------------------------------

    def test_next_entry_starts_with_the_last_choices(self):
        self._quick(channel="post", department_id=self.taxes.id)
        form = Form(self._desk(), view=self.view)
        self.assertEqual(form.channel, "post")
        self.assertEqual(form.department_id, self.taxes)
        self.assertEqual(form.register_id, self.register)
        self.assertFalse(form.sender_id)
        self.assertFalse(form.summary)

    def test_choices_are_each_clerks_own_and_each_institutions(self):
        self._quick(channel="post")
        other = self._user("second_operator", "group_registry_operator")
        self.assertEqual(
            self._desk(other).default_get(["channel"])["channel"], "counter"
        )
        town = self.env["res.company"].create({"name": "Primăria Plopilor"})
        self.operator.company_ids |= town
        there = self._desk().with_company(town)
        self.assertEqual(there.default_get(["channel"])["channel"], "counter")

    def test_archived_department_is_not_offered_again(self):
        entry = self._quick(department_id=self.taxes.id)
        entry.action_solve("favourable")
        self.taxes.active = False
        self.assertNotIn("department_id", self._desk().default_get(["department_id"]))

    def test_other_screens_start_as_ever(self):
        self._quick(channel="post")
        values = self._desk().with_context(pcu_quick=None).default_get(["channel"])
        self.assertEqual(values["channel"], "counter")

    def test_last_choices_are_nobodys_to_read_or_write(self):
        self._quick()
        with self.assertRaises(AccessError):
            self.operator.with_user(self.operator).read(["pcu_quick_last"])
        with self.assertRaises(AccessError):
            self.operator.with_user(self.operator).pcu_quick_last = {}

    # -- senders ------------------------------------------------------------------

    def test_sender_is_found_by_words_in_any_order_without_diacritics(self):
        for text in ("stefan tara", "TARANU S", "\u0162ăranu", "țăranu-ștefan"):
            with self.subTest(text):
                self.assertIn("Ștefan Țăranu", self._names(text))
        self.assertNotIn("Ștefan Țăranu", self._names("stefan popa"))

    def test_sender_is_found_by_code_and_mailbox(self):
        for text in (CNP, "1800101 221144", "Stefan@Exemplu.invalid"):
            with self.subTest(text):
                self.assertEqual(self._names(text), ["Ștefan Țăranu"])
        for text in (CUI, f"RO{CUI}", f"ro {CUI}"):
            with self.subTest(text):
                self.assertEqual(self._names(text), ["SC Teiul SRL"])

    def test_part_of_a_cnp_finds_nobody(self):
        self.assertFalse(self._names(CNP[:9]))

    def test_who_is_not_of_the_staff_finds_nobody_by_cnp(self):
        stranger = self._user("stranger", "group_user")
        stranger.group_ids = self.env.ref("base.group_user")
        self.assertFalse(self._names(CNP, stranger))
        self.assertEqual(self._names("Țăranu", stranger), ["Ștefan Țăranu"])

    def test_namesakes_are_told_apart_with_a_masked_cnp(self):
        party = self.citizen.with_user(self.operator).with_context(
            pcu_sender=1, formatted_display_name=1
        )
        self.assertIn("*********1144, stefan@exemplu.invalid", party.display_name)
        self.assertNotIn(CNP, party.display_name)
        self.assertEqual(self.citizen.display_name, "Ștefan Țăranu")

    def test_unknown_code_makes_no_party_with_a_code_for_a_name(self):
        partners = self.env["res.partner"].with_user(self.operator)
        with self.assertRaisesRegex(UserError, r"\*1151 is known"):
            partners.with_context(pcu_sender=1).name_create("1800101221151")

    def test_unknown_code_stands_in_its_own_field_of_the_new_party(self):
        view = "pcu_registry.res_partner_view_form_party"
        for typed, kind, field, code in (
            ("1800101 221144", "natural", "pcu_cnp", CNP),
            (f"ro {CUI}", "legal", "pcu_cui", CUI),
        ):
            partners = self.env["res.partner"].with_user(self.operator)
            partners = partners.with_context(pcu_sender=1, default_name=typed)
            form = Form(partners, view=view)
            with self.subTest(typed):
                self.assertFalse(form.name)
                self.assertEqual((form.pcu_party_kind, form[field]), (kind, code))
                form.name = "Marin Drăgan"
                party = form.save()
                self.assertEqual(party.is_company, kind == "legal")
                self.assertIn(party.name, " ".join(self._names(code)))
        form = Form(partners.with_context(default_name="Ana Pop"), view=view)
        self.assertEqual(form.name, "Ana Pop")

    def test_party_is_not_named_with_a_code(self):
        partners = self.env["res.partner"].with_user(self.operator)
        with self.assertRaisesRegex(ValidationError, r"\*1144 is a code, not a name"):
            partners.with_context(pcu_sender=1).create({"name": CNP})
        with self.assertRaisesRegex(ValidationError, "not a name"):
            self.citizen.pcu_party_kind = "natural"
            self.citizen.with_user(self.operator).name = "0722 123 456"
        # Others' contacts, and what programs bring, are left alone.
        self.assertTrue(partners.create({"name": "112233"}))
        self.assertEqual(partners._pcu_find_or_create({"name": CNP}).name, CNP)

    def test_new_sender_like_a_known_one_gets_a_hint(self):
        for name in ("Taranu Stefan", "Ștefan Țăranul", "ȘTEFAN \u0162ĂRANU"):
            twin = self.env["res.partner"].create({"name": name})
            entry = self._desk().new({"sender_id": twin.id})
            with self.subTest(name):
                self.assertEqual(entry.sender_twin_id, self.citizen)
                self.assertIn("1144", entry.sender_twin_note)
            twin.active = False

    def test_mailbox_and_code_make_a_twin_too(self):
        same_mail = self.env["res.partner"].create(
            {"name": "Cineva Altul", "email": "stefan@exemplu.invalid"}
        )
        entry = self._desk().new({"sender_id": same_mail.id})
        self.assertEqual(entry.sender_twin_id, self.citizen)

    def test_sender_unlike_all_others_gets_no_hint(self):
        new = self.env["res.partner"].create({"name": "Ilinca Brândușescu"})
        self.assertFalse(self._desk().new({"sender_id": new.id}).sender_twin_id)

    def test_sender_with_entries_gets_no_hint(self):
        self.env["res.partner"].create({"name": "Țăranu Ștefan"})
        self._quick()
        entry = self._desk().new({"sender_id": self.citizen.id})
        self.assertFalse(entry.sender_twin_id)

    def test_party_made_by_mistake_goes_when_the_known_one_is_taken(self):
        partners = self.env(user=self.operator)["res.partner"]
        made = partners.browse(
            partners.with_context(pcu_sender=1).name_create("Taranu Stefan")[0]
        )
        made.action_forget_unused()
        self.assertFalse(made.exists())

    def test_party_in_use_older_or_of_somebody_else_stays(self):
        partners = self.env(user=self.operator)["res.partner"]
        used, old = partners.create([{"name": "Folosit"}, {"name": "Vechi"}])
        foreign = partners.sudo().create({"name": "Străin"}).sudo(False)
        self._draft(self.operator, sender_id=used.id)
        used.action_forget_unused()
        foreign.with_user(self.admin).action_forget_unused()
        with freeze_time(fields.Datetime.add(old.create_date, hours=2)):
            old.action_forget_unused()
        self.assertEqual((used | old | foreign).exists(), used | old | foreign)

    # -- the same document --------------------------------------------------------

    def test_same_number_date_and_issuer_is_pointed_out_but_not_refused(self):
        theirs = {"external_number": "12/A", "external_date": "2026-11-05"}
        first = self._quick(**theirs)
        form = Form(self._desk(), view=self.view)
        form.sender_id = self.citizen
        form.external_number = " 12/a"
        form.external_date = "2026-11-05"
        self.assertEqual(form.same_document_id, first)
        form.summary = "Cerere"
        second = form.save()
        second.action_quick_register()
        self.assertEqual(second.number, first.number + 1)

    def test_other_number_date_or_issuer_is_another_document(self):
        theirs = {"external_number": "12_A", "external_date": "2026-11-05"}
        self._quick(**theirs)
        for change in (
            {"external_number": "12xA"},
            {"external_date": "2026-11-06"},
            {"external_date": False},
            {"external_number": False},
            {"sender_id": self.firm.id},
        ):
            values = {"sender_id": self.citizen.id, **theirs, **change}
            with self.subTest(change):
                self.assertFalse(self._desk().new(values).same_document_id)

    def test_annulled_entry_is_not_pointed_out(self):
        theirs = {"external_number": "12", "external_date": "2026-11-05"}
        self._quick(**theirs).action_annul("greșit")
        again = self._desk().new({"sender_id": self.citizen.id, **theirs})
        self.assertFalse(again.same_document_id)

    def test_entry_the_clerk_may_not_see_is_not_pointed_out(self):
        theirs = {"external_number": "12", "external_date": "2026-11-05"}
        hidden = self._registered(confidentiality="confidential", **theirs)
        hidden.action_route(self.urbanism)
        again = self._desk().new({"sender_id": self.citizen.id, **theirs})
        self.assertFalse(again.same_document_id)


@tagged("post_install", "-at_install")
class TestQuickRegistrationByKeyboard(QuickCase, KeyboardCase):
    """Paper after paper without the mouse."""

    def _paper(self, keyboard, *texts):
        """Fill the fields as the paper lies; an empty text keeps what is there."""
        names = (
            "sender_id", "external_number", "external_date", "summary", "page_count",
            "annex_count", "department_id",
        )  # fmt: skip
        for name, text in zip(names, texts, strict=True):
            keyboard.wait(CURSOR % name)
            text, _sep, suggested = text.partition("→")
            keyboard.type(text)
            if suggested:
                keyboard.wait(SUGGESTED % suggested)
            if name != names[-1] or text:
                keyboard.press("Tab")

    def test_paper_of_a_known_sender_takes_at_most_twelve_keys(self):
        counted = []

        def act(keyboard):
            self._paper(
                keyboard, "stefan tara→Țăranu", "12/A", "05.11.2026",
                "Cerere certificat de urbanism", "3", "1", "urb→Urbanism",
            )  # fmt: skip
            keyboard.press("Alt+g")
            keyboard.wait(NUMBER % "1")
            keyboard.wait(CURSOR % "sender_id")
            counted.append(keyboard.keys)
            self.assertFalse(keyboard.see(VALUE % "summary"), "an empty row")
            # The second one keeps the department of the first.
            self._paper(keyboard, f"{CUI}→Teiul", "", "", "Adresă", "1", "", "")
            keyboard.press("Alt+g")
            keyboard.wait(NUMBER % "2")
            counted.append(keyboard.keys - counted[0])

        self.operator.lang = "ro_RO"
        self.with_keyboard(SCREEN, self.operator.login, CURSOR % "sender_id", act)
        entries = self.env["pcu.register.entry"].search(
            [("company_id", "=", self.company.id)], order="id"
        )
        self.assertEqual(entries.mapped("number"), [1, 2])
        self.assertRecordValues(
            entries,
            [
                {
                    "sender_id": self.citizen.id, "external_number": "12/A",
                    "summary": "Cerere certificat de urbanism", "page_count": 3,
                    "annex_count": 1, "department_id": self.urbanism.id,
                    "state": "routed",
                },
                {
                    "sender_id": self.firm.id, "external_number": False,
                    "summary": "Adresă", "page_count": 1, "annex_count": 0,
                    "department_id": self.urbanism.id, "state": "routed",
                },
            ],
        )  # fmt: skip
        self.assertEqual(str(entries[0].external_date), "2026-11-05")
        self.assertLessEqual(max(counted), MOST_KEYS, counted)

    def test_refused_row_stays_as_typed_and_registers_after_the_repair(self):
        def act(keyboard):
            keyboard.wait(CURSOR % "sender_id")
            keyboard.type("stefan")
            keyboard.wait(SUGGESTED % "Țăranu")
            keyboard.press("Tab")
            keyboard.press("Alt+g")
            keyboard.wait("document.querySelector('.o_field_invalid[name=summary]')")
            keyboard.wait(CURSOR % "summary")
            self.assertIn("Țăranu", keyboard.see(VALUE % "sender_id"))
            keyboard.type("Cerere")
            keyboard.press("Alt+g")
            keyboard.wait(NUMBER % "1")

        self.with_keyboard(SCREEN, self.operator.login, CURSOR % "sender_id", act)

    def test_unknown_code_opens_a_party_with_the_code_in_its_field(self):
        unknown = "2900515410011"

        def act(keyboard):
            keyboard.wait(CURSOR % "sender_id")
            keyboard.type(unknown)
            keyboard.wait(
                "document.querySelector('.o_m2o_dropdown_option_create_edit')"
            )
            self.assertFalse(
                keyboard.see("document.querySelector('.o_m2o_dropdown_option_create')")
            )
            keyboard.press("Tab")
            keyboard.wait(
                "document.querySelector('.modal .o_field_widget[name=pcu_cnp]')"
            )
            self.assertEqual(keyboard.see(VALUE % "pcu_cnp"), unknown)
            keyboard.wait(CURSOR % "name")
            keyboard.type("Ilinca Dobre")

        self.with_keyboard(SCREEN, self.operator.login, CURSOR % "sender_id", act)

    def test_slip_of_the_last_paper_is_printed_by_one_hotkey(self):
        def act(keyboard):
            keyboard.wait(CURSOR % "sender_id")
            keyboard.type("stefan")
            keyboard.wait(SUGGESTED % "Țăranu")
            for name in ("external_number", "external_date", "summary"):
                keyboard.press("Tab")
                keyboard.wait(CURSOR % name)
            keyboard.type("Cerere")
            keyboard.press("Alt+g")
            keyboard.wait(NUMBER % "1")
            keyboard.press("Alt+l")
            keyboard.wait("document.querySelector('iframe.o_pcu_slip')")
            source = keyboard.see("document.querySelector('iframe.o_pcu_slip').src")
            self.assertIn("/pcu/slip?", source)
            keyboard.wait(CURSOR % "sender_id")
            printed.append(keyboard.see(f"fetch('{source}').then(r => r.status)"))

        printed = []
        self.with_keyboard(SCREEN, self.operator.login, CURSOR % "sender_id", act)
        self.assertEqual(printed, [200])
        row = self.env["pcu.journal"].search([("action", "=", "slip_printed")], limit=1)
        self.assertTrue(row)

    def test_hints_are_answered_by_keys(self):
        first = self._quick(external_number="12/A", external_date="2026-11-05")
        reference = first.reference

        def act(keyboard):
            keyboard.wait(CURSOR % "sender_id")
            keyboard.type("Stefann Taranu")
            keyboard.wait("document.querySelector('.o_m2o_dropdown_option_create')")
            keyboard.press("Tab")
            keyboard.wait("document.querySelector('.o_pcu_use_twin')")
            self.assertIn("Ștefan Țăranu, *********1144", keyboard.see(HINT % "info"))
            keyboard.press("Alt+y")
            keyboard.wait(f"({VALUE % 'sender_id'}).includes('Ștefan')")
            keyboard.wait("!document.querySelector('.o_pcu_use_twin')")
            keyboard.wait(CURSOR % "sender_id")
            keyboard.press("Tab")
            keyboard.wait(CURSOR % "external_number")
            keyboard.type("12/A")
            keyboard.press("Tab")
            keyboard.type("05.11.2026")
            keyboard.press("Tab")
            keyboard.wait("document.querySelector('.o_pcu_open_same')")
            self.assertIn(reference, keyboard.see(HINT % "warning"))

        self.operator.lang = "ro_RO"
        self.with_keyboard(SCREEN, self.operator.login, CURSOR % "sender_id", act)
        self.assertFalse(
            self.env["res.partner"].search([("name", "=", "Stefann Taranu")])
        )

    def test_inspector_has_no_such_screen(self):
        action = self.env.ref("pcu_registry.pcu_register_entry_action_quick")
        menu = self.env.ref("pcu_registry.pcu_register_entry_menu_quick")
        self.assertNotIn(menu.id, menu.with_user(self.inspector)._visible_menu_ids())
        self.assertIn(menu.id, menu.with_user(self.operator)._visible_menu_ids())
        self.assertEqual(
            action.group_ids, self.env.ref("pcu_base.group_registry_operator")
        )


@tagged("post_install", "-at_install")
class TestQuickQueries(QuickCase):
    """A look-up stays one question, however many parties there are."""

    def test_look_up_and_hints_use_the_indexes(self):
        self.env.cr.execute(
            "INSERT INTO res_partner (name, complete_name, pcu_name_key, active)"
            " SELECT md5(i::text), md5(i::text), md5(i::text), true"
            " FROM generate_series(1, 20000) i; ANALYZE res_partner"
        )
        partners = self.env["res.partner"].with_user(self.operator)
        for text in ("stefan taranu", CNP, "stefan@exemplu.invalid"):
            with self.subTest(text):
                query = partners._search(partners._pcu_sender_domain(text))
                plan = self.env.execute_query(
                    SQL("EXPLAIN %s", query.select("res_partner.id"))
                )
                self.assertNotIn("Seq Scan on res_partner", str(plan))

    @freeze_time("2026-11-10 08:00:00")
    def test_registering_and_routing_takes_few_queries(self):
        self._quick(department_id=self.urbanism.id)
        entry = self._desk().create(
            {
                "sender_id": self.firm.id,
                "summary": "Cerere",
                "department_id": self.urbanism.id,
            }
        )
        self.env.flush_all()
        with self.assertQueryCount(45):
            entry.action_quick_register()
            self.env.flush_all()
