"""Entries are found as people ask, by whoever may see them, and by an index."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_base.tests.common import CNP
from odoo.exceptions import AccessError
from odoo.tests import tagged, users, warmup
from odoo.tools import SQL

from ..models import pcu_register_entry_search as search_module
from .common import RegistryCase
from .keyboard import KeyboardCase

LIST = {
    "reference": {}, "direction": {}, "summary": {}, "state": {},
    "sender_id": {"fields": {"display_name": {}}},
    "recipient_id": {"fields": {"display_name": {}}},
    "department_id": {"fields": {"display_name": {}}},
    "holder_id": {"fields": {"display_name": {}}},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestFinding(RegistryCase):
    """An old and a new entry, of two senders, in two departments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.popescu = cls.env["res.partner"].create(
            {
                "name": "Popescu Ioana-Maria", "street": "Str. Mihai Viteazu nr. 5",
                "city": "Valea Mare", "pcu_cnp": CNP, "company_id": False,
                "email": "ioana.popescu@exemplu.invalid",
            }
        )  # fmt: skip
        with freeze_time("2024-10-15 08:00:00"):
            cls.old = cls._registered(
                sender_id=cls.popescu.id,
                summary="Cerere pentru autorizație de construire",
                department_id=cls.urbanism.id,
                external_number="77/AB",
            )
        cls.new = cls._registered(
            summary="Contestație împotriva deciziei de impunere, HCL 12/2020",
            department_id=cls.taxes.id,
        )

    def find(self, spoken, user=None, field="search_text"):
        entries = self.env["pcu.register.entry"].with_user(user or self.operator)
        return entries.search([(field, "ilike", spoken)]) & (self.old | self.new)

    def assertFinds(self, expected, *questions, **kwargs):
        for spoken in questions:
            with self.subTest(spoken):
                self.assertEqual(self.find(spoken, **kwargs), expected)

    # -- what is asked ---------------------------------------------------

    def test_words_from_everywhere_are_put_together(self):
        self.assertFinds(
            self.old,
            "popescu urbanism octombrie", "POPESCU Urb", "octombrie 2024 construire",
            "15 octombrie ioana", "autorizatia popescu", "autorizației", "popescu 2024",
        )  # fmt: skip
        self.assertFinds(self.new, "țăranu", "taranu stefan", "contestatii", "impuneri")
        self.assertFinds(
            self.env["pcu.register.entry"],
            "popescu taxe", "popescu octombrie 2023", "inexistent", "popescu 2025",
        )  # fmt: skip

    def test_part_of_a_street_finds_who_lives_there(self):
        self.assertFinds(
            self.old, "mihai viteazu", "viteaz", "strada Mihai Viteazu nr 5"
        )

    def test_part_of_a_word_is_found_where_no_word_begins_so(self):
        """In summary, name and street; two letters are a beginning and no part."""
        self.assertFinds(self.old, "iteaz", "opescu", "nstruire", "popescu iteazu")
        self.assertFinds(self.new, "ărAn", "mpotriva")
        nothing = self.env["pcu.register.entry"]
        self.assertFinds(nothing, "it", "iteaz mpotriva", "xistentissi", '"iteaz"')

    def test_part_is_found_on_both_ways(self):
        """Few entries hold it, or too many to collect them."""
        for many in (10_000, 0):
            self.patch(search_module, "MANY", many)
            self.assertFinds(self.old, "iteaz", "nstruire", "popescu iteaz")

    def test_part_finds_only_what_somebody_may_see(self):
        nothing = self.env["pcu.register.entry"]
        self.assertFinds(nothing, "iteaz", user=self.colleague)
        self.assertFinds(self.old, "iteaz", user=self.inspector)

    def test_number_with_year_or_date(self):
        number = self.old.number
        self.assertFinds(self.old, f"{number}/2024", f"{number}/15.10.2024")
        self.assertNotIn(self.old, self.find(f"{number}/2023"))
        self.assertNotIn(self.old, self.find(f"{number}/16.10.2024"))
        self.assertIn(self.old, self.find(str(number)))
        self.assertFinds(self.old, f"popescu {number}/2024")

    def test_number_inside_a_text_is_found_with_its_words(self):
        self.assertFinds(self.new, "HCL 12/2020")
        self.assertFinds(self.old, "77/AB popescu")

    def test_day_finds_what_was_registered_on_it(self):
        self.assertFinds(self.old, "15.10.2024", "popescu 15.10.2024", "10.2024")
        self.assertNotIn(self.old, self.find("azi"))
        self.assertIn(self.new, self.find("azi"))

    def test_day_without_a_year_finds_the_day_and_the_number_that_looks_so(self):
        numbered = self._registered(external_number="DJ 15.10", summary="Adresă")
        self.env.flush_all()

        def found(spoken):
            entries = self.env["pcu.register.entry"].with_user(self.operator)
            return entries.search([("search_text", "ilike", spoken)])

        with freeze_time("2025-03-03 08:00:00"):
            self.assertEqual(found("15.10"), self.old | numbered)
            self.assertEqual(found("popescu 15.10"), self.old)
            self.assertEqual(found("15 oct. popescu"), self.old)
            self.assertFalse(found("16.10"))
        with freeze_time("2026-11-22 08:00:00"):
            self.assertEqual(found("15.10"), numbered, "the last October was 2026")
            self.assertEqual(found("15 octombrie"), self.old)

    def test_cnp_finds_the_person_and_the_mailbox_too(self):
        self.assertFinds(self.old, CNP, "ioana.popescu@exemplu.invalid")
        self.assertFinds(self.env["pcu.register.entry"], "1960606221149")

    def test_cnp_is_asked_only_by_who_may_see_it(self):
        """The code is a field of the staff's; a question must not tell it either."""
        stranger = self._user("stranger", "group_inspector")
        stranger.group_ids = [(6, 0, self.env.ref("base.group_user").ids)]
        entries = self.env["pcu.register.entry"].with_user(stranger)
        self.assertFalse(entries._find_parties(CNP))
        self.assertTrue(entries.with_user(self.operator)._find_parties(CNP))

    def test_names_only(self):
        self.assertFinds(self.old, "popesc", "maria ioana", field="search_party")
        nothing = self.env["pcu.register.entry"]
        self.assertFinds(nothing, "construire", field="search_party")

    def test_hostile_text_finds_nothing_and_breaks_nothing(self):
        nothing = self.env["pcu.register.entry"]
        self.assertFinds(
            nothing, "x' | 'popescu", "zz:* \\ ' & !", "\x00zz", "qq" * 900
        )

    def test_look_up_in_a_field_asks_the_same_way(self):
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        found = [
            entry_id for entry_id, _name in entries.name_search("popescu urbanism")
        ]
        self.assertIn(self.old.id, found)
        self.assertNotIn(self.new.id, found)

    # -- in which order --------------------------------------------------

    def test_list_follows_the_book_the_newest_first(self):
        """Whoever is registered last has the greatest number, not the greatest id."""
        first, second, third, still_draft = (self._draft() for _n in range(4))
        second._do_register()
        first._do_register()
        entries_class = type(self.env["pcu.register.entry"])
        with patch.object(entries_class, "_number_after_commit"):
            third._do_register()
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        shown = entries.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            shown, still_draft + third + first + second + self.new + self.old
        )

    # -- what is fresh ---------------------------------------------------

    def test_changed_entry_is_found_by_its_new_words_at_once(self):
        self.new.action_correct({"summary": "Sesizare"}, "Greșeală de scriere")
        self.assertFinds(self.new, "sesizare")
        self.assertNotIn(self.new, self.find("contestatie"))
        self.new.with_user(self.operator).action_route(self.urbanism)
        self.assertIn(self.new, self.find("sesizare urbanism"))

    def test_renamed_party_is_found_by_the_new_name(self):
        self.popescu.name = "Ionescu Ioana-Maria"
        self.assertFinds(self.old, "ionescu urbanism")
        self.assertNotIn(self.old, self.find("popescu"))

    def test_renamed_department_is_found_by_the_new_name(self):
        self.urbanism.name = "Amenajarea teritoriului"
        self.assertFinds(self.old, "popescu amenajare")
        self.assertNotIn(self.old, self.find("popescu urbanism"))

    def test_words_of_the_documents_find_the_entry(self):
        document = self.env["pcu.document"]._create_from_bytes(
            [{"name": "schita.txt", "content": b"x", **self._place(self.new)}]
        )
        self.assertFinds(self.new, "schita")
        document._set_search_text("Dovada dreptului de proprietate")
        self.assertFinds(self.new, "proprietate", "taranu proprietății")

    def _place(self, entry):
        return {"entry_id": entry.id, "company_id": self.company.id}

    def test_deleted_draft_leaves_no_words(self):
        draft = self._draft(summary="Ciorna unica")
        index = self.env["pcu.register.index"]
        self.assertEqual(index.search_count([("entry_id", "=", draft.id)]), 1)
        entry_id = draft.id
        draft.unlink()
        self.assertFalse(index.search_count([("entry_id", "=", entry_id)]))

    # -- who sees what ----------------------------------------------------

    def test_words_find_only_what_somebody_may_see(self):
        self.assertFinds(self.old, "popescu", user=self.inspector)
        nothing = self.env["pcu.register.entry"]
        self.assertFinds(nothing, "popescu", user=self.colleague)
        self.old.confidentiality = "confidential"
        self.assertFinds(nothing, "popescu", "construire", user=self.operator)
        self.assertFinds(self.old, "popescu", user=self.auditor)

    def test_every_way_gives_the_same_answer(self):
        """The three plans differ in time only."""
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        query = "'popescu':*"
        answers = [
            entries.search(way(query), limit=80)
            for way in (entries._ids_first, entries._as_planned, entries._walk)
        ]
        self.assertIn(self.old, answers[0])
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0], answers[2])

    def test_nobody_reads_the_words_themselves(self):
        for user in (self.operator, self.inspector, self.auditor, self.admin):
            index = self.env["pcu.register.index"].with_user(user)
            for verb in ("read", "write", "create", "unlink"):
                self.assertFalse(index.has_access(verb), (user.login, verb))

    def test_operator_keeps_a_search_of_her_own(self):
        values = {
            "name": "Urbanism, nesoluționate", "model_id": "pcu.register.entry",
            "domain": "[('search_text', 'ilike', 'popescu urbanism')]",
            "user_ids": [(6, 0, self.operator.ids)],
        }  # fmt: skip
        filters = self.env["ir.filters"]
        filters.with_user(self.operator).create_filter(values)
        kept = filters.with_user(self.operator).get_filters("pcu.register.entry")
        self.assertIn("Urbanism, nesoluționate", [each["name"] for each in kept])
        kept = filters.with_user(self.inspector).get_filters("pcu.register.entry")
        self.assertNotIn("Urbanism, nesoluționate", [each["name"] for each in kept])


