"""A platform's catalogue: fetched by a button, shown as a difference."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ExchangeCase

CERTIFICATE = {
    "code": "CU",
    "title": "Certificat de urbanism",
    "term": {"value": 15, "unit": "working_days"},
    "completion_term": {"value": 10, "unit": "calendar_days"},
    "fee": {"amount": "30.00", "currency": "RON", "note": "După suprafață."},
    "redress": "Plângere prealabilă.",
    "legal_acts": [{"title": "privind autorizarea", "reference": "Legea 50/1991"}],
    "documents": [
        {
            "slot": "CU-1",
            "name": "Cerere F.1",
            "mandatory": True,
            "signature": True,
            "type": "Formular predefinit semnat electronic",
        }
    ],
    "informational_only": False,
}


@tagged("post_install", "-at_install")
class TestCatalogue(ExchangeCase):
    """The administrator's button on the platform."""

    def setUp(self):
        super().setUp()
        self.administrator = self.make_user("catadmin", "pcu_base.group_admin")
        self.remote.procedures = [CERTIFICATE]

    def fetch(self):
        """Press the button; returns the offers that it shows."""
        platform = self.platform.with_user(self.administrator)
        action = platform.action_fetch_catalogue()
        return self.env[action["res_model"]].search(action["domain"])

    def test_the_catalogue_is_shown_and_accepted_by_a_person(self):
        """Term, documents, fee and law arrive only when somebody takes them over."""
        self.procedure.slot_ids = [Command.create({"code": "vechi", "name": "Vechi"})]
        offer = self.fetch().with_user(self.administrator)
        self.assertEqual((offer.procedure_id, offer.state), (self.procedure, "new"))
        self.assertEqual(self.procedure.slot_ids.mapped("name"), ["Vechi"])
        self.assertEqual(offer.term_type_id.code, "CU")
        with Form.from_action(offer.env, offer.action_accept()) as form:
            form.publish = True
        form.record.action_confirm()
        self.assertRecordValues(
            self.procedure,
            [
                {
                    "term_length": 15,
                    "term_unit": "working_days",
                    "completion_length": 10,
                    "appeal_note": "Plângere prealabilă.",
                    "fee_note": "După suprafață.",
                    "publication": "published",
                }
            ],
        )
        slot = self.procedure.slot_ids
        self.assertEqual((slot.code, slot.document_type), ("CU-1", "signed_form"))
        self.assertEqual(self.procedure.fee_ids.amount, 30)
        self.assertEqual(self.procedure.act_ids.name, "Legea 50/1991")

    def test_what_changed_is_shown_at_the_next_look(self):
        """And what is no longer offered is said, not deleted."""
        offer = self.fetch().with_user(self.administrator)
        offer._accept()
        self.fetch()
        self.assertEqual(offer.state, "accepted")
        self.remote.procedures = [CERTIFICATE | {"title": "Certificat nou"}]
        self.fetch()
        self.assertEqual(offer.state, "changed")
        self.assertIn("Certificat nou", offer.difference_html)
        self.remote.procedures = [{"code": "ALT", "title": "Altceva"}]
        self.fetch()
        self.assertEqual(offer.state, "gone")
        self.assertTrue(self.procedure.active)

    def test_nonsense_breaks_nothing(self):
        """Whatever stands in the answer, there is a list or a sentence."""
        self.remote.procedures = [
            CERTIFICATE | {"documents": "none", "term": 7, "fee": [], "legal_acts": {}},
            {"code": ["x"], "title": {}},
            "text",
            None,
        ]
        offer = self.fetch()
        self.assertEqual(offer.code, "CU")
        self.assertNotIn("documents", offer.content)
        for empty in ([], {}, 7, None, "x"):
            self.remote.procedures = empty
            with (
                self.subTest(answer=empty),
                self.assertRaisesRegex(UserError, "nothing"),
            ):
                self.fetch()
        self.assertTrue(offer.present)

    def test_a_fault_is_a_sentence(self):
        """A platform that is down changes nothing here."""
        offer = self.fetch()
        self.remote.fail("GET /institutions/.*/procedures", status=503, times=9)
        with self.assertRaisesRegex(UserError, "fault of its own"):
            self.fetch()
        self.assertTrue(offer.present)

    def test_only_the_administrator_and_never_a_copy(self):
        """The operator watches platforms; a clone calls nobody."""
        operator = self.make_user("catoperator", "pcu_base.group_registry_operator")
        with self.assertRaises(AccessError):
            self.platform.with_user(operator).action_fetch_catalogue()
        self.platform.sudo().instance_uuid = "another"
        calls = len(self.remote.calls)
        with self.assertRaises(UserError):
            self.fetch()
        self.assertEqual(len(self.remote.calls), calls)
