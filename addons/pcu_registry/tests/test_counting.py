"""Groups and totals come from the counts, and say the same as the entries."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.fields import Domain
from odoo.tests import tagged

from .common import RegistryCase

COUNTS = ("__count", "page_count:sum", "annex_count:sum")
OCTOBER = [
    ("registration_date", ">=", "2024-10-01"),
    ("registration_date", "<=", "2024-10-31"),
]


@tagged("post_install", "-at_install")
class TestCounting(RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2024-10-31 08:00:00"):
            cls.old = cls._registered(page_count=3, department_id=cls.urbanism.id)
        cls.new = cls._registered(page_count=2, annex_count=1)
        cls.secret = cls._registered(
            confidentiality="confidential", department_id=cls.taxes.id
        )
        cls._draft(page_count=7)
        entries = type(cls.env["pcu.register.entry"])
        with patch.object(entries, "_number_after_commit"):
            cls.waiting = cls._registered(direction="internal")

    def groups(self, user, domain, groupby, aggregates=COUNTS):
        entries = self.env["pcu.register.entry"].with_user(user)
        return entries._read_group(domain, groupby, aggregates)

    def is_counted(self, user, domain, groupby=(), aggregates=COUNTS):
        """Tell whether the counts answer."""
        entries = self.env["pcu.register.entry"].with_user(user)
        domain = Domain(domain).optimize_full(entries)
        return entries._counted_domain(domain, groupby, aggregates) is not None

    def assertSame(self, user, domain, *groupby):
        """The counts answer, and as the entries themselves would."""
        domain = [("company_id", "=", self.company.id), *domain]
        self.assertTrue(self.is_counted(user, domain, groupby))
        counted = self.groups(user, domain, groupby)
        entries = type(self.env["pcu.register.entry"])
        with patch.object(entries, "_counted_domain", return_value=None):
            self.assertEqual(counted, self.groups(user, domain, groupby))

    def test_counts_say_what_the_entries_say(self):
        for user in (self.operator, self.auditor):
            for groupby in (
                (), ("department_id",), ("state",), ("direction", "confidentiality"),
                ("registration_date:month", "department_id", "state"),
                ("registration_date:quarter",),
                ("registration_date:year", "register_id"),
            ):  # fmt: skip
                with self.subTest(user=user.login, groupby=groupby):
                    self.assertSame(user, [], *groupby)

    def test_counts_answer_for_whole_months_and_chosen_values(self):
        for domain in (
            OCTOBER,
            [("registration_date", "<", "2024-11-01")],
            [("registration_date", ">", "2024-10-31")],
            [("state", "in", ("registered", "routed")), ("direction", "=", "incoming")],
            ["|", ("department_id", "=", False), ("state", "!=", "solved")],
            [("register_id", "=", self.register.id)],
        ):
            with self.subTest(domain=domain):
                self.assertSame(self.operator, domain, "department_id")

    def test_everything_else_is_read_from_the_entries(self):
        for domain, groupby, aggregates in (
            ([("registration_date", ">=", "2024-10-02")], ["state"], COUNTS),
            ([("registration_date", "=", "2024-10-31")], ["state"], COUNTS),
            ([("summary", "ilike", "urbanism")], ["state"], COUNTS),
            ([("search_text", "ilike", "urbanism")], ["state"], COUNTS),
            ([("department_id.code", "=", "URB")], ["state"], COUNTS),
            ([], ["registration_date:day"], COUNTS),
            ([], ["sender_id"], COUNTS),
            ([], ["state"], ["id:max"]),
        ):
            with self.subTest(domain=domain, groupby=groupby):
                self.assertFalse(
                    self.is_counted(self.operator, domain, groupby, aggregates)
                )

    def test_rules_that_look_at_more_are_never_left_out(self):
        """What an inspector holds or has a copy of isn't in the counts."""
        self.assertFalse(self.is_counted(self.inspector, []))
        self.assertEqual(
            self.groups(self.inspector, [], ["department_id"], ["__count"]),
            [(self.urbanism, 1)],
        )

    def test_confidential_entries_count_for_whoever_may_see_them(self):
        def count(user):
            return self.groups(user, [("department_id", "=", self.taxes.id)], [])[0][0]

        self.assertEqual(count(self.operator), 0)
        self.assertEqual(count(self.auditor), 1)

    def test_emptied_groups_vanish(self):
        self.old.with_user(self.operator).action_route(self.taxes)
        departments = [
            group[0] for group in self.groups(self.auditor, OCTOBER, ["department_id"])
        ]
        self.assertEqual(departments, [self.taxes])

    def test_corrected_sheets_are_summed_anew(self):
        self.old.action_correct({"page_count": 5}, "Numărate din nou")
        self.assertEqual(self.groups(self.auditor, OCTOBER, []), [(1, 5, 0)])

    def test_groups_don_t_carry_rights_away(self):
        (department, *_counts), *_rest = self.groups(
            self.operator, OCTOBER, ["department_id"]
        )
        self.assertFalse(department.env.su)
        self.assertEqual(department.env.user, self.operator)

    def test_exact_total_comes_from_the_counts(self):
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        own = [("company_id", "=", self.company.id)]
        self.assertEqual(entries.search_count(own), len(entries.search(own)))
        with self.assertQueryCount(1):
            entries.search_count(own)

    def test_limited_count_stops_at_what_a_department_has(self):
        """„Of my department or held by me” has no index; the counts say enough."""
        elsewhere = self._registered(department_id=self.taxes.id)
        elsewhere.sudo().holder_id = self.inspector
        entries = self.env["pcu.register.entry"].with_user(self.inspector)
        own = [("company_id", "=", self.company.id)]
        october = [*own, ("registration_date", "<", "2024-11-01")]
        self.assertEqual(entries.search(own), self.old | elsewhere)
        for domain, limit, count in (
            (own, 1, 1), (own, 2, 2), (own, 3, 2), (october, 1, 1), (october, 2, 1),
            ([*own, ("summary", "ilike", "urbanism")], 1, 1),
        ):  # fmt: skip
            with self.subTest(domain=domain, limit=limit):
                self.assertEqual(entries.search_count(domain, limit), count)
        with patch.object(type(entries), "_search", side_effect=AssertionError):
            self.assertEqual(entries.search_count(own, 1), 1)

    def test_nobody_reads_the_counts_themselves(self):
        for user in (self.operator, self.inspector, self.auditor, self.admin):
            tally = self.env["pcu.register.tally"].with_user(user)
            for verb in ("read", "write", "create", "unlink"):
                self.assertFalse(tally.has_access(verb), (user.login, verb))
