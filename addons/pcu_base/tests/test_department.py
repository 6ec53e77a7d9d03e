"""Who belongs where, and whose work a user sees."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import PcuBaseCase


@tagged("post_install", "-at_install")
class TestDepartment(PcuBaseCase):
    def test_member_sees_the_own_department_only(self):
        self.assertEqual(self.inspector.pcu_visible_department_ids, self.urban)
        self.assertFalse(self.inspector.pcu_headed_department_ids)

    def test_head_sees_the_departments_below(self):
        self.assertEqual(self.head.pcu_headed_department_ids, self.urban)
        self.assertEqual(
            self.head.pcu_visible_department_ids, self.urban + self.permits
        )

    def test_substitute_sees_what_the_head_sees(self):
        self.assertFalse(self.clerk.pcu_visible_department_ids)
        self.urban.substitute_ids = self.clerk
        self.assertEqual(self.clerk.pcu_headed_department_ids, self.urban)
        self.assertEqual(
            self.clerk.pcu_visible_department_ids, self.urban + self.permits
        )

    def test_moving_a_department_changes_who_sees_it(self):
        self.assertNotIn(self.social, self.head.pcu_visible_department_ids)
        self.social.parent_id = self.permits
        self.assertIn(self.social, self.head.pcu_visible_department_ids)

    def test_membership_given_on_the_user(self):
        self.inspector.pcu_department_ids = [Command.link(self.social.id)]
        self.assertIn(self.social, self.inspector.pcu_visible_department_ids)
        self.assertIn(self.inspector, self.social.member_ids)

    def test_visible_departments_cost_no_query_the_second_time(self):
        users = self.inspector + self.head
        users.mapped("pcu_visible_department_ids")
        users.invalidate_recordset(["pcu_visible_department_ids"], flush=False)
        with self.assertQueryCount(0):
            users.mapped("pcu_visible_department_ids")

    def test_no_department_below_itself(self):
        with self.assertRaisesRegex(ValidationError, "below itself"):
            self.urban.parent_id = self.permits

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_the_institution(self):
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        self.make_department("URB", company_id=other.id)
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.make_department("URB")

    def test_found_by_code_and_name(self):
        found = dict(self.env["pcu.department"].name_search("URB"))
        self.assertIn(self.urban.id, found)

    def test_department_form(self):
        with Form(self.env["pcu.department"].with_user(self.admin)) as form:
            form.name = "Taxe și impozite"
            form.code = "TAX"
        self.assertEqual(form.record.company_id, self.company)


@tagged("post_install", "-at_install")
class TestInstitution(PcuBaseCase):
    def test_fiscal_code_is_checked(self):
        self.company.pcu_cui = "RO 14399840"
        with self.assertRaisesRegex(ValidationError, "check digit"):
            self.company.pcu_cui = "14399841"

    def test_siruta_holds_digits_only(self):
        self.company.pcu_siruta = "60419"
        with self.assertRaisesRegex(ValidationError, "digits only"):
            self.company.pcu_siruta = "60 419"
