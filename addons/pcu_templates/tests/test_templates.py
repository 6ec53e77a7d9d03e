"""Templates: a closed list of fields, mistakes that name themselves, the shipped."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..field_list import FIELDS
from .common import DraftsCase

CEDILLAS = set("\u015f\u0163\u015e\u0162")


@tagged("post_install", "-at_install")
class TestTemplates(DraftsCase):
    """What may stand between double braces."""

    def test_an_unknown_field_is_named_with_its_line(self):
        """In the text, the title and the subject; nothing is saved."""
        for values, words in (
            (
                {"body": "<p>Bună</p><p>{{ request.numar }}</p>"},
                "line 2.*request.numar",
            ),
            ({"body": "<p>x</p>", "title": "{{ titlu }}"}, "title, line 1.*titlu"),
            ({"body": "<p>x</p>", "subject": "{{ x }}"}, "subject, line 1"),
        ):
            with self.subTest(**values), self.assertRaisesRegex(ValidationError, words):
                self._template(**values)

    def test_a_broken_field_is_found(self):
        """Half a brace, or a field cut by formatting, is not printed silently."""
        for body in (
            "<p>{{ request.number }</p>",
            "<p>{{ request.<b>number</b> }}</p>",
        ):
            with self.assertRaisesRegex(ValidationError, "in one piece"):
                self._template(body)

    def test_nothing_is_evaluated(self):
        """An expression is only an unknown name."""
        for code in ("1+1", "request.env", "request.number.upper()", "object.id"):
            with self.assertRaisesRegex(ValidationError, "doesn't exist"):
                self._template("<p>{{ " + code + " }}</p>")

    def test_the_help_lists_every_field_with_its_meaning(self):
        """The list on the screen is the list that is checked."""
        labels = self.env["pcu.template"]._get_field_labels()
        self.assertEqual(tuple(labels), FIELDS)
        for name in FIELDS:
            self.assertIn("{{ " + name + " }}", self.template.field_help)

    def test_every_field_has_a_value_and_none_is_a_personal_code(self):
        """A field of the list can always be filled."""
        self.citizen.pcu_cnp = "1800101221144"
        values = self.env["pcu.draft"]._get_values(self._in_progress())
        self.assertEqual(tuple(values), FIELDS)
        self.assertNotIn("1800101221144", " ".join(values.values()))

    def test_shipped_templates_are_romanian_and_can_be_filled(self):
        """Six kinds, correct letters, both numbers on each paper."""
        shipped = self.env["pcu.template"].search([("company_id", "=", False)])
        kinds = {"answer", "address", "certificate", "report", "completion", "refusal"}
        self.assertLessEqual(kinds, set(shipped.mapped("kind")))
        request = self._in_progress()
        for template in shipped:
            with self.subTest(template=template.name):
                draft = self.env["pcu.draft"]._make(request, template)
                letter = draft._get_letter()
                text = " ".join(
                    block.text for block in letter.body if hasattr(block, "text")
                )
                self.assertFalse(CEDILLAS & set(text))
                self.assertNotIn("{{", text)
                self.assertEqual(
                    letter.numbers,
                    (f"Nr. {request.entry_reference}", "PISEG #123456")
                    if self.env["res.lang"]._get_data(code="ro_RO")
                    else (f"No. {request.entry_reference}", "PISEG #123456"),
                )

    def test_template_missing_says_what_to_do(self):
        """No template for the procedure: a sentence, and the other way stays open."""
        self.env["pcu.template"].search([]).active = False
        request = self._in_progress().with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "no template for .*Certificat"):
            request.action_make_draft()
        request._decide("favourable", "Scris de mână.")
        self.assertEqual(request.state, "decided")

    def test_templates_of_a_procedure_come_first(self):
        """And those of another procedure not at all."""
        other = self._procedure("AC", "Autorizație", self.urbanism)
        own = self._template("<p>a</p>", procedure_ids=[(6, 0, self.procedure.ids)])
        foreign = self._template("<p>b</p>", procedure_ids=[(6, 0, other.ids)])
        found = self.env["pcu.template"]._find_for(self._in_progress())
        self.assertEqual(found[0], own)
        self.assertNotIn(foreign, found)
