"""The statistics are exact at any time, and everybody sees the own part."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestSummary(RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2024-10-15 08:00:00"):
            cls.entries = cls._registered() + cls._registered()
        cls.summary = cls.env["pcu.register.summary"]

    def counted(self, user=None):
        """Return ``{(month, department, state): number}``, as a pivot does."""
        self.env.flush_all()
        rows = self.summary.with_user(user or self.operator)._read_group(
            [("company_id", "=", self.company.id)],
            ["month:month", "department_id", "state"],
            ["entry_count:sum", "__count"],
        )
        for row in rows:
            self.assertEqual(row[3], row[4], "rows are entries")
        return {
            (str(month)[:7], department.code, state): count
            for month, department, state, count, _rows in rows
            if count
        }

    def test_every_change_is_counted_at_once(self):
        self.assertEqual(self.counted(), {("2024-10", False, "registered"): 2})
        first, second = self.entries
        first.with_user(self.operator).action_route(self.urbanism)
        second.with_user(self.operator).action_annul("Înregistrat de două ori")
        expected = {
            ("2024-10", "URB", "routed"): 1,
            ("2024-10", False, "annulled"): 1,
        }
        self.assertEqual(self.counted(), expected)
        self.summary._cron_fold()
        self.assertEqual(self.counted(), expected)

    def test_drafts_are_not_counted(self):
        before = self.counted()
        draft = self._draft()
        self.assertEqual(self.counted(), before)
        draft.unlink()
        self.assertEqual(self.counted(), before)

    def test_folding_leaves_one_row_per_cell(self):
        self.entries.with_user(self.operator).action_route(self.urbanism)
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id)]
        self.assertGreater(self.summary.search_count(domain), 1)
        self.summary._cron_fold()
        self.summary.invalidate_model()
        self.assertEqual(self.summary.search(domain).mapped("entry_count"), [2])

    def test_pivot_is_formatted_as_ever(self):
        """Formatting each value once changes nothing in what the web client gets."""
        self.entries[0].with_user(self.operator).action_route(self.urbanism)
        question = (
            [("company_id", "=", self.company.id)],
            [[], ["month:month"], ["month:month", "department_id", "state"]],
            ["entry_count:sum"],
        )
        summary = self.summary.with_user(self.auditor)
        found = summary.formatted_read_grouping_sets(*question)
        ours = type(self.summary)._web_read_group_format
        base = next(
            each.__dict__["_web_read_group_format"]
            for each in type(self.summary).__mro__
            if each.__dict__.get("_web_read_group_format", ours) is not ours
        )
        with patch.object(type(self.summary), "_web_read_group_format", base):
            expected = summary.formatted_read_grouping_sets(*question)
        for groups, others in zip(found, expected, strict=True):
            self.assertTrue(groups)
            for group, other in zip(groups, others, strict=True):
                self.assertEqual(
                    Domain(group.pop("__extra_domain")),
                    Domain(other.pop("__extra_domain")),
                )
                self.assertEqual(group, other)

    def test_recount_says_the_same(self):
        self.entries[0].with_user(self.operator).action_route(self.taxes)
        before = self.counted()
        self.env.cr.execute("SELECT pcu_register_summary_recount()")
        self.assertEqual(self.counted(), before)

    def test_inspector_sees_the_own_departments_only(self):
        self.entries[0].with_user(self.operator).action_route(self.urbanism)
        own = {("2024-10", "URB", "routed"): 1}
        self.assertEqual(self.counted(self.inspector), own)
        self.assertFalse(self.counted(self.colleague))
        self.assertEqual(len(self.counted(self.auditor)), 2)

    def test_nobody_changes_the_statistics(self):
        row = self.summary.search([], limit=1)
        for user in (self.operator, self.inspector, self.head, self.auditor):
            mine = row.with_user(user)
            self.assertTrue(self.summary.with_user(user).has_access("read"))
            for verb in ("write", "create", "unlink"):
                self.assertFalse(mine.has_access(verb), (user.login, verb))
        with self.assertRaises(AccessError):
            self.summary.with_user(self.admin).search([])

    def test_other_institution_is_not_counted_in(self):
        other = self.env["res.company"].create({"name": "Primăria Vecină"})
        outsider = self._user("outsider", "group_auditor")
        outsider.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        seen = self.summary.with_user(outsider).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(seen.search([("company_id", "=", self.company.id)]))
