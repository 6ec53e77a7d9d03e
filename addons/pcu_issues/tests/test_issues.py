"""Issue reports: a place, a term, a state that the citizen understands."""

from odoo.addons.pcu_petitions.tests.common import PetitionsCase
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestIssues(PetitionsCase, HttpCase):
    """Where it is and how far it has come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"].search(
            [("name", "=", "pcu_issues")]
        )._update_translations(["ro_RO"])
        cls.issues = cls._procedure(
            "SES",
            "Sesizare",
            cls.urbanism,
            kind="issue",
            term_type_id=cls.env.ref("pcu_base.term_type_pet").id,
            slot_ids=False,
        )

    def _issue(self, **vals):
        return self.env["pcu.request"]._file(
            {
                "company_id": self.company.id,
                "procedure_id": self.issues.id,
                "applicant_id": self.citizen.id,
                "subject": "Groapă în carosabil",
                "channel": "portal",
                "place_address": "Str. Florilor 12",
                **vals,
            }
        )

    def test_place_has_a_link_and_an_address_for_telephones(self):
        """OpenStreetMap and RFC 5870; without coordinates neither."""
        issue = self._issue(place_latitude=44.18, place_longitude=28.63)
        self.assertEqual(issue.place_geo, "geo:44.180000,28.630000")
        self.assertIn("mlat=44.180000&mlon=28.630000", issue.place_url)
        bare = self._issue()
        self.assertFalse(bare.place_known or bare.place_url or bare.place_geo)

    def test_place_outside_romania_is_refused(self):
        """Swapped coordinates are the usual mistake."""
        issue = self._issue()
        for place in ((28.63, 44.18), (44.18, 0.0), (90.0, 28.0)):
            with self.subTest(place=place), self.assertRaises(ValidationError):
                issue.write({"place_latitude": place[0], "place_longitude": place[1]})

    def test_report_without_a_place_is_not_registered(self):
        """At the counter; the message says what to do and nothing is lost."""
        issue = self.env["pcu.request"].create(
            {
                "procedure_id": self.issues.id,
                "applicant_id": self.citizen.id,
                "subject": "Groapă",
                "department_id": self.urbanism.id,
            }
        )
        with self.assertRaisesRegex(UserError, "where it is"):
            issue.with_user(self.operator).action_register()
        self.assertEqual(issue.subject, "Groapă")
        issue.place_address = "Lângă școală"
        issue.with_user(self.operator).action_register()
        self.assertTrue(issue.entry_number)

    def test_citizen_reads_the_state_in_romanian(self):
        """From received to repaired, without names of colleagues."""
        issue = self._issue()
        self.assertEqual(issue.citizen_state, "Înregistrată, așteaptă preluarea.")
        issue.with_user(self.inspector).action_take()
        self.assertEqual(issue.citizen_state, "Se lucrează la rezolvare.")
        issue.with_user(self.inspector)._decide("favourable", "S-a astupat.")
        self.assertEqual(issue.citizen_state, "Rezolvată.")
        other = self._issue()
        other.with_user(self.inspector)._redirect(self.county, "email")
        self.assertIn(self.county.name, other.citizen_state)

    def test_tile_server_is_chosen_on_purpose(self):
        """None by default; only an https address of tiles is taken."""
        self.assertFalse(self.company.pcu_map_tiles)
        for wrong in (
            "http://harti.ro/{z}/{x}/{y}.png",
            "https://harti.ro/harta.png",
            "javascript:alert(1)",
            "https://harti.ro/{z}/{x}/{y}.png' onload='x",
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                self.company.pcu_map_tiles = wrong
        self.company.pcu_map_tiles = "https://harti.ro/{z}/{x}/{y}.png"

    def test_place_is_picked_with_a_click_and_nothing_is_fetched(self):
        """The form shows the grid; a click in its middle is the town's middle."""
        self.company.write({"pcu_map_latitude": 44.18, "pcu_map_longitude": 28.63})
        issue = self._issue()
        issue.with_user(self.inspector).action_take()
        self.start_tour(
            f"/odoo/action-pcu_issues.pcu_request_action_issues/{issue.id}",
            "pcu_issue_place",
            login="inspector",
        )
        issue.invalidate_recordset()
        self.assertAlmostEqual(issue.place_latitude, 44.18, 3)
        self.assertAlmostEqual(issue.place_longitude, 28.63, 3)

    def test_list_costs_no_query_more_for_more_rows(self):
        """Places and states of eight reports."""
        issues = self.env["pcu.request"].union(
            *(self._issue(place_latitude=44.1, place_longitude=28.6) for _ in range(8))
        )
        view = "pcu_issues.pcu_request_view_list_issue"
        self.assertListStaysFlat(issues, self.inspector, view)
