"""The ready-made procedures, and what comes from catalogues that nobody vouches for."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .. import catalogue
from .common import RequestsCase

HOSTILE = {
    "code": "X-1",
    "name": "<img src=x onerror=alert(1)>\u202eCertificat\x00",
    "description": "<script>alert(1)</script>",
    "audience": "everybody",
    "term_length": -5,
    "term_unit": "eons",
    "informational_only": "yes",
    "documents": [
        {"code": "D1", "name": "Act", "mandatory": True, "obtained_from": "ANAF"},
        {"code": "D1", "name": "Act dublat"},
        {"code": "'; DROP", "name": "Cod imposibil"},
        {"name": "Fără cod"},
        "nu e document",
        *({"code": f"n{n}", "name": "x" * 9000} for n in range(500)),
    ],
    "acts": [{"name": "Lege", "link": "javascript:alert(1)"}],
    "fees": [{"name": "Taxă", "kind": "fixed", "amount": "1e999"}],
    "surprise": {"deep": ["er"]},
}


@tagged("post_install", "-at_install")
class TestCatalogue(RequestsCase):
    """Offers: shown, mapped, accepted by a person."""

    def setUp(self):
        super().setUp()
        self.offers = self.env["pcu.procedure.offer"].with_user(self.administrator)

    def _refresh(self, *raws):
        done = self.offers._refresh(self.company, "platform", "Platforma", list(raws))
        return self.offers.search([("source", "=", "platform")]), done

    def _adopt(self, offers, **vals):
        with Form.from_action(
            self.env(user=self.administrator), offers.action_accept()
        ) as f:
            for name, value in vals.items():
                setattr(f, name, value)
        return f.record.action_confirm()

    # -- the ready-made set ------------------------------------------------------

    def test_the_set_is_complete_and_says_where_its_facts_come_from(self):
        """At least 25 procedures with term, documents, article, source."""
        terms = set(self.env["pcu.term.type"].search([]).mapped("code"))
        ready = [catalogue.clean(raw) for raw in catalogue.read_ready_made()]
        self.assertGreaterEqual(len(ready), 25)
        self.assertEqual(len({r["code"] for r in ready}), len(ready))
        for content in ready:
            with self.subTest(code=content["code"]):
                if term := content.get("term_type_id"):
                    self.assertIn(term, terms)
                else:
                    self.assertTrue(content["term_length"] and content["term_law"])
                for part in ("documents", "acts", "outputs"):
                    self.assertTrue(content[part], part)
                self.assertTrue(content["source_note"] and content["entitled"])
        unread = [r for r in catalogue.read_ready_made() if not r["documents"]]
        self.assertFalse(unread)

    def test_a_new_institution_adopts_what_it_offers(self):
        """Term from the catalogue of the law, department by its name, one button."""
        action = self.offers.action_open_ready_made()
        offers = self.offers.search(action["domain"])
        chosen = offers.filtered(lambda o: o.code in ("PET", "AC", "NOM"))
        self.assertEqual(
            chosen.filtered(lambda o: o.code == "AC").department_id, self.urbanism
        )
        self._adopt(chosen, department_id=self.taxes, publish=True)
        building = self.env["pcu.procedure"].search([("code", "=", "AC")])
        self.assertRecordValues(
            building,
            [
                {
                    "department_id": self.urbanism.id,
                    "term_type_id": self.env.ref("pcu_base.term_type_ac").id,
                    "publication": "published",
                    "completion_length": 90,
                    "validity_length": 12,
                }
            ],
        )
        self.assertEqual(building.fee_ids.mapped("percentage"), [0.5, 1.0])
        held = building.slot_ids.filtered("obtained_from")
        self.assertFalse(held.mandatory)
        petition = self.env["pcu.procedure"].search([("code", "=", "PET")])
        self.assertEqual(petition.department_id, self.taxes)
        self.assertEqual(set(chosen.mapped("state")), {"accepted"})

    def test_nothing_is_forced_on_an_institution(self):
        """Looking at the set changes no procedure; its own ones are only proposed."""
        before = self.env["pcu.procedure"].search([])
        self.offers.action_open_ready_made()
        self.assertEqual(self.env["pcu.procedure"].search([]), before)
        own = self.offers.search([("code", "=", "CU")])
        self.assertEqual(own.procedure_id, self.procedure)
        self.assertEqual(own.state, "new")
        self.assertEqual(self.procedure.name, "Certificat de urbanism")

    def test_only_the_administrator_takes_over(self):
        """The others neither load nor accept."""
        self.offers.action_open_ready_made()
        offer = self.offers.search([], limit=1)
        for user in (self.head, self.operator, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["pcu.procedure.offer"].with_user(user).action_open_ready_made()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                offer.with_user(user)._accept()

    # -- catalogues from far -----------------------------------------------------

    def test_a_refresh_shows_and_a_person_accepts(self):
        """What the source changes stays at the source until somebody agrees."""
        one = {
            "code": "CU",
            "name": "Certificat de urbanism",
            "documents": [
                {"code": "cerere", "name": "Cerere F.1", "mandatory": True},
                {"code": "nou", "name": "Act nou", "mandatory": True},
            ],
        }
        offer, _done = self._refresh(one)
        self.assertEqual(offer.procedure_id, self.procedure)
        for words in ("Cerere F.1", "Act nou", "Plan cadastral", "removed"):
            self.assertIn(words, offer.difference_html)
        names = ["Cerere tip", "Plan cadastral", "Alte acte"]
        self.assertEqual(self.procedure.slot_ids.mapped("name"), names)
        self._adopt(offer)
        self.assertEqual(
            self.procedure.slot_ids.mapped("name"), ["Cerere F.1", "Act nou"]
        )
        self.assertEqual(offer.state, "accepted")
        self._refresh(one | {"name": "Certificat nou"})
        self.assertEqual(offer.state, "changed")
        self.assertIn("Certificat nou", offer.difference_html)
        self.assertNotIn("Act nou", offer.difference_html)
        self.assertEqual(self.procedure.name, "Certificat de urbanism")
        self._refresh({"code": "Y", "name": "Altceva"})
        self.assertEqual(offer.state, "gone")
        self.assertTrue(self.procedure.active)

    def test_what_the_source_does_not_say_stays(self):
        """A platform without fees takes none away."""
        self.procedure.write({"fee_note": "10 lei", "term_length": 20})
        offer, _done = self._refresh({"code": "CU", "name": "Certificat"})
        self._adopt(offer)
        self.assertRecordValues(
            self.procedure,
            [{"name": "Certificat", "fee_note": "10 lei", "term_length": 20}],
        )
        self.assertEqual(len(self.procedure.slot_ids), 3)

    def test_hostile_text_stays_text_and_nonsense_is_dropped(self):
        """Nothing of it is obeyed, nothing of it is endless, nothing breaks."""
        offer, done = self._refresh(
            HOSTILE, {"code": "fără nume"}, {"name": "fără cod"}, 7, [], None
        )
        self.assertEqual(done, (1, 5))
        content = offer.content
        self.assertEqual(content["name"], "<img src=x onerror=alert(1)>Certificat")
        self.assertEqual(
            content["description"], "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
        )
        for dropped in ("audience", "term_length", "term_unit", "surprise"):
            self.assertNotIn(dropped, content)
        self.assertNotIn("link", content["acts"][0])
        self.assertNotIn("amount", content["fees"][0])
        self.assertLessEqual(len(content["documents"]), 60)
        self.assertEqual(content["documents"][0]["mandatory"], False)
        self.assertNotIn("<img", offer.difference_html)
        self._adopt(offer)
        procedure = self.env["pcu.procedure"].search([("code", "=", "X-1")])
        self.assertIn("&lt;script&gt;", procedure.description)

    def test_an_ignored_offer_comes_back_with_the_same_button(self):
        """A refresh doesn't bring it back by itself."""
        offer, _done = self._refresh({"code": "Z", "name": "Altceva"})
        offer.action_ignore()
        self._refresh({"code": "Z", "name": "Altceva"})
        self.assertEqual(offer.state, "ignored")
        offer.action_ignore()
        self.assertEqual(offer.state, "new")

    def test_a_term_by_code_only_when_the_number_agrees(self):
        """A platform's “PET” of 60 days is not the petition of our law."""
        offers, _done = self._refresh(
            {"code": "PET", "name": "Petiție", "term_length": 30},
            {"code": "FISC", "name": "Certificat", "term_length": 60},
        )
        self.assertEqual(offers.term_type_id.mapped("code"), ["PET"])
