"""What a procedure says, and what it refuses to say."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestProcedures(RequestsCase):
    """The model of a service."""

    def test_what_an_institution_holds_is_not_asked_from_the_applicant(self):
        """Legea 267/2021: such a document can be listed, but not as mandatory."""
        slot = self.procedure.slot_ids[1]
        with self.assertRaisesRegex(ValidationError, "Legea 267/2021"):
            slot.obtained_from = "ANCPI"
        slot.write({"mandatory": False, "obtained_from": "ANCPI"})
        self.assertEqual(slot.obtained_from, "ANCPI")

    def test_a_fee_names_what_it_is_computed_from(self):
        """A rule without its unit or its value can't be computed."""
        refused = (
            {"kind": "unit", "amount": 2},
            {"kind": "percentage", "percentage": 1},
            {"kind": "percentage", "base_name": "valoarea lucrărilor"},
        )
        for vals in refused:
            with self.subTest(**vals), self.assertRaises(ValidationError):
                self.procedure.fee_ids = [Command.create({"name": "Taxă", **vals})]
        self.procedure.fee_ids = [
            Command.create({"name": "Taxă", "kind": "unit", "unit_name": "m²"}),
            Command.create({"name": "Alta", "kind": "typed"}),
        ]
        self.assertEqual(self.procedure.fee_ids.mapped("kind"), ["unit", "typed"])

    def test_legal_basis_is_taken_from_the_acts_unless_it_was_written(self):
        """An answer cites act and article."""
        self.procedure.legal_basis = "Regulament local"
        self.assertEqual(self.procedure.legal_basis, "Regulament local")
        self.procedure.act_ids = [
            Command.create({"name": "Legea 50/1991", "article": "art. 6"}),
            Command.create({"name": "Ordinul 839/2009"}),
        ]
        self.assertEqual(
            self.procedure.legal_basis, "Legea 50/1991, art. 6; Ordinul 839/2009"
        )

    def test_the_administrator_fills_in_the_whole_form(self):
        """Every list of the form can be typed into."""
        procedures = self.env["pcu.procedure"].with_user(self.administrator)
        with Form(procedures) as form:
            form.name, form.code = "Certificat de nomenclatură stradală", "NOM"
            form.validity_length = 6
            with form.slot_ids.new() as slot:
                slot.code, slot.name = "NOM-1", "Cerere"
            with form.output_ids.new() as output:
                output.name = "Certificat"
            with form.fee_ids.new() as fee:
                fee.name, fee.amount = "Taxă", 12
            with form.act_ids.new() as act:
                act.name = "OG 33/2002"
        self.assertEqual(form.record.fee_ids.kind, "fixed")
        self.assertEqual(form.record.legal_basis, "OG 33/2002")
