"""Forty requests on a desk: lists stay cheap and the form opens for each role."""

import logging

from odoo.tests import Form, tagged

from .common import RequestsCase

_logger = logging.getLogger(__name__)

LIST_FIELDS = [
    "entry_reference",
    "title",
    "applicant_id",
    "due_date",
    "days_left_text",
    "urgency",
    "missing_text",
    "department_id",
    "user_id",
    "state",
    "is_overdue",
    "is_open",
]


@tagged("post_install", "-at_install")
class TestDesk(RequestsCase):
    """What an inspector sees all day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["pcu.request"]
        for _index in range(40):
            cls.requests |= cls._filed(cls)

    def test_list_costs_the_same_for_forty_as_for_ten(self):
        """The number of queries does not grow with the number of rows."""
        counts = []
        self._read_list(40)  # warm the caches of the registry
        for limit in (10, 40):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read_list(limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_list_stays_within_its_queries(self):
        """A page of the list, as an ordinary inspector."""
        self._read_list(40)
        self.env.invalidate_all()
        with self.assertQueryCount(7):
            self._read_list(40)

    def test_filing_stays_within_its_queries(self):
        """A submission with three documents, warm: what a pull of 200 repeats."""
        self._complete()
        counts = []
        for _index in range(2):
            documents = self._document("cerere") | self._document("plan")
            documents |= self._document("alte")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._filed(documents=documents)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        _logger.info("Queries of one filing: %s", counts)
        self.assertLessEqual(counts[-1], 40)

    def test_form_opens_for_each_role(self):
        """Nobody who may read the request meets an error on opening it."""
        for user in (self.operator, self.inspector, self.head, self.auditor):
            with self.subTest(user=user.login):
                Form(self.requests[0].with_user(user))

    def test_kanban_shows_the_columns_of_the_way(self):
        """Empty columns stay visible, ends appear only when they occur."""
        groups = self.env["pcu.request"].formatted_read_group(
            [("id", "in", self.requests.ids)], ["state"], ["__count"]
        )
        self.assertTrue(groups)

    def _read_list(self, limit):
        requests = self.env["pcu.request"].with_user(self.inspector)
        spec = {name: {} for name in LIST_FIELDS}
        for name in ("applicant_id", "department_id", "user_id"):
            spec[name] = {"fields": {"display_name": {}}}
        return requests.web_search_read(
            [("is_open", "=", True)], spec, limit=limit, order="due_date, id"
        )