@tagged("post_install", "-at_install")
class TestFindingCost(RegistryCase):
    """Questions go to an index, and their number of queries doesn't grow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for n in range(30):
            cls._registered(summary=f"Cerere {n}", department_id=cls.urbanism.id)
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE pcu_register_entry, pcu_register_index")

    def plan_of(self, domain, user=None, without=("seqscan",)):
        """Return the plan for a page where PostgreSQL sees a table of any size."""
        entries = self.env["pcu.register.entry"].with_user(user or self.operator)
        query = entries._search(domain, limit=80, order=entries._order)
        for way in without:
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL(f"enable_{way}")))
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        for way in without:
            self.env.cr.execute(SQL("SET LOCAL %s = on", SQL(f"enable_{way}")))
        return "\n".join(line for (line,) in rows)

    def test_pages_and_old_weeks_walk_the_order_of_the_book(self):
        old_week = [
            ("registration_date", ">=", "2024-10-07"),
            ("registration_date", "<=", "2024-10-13"),
        ]
        for domain in ([], old_week):
            plan = self.plan_of(domain, without=("seqscan", "bitmapscan", "sort"))
            self.assertRegex(plan, "Backward using pcu_register_entry_\\w*date_idx")
            self.assertNotIn("Sort", plan)

    def test_important_questions_have_their_index(self):
        for domain, index in (
            ([("search_text", "ilike", "1234/2026")], "pcu_register_entry_number_idx"),
            ([("search_text", "ilike", "12/05.05.2026")], "_idx"),
            ([("sender_id", "=", self.citizen.id)], "sender_id"),
            ([("search_text", "ilike", "cerere 7")], "pcu_register_entry_pkey"),
            ([("department_id", "=", self.taxes.id)], "department"),
            ([("state", "=", "registered")], "pcu_register_entry_"),
        ):
            with self.subTest(domain=domain):
                plan = self.plan_of(domain)
                self.assertIn(index, plan)
                self.assertNotIn("Seq Scan", plan)

    def test_inspector_reads_the_own_department_by_its_index(self):
        plan = self.plan_of([], user=self.inspector)
        self.assertIn("Index Scan", plan)
        self.assertNotIn("Seq Scan", plan)

    def test_frequent_word_walks_and_rare_word_collects(self):
        self.patch(search_module, "ENOUGH", 5)
        self.patch(search_module, "RARE", -1)
        frequent = self.plan_of([("search_text", "ilike", "cerere")])
        self.assertIn("SubPlan", frequent)
        self.assertNotIn("vector_idx", frequent)
        rare = self.plan_of([("search_text", "ilike", "cerere 7")])
        self.assertIn("InitPlan", rare)
        self.assertIn("vector_idx", rare)

    def test_absent_word_and_absent_part_ask_indexes_only(self):
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        statements = (
            SQL(
                "SELECT entry_id FROM pcu_register_index WHERE vector @@ %s::tsquery",
                "'inexistent':*",
            ),
            entries._part_hits("%existent%"),
        )
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for statement in statements:
            rows = self.env.execute_query(SQL("EXPLAIN %s", statement))
            plan = "\n".join(line for (line,) in rows)
            # An index of parties made with the module may have to wait for others.
            self.assertNotIn("Seq Scan on pcu_register", plan)
            self.assertRegex(plan, "vector_idx|summary_index")
        self.env.cr.execute("SET LOCAL enable_seqscan = on")

    @users("registry_operator")
    @warmup
    def test_list_costs_a_fixed_number_of_queries(self):
        entries = self.env["pcu.register.entry"]
        with self.assertQueryCount(registry_operator=2):
            answer = entries.web_search_read([], LIST, limit=80, count_limit=1001)
        self.assertGreaterEqual(answer["length"], 30)

    def test_words_of_a_new_entry_are_kept_without_planning_anew(self):
        """Planning cost every registration three times what the words do."""
        self.env.cr.execute(
            "SELECT count(*) FROM pg_proc WHERE proname IN"
            " ('pcu_register_index_words', 'pcu_register_index_refresh')"
            " AND proconfig = ARRAY['plan_cache_mode=force_generic_plan']"
            " AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 2)

    def test_far_page_goes_on_where_the_one_before_ended(self):
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        names = {"reference": {}}
        whole = entries.web_search_read([], names, limit=20)["records"]
        page = entries.web_search_read([], names, offset=10, limit=10)
        self.assertEqual(page["records"], whole[10:])
        self.assertGreaterEqual(page["length"], 30)
        query = entries._search([], offset=10, limit=10, order=entries._order)
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
        )
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertRegex(str(rows), "Scan Backward using pcu_register_entry_\\w*date")

    @users("registry_operator")
    @warmup
    def test_search_of_words_costs_few_queries_more(self):
        entries = self.env["pcu.register.entry"]
        domain = [("search_text", "ilike", "cerere urbanism")]
        with self.assertQueryCount(registry_operator=6):
            answer = entries.web_search_read(domain, LIST, limit=80, count_limit=1001)
        self.assertGreaterEqual(answer["length"], 30)

    @users("registry_operator")
    @warmup
    def test_absent_word_costs_one_look_for_a_part_more(self):
        entries = self.env["pcu.register.entry"]
        domain = [("search_text", "ilike", "inexistentissim")]
        with self.assertQueryCount(registry_operator=5):
            answer = entries.web_search_read(domain, LIST, limit=80, count_limit=1001)
        self.assertFalse(answer["length"])

    @users("registry_operator")
    @warmup
    def test_form_costs_a_fixed_number_of_queries(self):
        entries = self.env["pcu.register.entry"]
        entry = entries.search([], limit=1)
        view = entries.get_view(view_type="form")
        names = view["models"]["pcu.register.entry"]
        self.env.invalidate_all()
        with self.assertQueryCount(registry_operator=4):
            entry.web_read({name: {} for name in names})

    def test_form_reads_the_lists_that_hold_something(self):
        """Those that are empty are known by one look; the others are read as ever."""
        entry = self._registered(department_id=self.urbanism.id)
        entry.with_user(self.operator).action_route(self.urbanism, self.inspector)
        reply = self._registered(
            direction="outgoing", answers_id=entry.id, recipient_id=self.citizen.id
        )
        lists = ["document_ids", "reply_ids", "routing_ids", "matter_ids"]
        self.env.invalidate_all()
        [form] = entry.with_user(self.operator).web_read({name: {} for name in lists})
        self.assertEqual(form["document_ids"], [])
        self.assertEqual(form["reply_ids"], reply.ids)
        self.assertEqual(form["routing_ids"], entry.routing_ids.ids)
        self.assertEqual(set(form["matter_ids"]), {entry.id, reply.id})

    def test_names_are_those_that_each_record_gives_itself(self):
        """Fetched at once, renamed or not, for parties, people, and departments."""
        entry = self._registered(department_id=self.urbanism.id)
        entry.sudo().holder_id = self.inspector
        self.env.invalidate_all()
        self.urbanism.name = "Urbanism și cadastru"
        self.inspector.partner_id.name = "Popa Ana"
        names = ("sender_id", "department_id", "holder_id", "register_id")
        [shown] = entry.with_user(self.operator).web_read(
            {name: {"fields": {"display_name": {}}} for name in names}
        )
        self.env.invalidate_all()
        for name in names:
            with self.subTest(name):
                self.assertEqual(shown[name]["display_name"], entry[name].display_name)
        self.assertEqual(shown["department_id"]["display_name"], "Urbanism și cadastru")
        self.assertEqual(shown["holder_id"]["display_name"], "Popa Ana")

    def test_words_get_the_memory_that_frequent_ones_need(self):
        """In 4 MB PostgreSQL forgets rows and reads most words once more."""
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        for before, after in (("4MB", "64MB"), ("128MB", "128MB")):
            with self.subTest(before=before):
                self.env.cr.execute(SQL("SET LOCAL work_mem = %s", before))
                entries.search([("search_text", "ilike", "cerere urbanism")])
                self.env.cr.execute("SHOW work_mem")
                self.assertEqual(self.env.cr.fetchone()[0], after)

    def test_page_says_what_each_row_says_of_itself(self):
        """Column by column, also what was just changed or is not there yet."""
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        page = entries.search([], limit=20)
        names = [
            name
            for name, field in entries._fields.items()
            if entries._has_field_access(field, "read")
        ]
        moved = page.filtered(lambda entry: entry.state == "registered")[:2]
        moved.action_route(self.urbanism)
        with_work_left = page.read(names, load=None)
        self.env.flush_all()
        shown = page.read(names, load=None)
        self.assertEqual(shown, with_work_left)
        for entry, row in zip(page, shown, strict=True):
            self.env.invalidate_all()
            self.assertEqual([row], entry.read(names, load=None))

    def test_page_hides_what_a_role_may_not_read(self):
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        page = entries.search([], limit=20)
        page.sudo().read(["summary", "reference"])
        field = entries._fields["summary"]
        with patch.object(field, "groups", "base.group_system"):
            self.assertEqual(len(page.read(["reference"], load=None)), len(page))
            with self.assertRaises(AccessError):
                page.read(["summary"], load=None)


@tagged("post_install", "-at_install")
class TestNextByKeyboard(RegistryCase, KeyboardCase):
    """From the form of one entry to the next one, as the list has them."""

    def test_next_and_previous_are_one_stroke_away(self):
        """What lies with an entry is in sight, and its dates say their year."""
        today = local_day()
        older, newest = self._registered(), self._registered(external_date=today)
        tabs = "document.querySelector('.o_notebook_headers')?.getBoundingClientRect()"
        theirs = (
            "document.querySelector('.o_form_view [name=external_date]')?.innerText"
        )
        row = "document.querySelector('.o_data_row td[name=summary]')"
        shown = "document.querySelector('.o_form_view [name=reference]')?.innerText"

        # Read before: the browser's requests share the test's cursor.
        older, newest = older.reference, newest.reference

        def act(keyboard):
            keyboard.wait(row)
            keyboard.see(f"{row}.click()")
            for stroke, entry in ((None, newest), ("Alt+n", older), ("Alt+p", newest)):
                if stroke:
                    keyboard.press(stroke)
                keyboard.wait(f"{shown} === '{entry}'")
                if not stroke:
                    keyboard.wait(f"{tabs}?.bottom < 600")
                    keyboard.wait(f"{theirs}?.includes('{today.year}')")

        ready = f"Boolean({row})"
        self.with_keyboard("/odoo/registry", self.operator.login, ready, act)

    def test_search_without_a_hit_does_not_say_that_the_book_is_empty(self):
        """Whoever reads that would register the paper a second time."""
        self._registered()
        field = "document.activeElement.matches('.o_searchview_input')"
        said = "document.querySelector('.o_nocontent_help')?.innerText"

        def act(keyboard):
            keyboard.wait(field)
            keyboard.type("zzz")
            keyboard.press("Enter")
            keyboard.wait(f"{said}?.includes('“zzz”') || {said}?.includes('„zzz”')")

        row = "document.querySelector('.o_data_row')"
        self.with_keyboard("/odoo/registry", self.operator.login, row, act)

    def test_only_what_has_no_number_offers_to_be_deleted(self):
        numbered, draft = self._registered(), self._draft()
        opened = "document.querySelector('.o_form_view .o_cp_action_menus button')"
        items = "document.querySelectorAll('.o-dropdown--menu .o_menu_item')"
        icons = "!!document.querySelector('.o-dropdown--menu .fa-%s')"
        for entry, expected in ((numbered, [True, False]), (draft, [True, True])):
            found = []

            def act(keyboard, found=found):  # pylint: disable=W0102
                keyboard.see(f"{opened}.click()")
                keyboard.wait(f"{items}.length")
                found.extend(
                    keyboard.see(icons % name) for name in ("clone", "trash-o")
                )

            address = f"/odoo/registry/{entry.id}"
            self.with_keyboard(address, self.operator.login, opened, act)
            self.assertEqual(found, expected, entry.state)
