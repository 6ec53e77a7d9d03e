"""The history of a person and the likes of an object, as far as one may see them."""

from odoo.tests import tagged

from .common import RequestsCase

TEILOR = "Certificat de urbanism pentru Aleea Teilor nr. 3, construire locuință P+1E"


@tagged("post_install", "-at_install")
class TestHistory(RequestsCase):
    """What the form suggests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls.env["res.partner"].create({"name": "Ana Vecina"})
        cls._procedure("IMP", "Impozit", cls.taxes)
        cls.request = cls._filed(cls, observations=TEILOR)
        cls.earlier = cls._filed(cls)
        cls.hidden = cls._filed(cls, procedure_code="IMP", observations=TEILOR)
        cls.alike = cls._filed(
            cls,
            applicant_id=cls.neighbour.id,
            observations="certificat urbanism Aleea Teilor 3, construire locuință P+1",
        )
        cls.hidden_alike = cls._filed(
            cls,
            applicant_id=cls.neighbour.id,
            procedure_code="IMP",
            observations=TEILOR,
        )
        cls.other = cls._filed(
            cls,
            applicant_id=cls.neighbour.id,
            observations="Autorizație de demolare, strada Gării nr. 45",
        )

    def test_person_shows_the_other_requests_that_the_reader_may_see(self):
        """Urbanism doesn't learn what the person asked of taxes; the registry does."""
        request = self.request.with_user(self.inspector)
        self.assertEqual(request.person_request_ids, self.earlier)
        request = self.request.with_user(self.operator)
        self.assertEqual(request.person_request_ids, self.earlier | self.hidden)

    def test_object_is_found_whatever_the_wording_but_not_beyond_ones_rights(self):
        """The neighbour asks about the same plot; the demolition elsewhere is not."""
        request = self.request.with_user(self.inspector)
        self.assertEqual(request.similar_request_ids, self.alike)
        request = self.request.with_user(self.operator)
        self.assertEqual(request.similar_request_ids, self.alike | self.hidden_alike)

    def test_form_of_the_platform_says_the_object_too(self):
        """The address may stand in the form instead of the remarks."""
        twin = self._filed(
            applicant_id=self.neighbour.id,
            form_data={"obiect": TEILOR, "suprafata": 250},
        )
        self.assertIn(twin, self.request.similar_request_ids)

    def test_connected_in_the_register_is_shown(self):
        """What the registry has connected stands with the request."""
        entry = self.earlier.entry_id._programmatic()
        entry.connected_to_id = self.request.entry_id
        request = self.request.with_user(self.inspector)
        self.assertEqual(request.connected_request_ids, self.earlier)
        self.assertEqual(self.earlier.connected_request_ids, self.request)

    def test_suggestions_cost_the_same_for_one_and_for_four(self):
        """No question per record."""
        requests = self.request | self.earlier | self.alike | self.other
        counts = []
        for records in (requests[1], requests[0], requests):
            records = records.with_user(self.inspector)
            self.env.invalidate_all()
            records.mapped("applicant_id.name")
            before = self.env.cr.sql_log_count
            records.mapped("similar_request_ids")
            records.mapped("person_request_ids")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
