"""Parties: their codes are checked, and nobody is created twice."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import CNP, CUI, PcuBaseCase

VALID_CNPS = (
    "1800101221144",
    "2960229221148",  # 29 February of a leap year
    "7000229400012",  # resident from abroad, the century is not in the code
)
VALID_CUIS = ("14399840", "4305857", "18288250", "RO14399840", "ro 4305857")


@tagged("post_install", "-at_install")
class TestParty(PcuBaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"]

    def make_party(self, **values):
        return self.partners._pcu_find_or_create(
            {"kind": "natural", "name": "Ion Popescu", **values}
        )

    # -- validation ----------------------------------------------------

    def test_valid_codes_are_accepted(self):
        for code in VALID_CNPS:
            with self.subTest(code):
                self.partners.create({"name": "X", "pcu_cnp": code})
        for code in VALID_CUIS:
            with self.subTest(code):
                self.partners.create({"name": "X", "pcu_cui": code})

    def test_wrong_cnp_says_what_is_wrong(self):
        for code, message in (
            ("180010122114", "12 digits instead of 13"),
            ("18001012211445", "14 digits instead of 13"),
            ("18001O1221144", "digits only"),
            ("1801301221144", "birth date"),
            ("1800230221144", "birth date"),
            ("0800101221144", "birth date"),
            ("1800101991144", "county"),
            ("1800101221145", "check digit"),
            ("1800101221414", "check digit"),
        ):
            with self.subTest(code), self.assertRaisesRegex(ValidationError, message):
                self.partners.create({"name": "X", "pcu_cnp": code})

    def test_wrong_cnp_message_hides_the_cnp(self):
        with self.assertRaises(ValidationError) as caught:
            self.partners.create({"name": "X", "pcu_cnp": "1800101221145"})
        self.assertNotIn("180010122", str(caught.exception))

    def test_wrong_cui_says_what_is_wrong(self):
        for code, message in (
            ("14399841", "check digit"),
            ("1", "2 to 10 digits"),
            ("12345678901", "2 to 10 digits"),
            ("04305857", "not begin with 0"),
            ("43O5857", "digits only"),
        ):
            with self.subTest(code), self.assertRaisesRegex(ValidationError, message):
                self.partners.create({"name": "X", "pcu_cui": code})

    def test_codes_are_stored_without_decoration(self):
        party = self.partners.create(
            {"name": "X", "pcu_cnp": " 1800101 221144", "pcu_cui": "RO 14399840"}
        )
        self.assertEqual((party.pcu_cnp, party.pcu_cui), (CNP, CUI))

    def test_cnp_is_masked(self):
        party = self.partners.create({"name": "X", "pcu_cnp": CNP})
        self.assertEqual(party.pcu_cnp_masked, "*********1144")

    def test_party_form_of_an_operator(self):
        with Form(self.partners.with_user(self.operator)) as form:
            form.name = "Maria Ionescu"
            form.pcu_party_kind = "natural"
            form.pcu_cnp = CNP
        self.assertEqual(form.record.pcu_cnp, CNP)

    # -- recognising ---------------------------------------------------

    def test_found_by_cnp_though_the_rest_differs(self):
        first = self.make_party(cnp=CNP, email="ion@example.ro")
        again = self.make_party(cnp=CNP, name="POPESCU I.", email="alt@example.ro")
        self.assertEqual(first, again)
        self.assertEqual(first.name, "Ion Popescu", "what was typed stays")
        self.assertEqual(first.email, "ion@example.ro")

    def test_found_by_cui(self):
        first = self.make_party(kind="legal", name="SC Exemplu SRL", cui="RO14399840")
        again = self.make_party(kind="legal", name="EXEMPLU", cui="14399840")
        self.assertEqual(first, again)
        self.assertTrue(first.is_company)

    def test_found_by_email_and_name_without_diacritics(self):
        first = self.make_party(name="Ștefan Țărână", email="s@example.ro")
        again = self.make_party(name="TARANA stefan", email="S@example.ro")
        self.assertEqual(first, again)

    def test_same_email_but_another_name_is_another_party(self):
        first = self.make_party(name="Ion Popescu", email="familie@example.ro")
        other = self.make_party(name="Ana Popescu", email="familie@example.ro")
        self.assertNotEqual(first, other)

    def test_same_name_and_email_but_another_cnp_is_another_party(self):
        first = self.make_party(cnp=CNP, email="familie@example.ro")
        other = self.make_party(cnp="2960229221148", email="familie@example.ro")
        self.assertNotEqual(first, other)

    def test_without_code_and_email_nobody_is_recognised(self):
        self.assertNotEqual(self.make_party(), self.make_party())

    def test_wildcards_in_an_email_match_nobody_else(self):
        first = self.make_party(email="ion@example.ro")
        other = self.make_party(email="%@example.ro")
        self.assertNotEqual(first, other)

    def test_wrong_codes_from_outside_are_kept_as_a_note(self):
        party = self.make_party(cnp="1800101221145", cui="123")
        self.assertFalse(party.pcu_cnp)
        self.assertFalse(party.pcu_cui)
        self.assertIn("1800101221145", party.pcu_identity_note)
        self.assertIn("123", party.pcu_identity_note)

    def test_values_of_a_new_party(self):
        party = self.make_party(
            name=None, first_name="Ana", last_name="Pop", county="CONSTANTA",
            city="Mangalia", street="Str. Mării 1", phone="0740000000",
        )  # fmt: skip
        self.assertEqual(party.name, "Pop Ana")
        self.assertEqual(party.state_id.code, "CT")
        self.assertEqual(party.country_id, self.env.ref("base.ro"))

    def test_nameless_sender_is_not_refused(self):
        self.assertTrue(self.make_party(name="  ").name)

    def test_parties_of_another_institution_are_not_taken(self):
        other = self.env["res.company"].create({"name": "Primăria Alta"})
        first = self.make_party(cnp=CNP, company_id=other.id)
        mine = self.make_party(cnp=CNP, company_id=self.company.id)
        self.assertNotEqual(first, mine)

    def test_inspector_can_have_a_party_recognised(self):
        """Registering recognises a party whoever registers, without giving rights."""
        partners = self.partners.with_user(self.clerk)
        party = partners._pcu_find_or_create({"name": "X", "cnp": CNP})
        self.assertFalse(party.env.su)
        with self.assertRaises(AccessError):
            party.name = "Y"

    # -- searching -----------------------------------------------------

    def test_party_is_found_by_its_codes(self):
        party = self.make_party(cnp=CNP)
        company = self.make_party(kind="legal", name="SC Exemplu SRL", cui=CUI)
        partners = self.partners.with_user(self.operator)
        self.assertIn(party.id, dict(partners.name_search(CNP)))
        self.assertIn(company.id, dict(partners.name_search("RO14399840")))
        self.assertNotIn(party.id, dict(partners.name_search("180010122114")))

    def test_cnp_is_hidden_from_people_outside_the_town_hall_roles(self):
        party = self.make_party(cnp=CNP).with_user(self.stranger)
        with self.assertRaises(AccessError):
            party.read(["pcu_cnp"])
        partners = self.partners.with_user(self.stranger)
        self.assertNotIn(party.id, dict(partners.name_search(CNP)))
