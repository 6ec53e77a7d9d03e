from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestForm(RequestsCase):
    """Opening a request costs the same, however much has gathered in it."""

    def _worked(self, count):
        """Return a request with so many papers, ways and other requests."""
        citizen = self.citizen.copy({"name": f"Petent {count}"})
        request = self._in_progress(applicant_id=citizen.id)
        for number in range(count):
            request._attach_documents(
                self._document("alte", f"{count}/{number}".encode(), f"{number}.pdf")
            )
            # Others each time: names that were read already would hide a question.
            colleague = self._user(
                f"colleague_{count}_{number}", "pcu_base.group_inspector"
            )
            self.urbanism.member_ids += colleague
            request._hand_over(self.urbanism, colleague)
            procedure = self._procedure(
                f"P{count}{number}", f"Procedura {number}", self.urbanism
            )
            other = self._filed(
                applicant_id=citizen.id,
                procedure_code=procedure.code,
                origin_number=f"{count}{number}",
            )
            other.entry_id._programmatic().connected_to_id = request.entry_id
        return request

    def test_form_with_many_lines_costs_what_few_cost(self):
        few, many = self._worked(1), self._worked(6)
        self.assertEqual(len(many.person_request_ids), 6)
        self.assertEqual(len(many.connected_request_ids), 6)
        for user in (self.operator, self.head, self.auditor):
            with self.subTest(user.login):
                self.assertFormStaysFlat(few, many, user)

    def test_entry_opens_for_who_keeps_the_register_only(self):
        """No list of requests stands in the way of who may see none."""
        keeper = self._user("keeper", "pcu_registry.group_register_keeper")
        self.urbanism.member_ids += keeper
        entry = self._in_progress().entry_id
        entry.register_id.department_id = self.urbanism
        values, _cost = self.open_form(entry, keeper)
        self.assertTrue(values)
        self.assertNotIn("request_ids", values[0])
