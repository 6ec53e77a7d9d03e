"""Biroul meu: what each pile holds, for whom, and how one takes from the pool."""

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RequestsCase


@tagged("post_install", "-at_install")
class TestMyDesk(RequestsCase):
    """Piles, counters, taking one."""

    def _counts(self, user):
        """The counters of somebody's desk, without the empty ones."""
        counters = self.env["pcu.request"].with_user(user).get_desk_counters()
        return {c["pile"]: c["count"] for c in counters if c["count"]}

    def _pile(self, user, pile):
        return (
            self.env["pcu.request"].with_user(user).search([("desk_pile", "=", pile)])
        )

    def test_each_counter_opens_what_it_counted(self):
        """Counter and list ask the same question, for each role."""
        self._filed()
        self._in_progress()
        self._in_progress().with_user(self.inspector)._ask_clarification("Ce?")
        self.clock.move_to("2026-05-04 08:00:00")
        self._in_progress()
        for user in (self.inspector, self.head, self.colleague, self.stranger):
            requests = self.env["pcu.request"].with_user(user)
            for counter in requests.get_desk_counters():
                with self.subTest(user=user.login, pile=counter["pile"]):
                    found = requests.search_count([("desk_pile", "=", counter["pile"])])
                    self.assertEqual(found, counter["count"])

    def test_own_work_is_mine_and_the_head_answers_for_the_department(self):
        """An inspector's desk holds the own requests, the head's all of them."""
        request = self._in_progress()
        request.with_user(self.inspector)._ask_clarification("Ce?")
        self.assertEqual(self._counts(self.inspector), {"mine": 1, "waiting": 1})
        self.assertEqual(self._counts(self.head), {"waiting": 1})
        self.assertEqual(self._counts(self.colleague), {})
        self.assertEqual(self._counts(self.stranger), {})

    def test_pool_is_the_departments_and_nobody_elses(self):
        """What nobody has taken waits in the pool of its department."""
        request = self._filed()
        self.assertEqual(self._pile(self.colleague, "pool"), request)
        self.assertFalse(self._pile(self.stranger, "pool"))

    def test_due_today_and_in_three_working_days_is_soon_yesterday_is_overdue(self):
        """The term is 14 April 2026, a Tuesday after Easter; 13 April is a holiday."""
        request = self._in_progress()
        days = [
            ("2026-04-06", {"mine": 1}),  # Good Friday and Easter Monday lie between
            ("2026-04-08", {"mine": 1, "soon": 1}),
            ("2026-04-14", {"mine": 1, "soon": 1}),
            ("2026-04-15", {"mine": 1, "overdue": 1}),
        ]
        self.assertEqual(str(request.due_date), "2026-04-14")
        for day, counts in days:
            with self.subTest(day=day):
                self.clock.move_to(f"{day} 08:00:00")
                self.assertEqual(self._counts(self.inspector), counts)

    def test_day_begins_in_romania_not_at_the_server(self):
        """At half past midnight in Bucharest it is still yesterday in UTC."""
        self._in_progress()
        self.clock.move_to("2026-04-14 21:30:00")
        self.assertIn("overdue", self._counts(self.inspector))

    def test_stopped_term_is_neither_soon_nor_overdue(self):
        """A term that the law stops presses nobody."""
        request = self._in_progress()
        request.term_stopped = True
        self.clock.move_to("2026-05-04 08:00:00")
        self.assertEqual(self._counts(self.inspector), {"mine": 1})

    def test_what_ended_lies_on_no_pile(self):
        """A closed request leaves the desk; a decided one is still to be closed."""
        request = self._decided().with_user(self.inspector)
        self.assertEqual(self._counts(self.inspector), {"mine": 1})
        request.action_close()
        self.assertEqual(self._counts(self.inspector), {})

    def test_answer_lies_with_whose_turn_it_is_and_returned_with_its_author(self):
        """The circuit of a procedure fills the pile of approvals."""
        request = self._in_progress()
        self.env["pcu.approval"].create(
            {
                "request_id": request.id,
                "round": 1,
                "sequence": 1,
                "role": "head",
                "user_id": self.head.id,
                "state": "asked",
            }
        )
        self.assertEqual(self._pile(self.head, "approve"), request)
        self.assertFalse(self._pile(self.inspector, "approve"))
        request.approval_state = "returned"
        self.assertEqual(self._pile(self.inspector, "returned"), request)
        self.assertFalse(self._pile(self.colleague, "returned"))

    def test_counters_of_the_superuser_are_no_error(self):
        """A program that asks gets an answer, too."""
        requests = self.env["pcu.request"].with_user(SUPERUSER_ID)
        self.assertEqual(len(requests.get_desk_counters()), 7)

    def test_take_one_gives_the_most_urgent_of_the_pool(self):
        """What is due first is taken first, and work on it begins."""
        self.clock.move_to("2026-03-16 08:00:00")
        later = self._complete()
        self.clock.move_to("2026-03-12 08:00:00")
        urgent = self._complete()
        requests = self.env["pcu.request"].with_user(self.inspector)
        action = requests.action_take_one()
        self.assertEqual(action["res_id"], urgent.id)
        self.assertEqual(urgent.user_id, self.inspector)
        self.assertEqual(urgent.state, "in_progress")
        self.assertEqual(requests.action_take_one()["res_id"], later.id)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            requests.action_take_one()

    def test_take_one_never_gives_another_departments(self):
        """The pool of urbanism is not for who works in taxes."""
        self._complete()
        requests = self.env["pcu.request"].with_user(self.stranger)
        with self.assertRaises(UserError):
            requests.action_take_one()

    def test_second_who_takes_the_same_is_refused_by_name(self):
        """Two clicks on one row: the second hears who was first and takes nothing."""
        request = self._complete()
        request.with_user(self.inspector).action_take()
        with self.assertRaisesRegex(UserError, "inspector.* has taken"):
            request.with_user(self.colleague).action_take()
        self.assertEqual(request.user_id, self.inspector)

    def test_taking_the_own_again_is_no_error(self):
        """A double click harms nothing."""
        request = self._in_progress().with_user(self.inspector)
        request.action_take()
        self.assertEqual(request.user_id, self.inspector)

    def test_mayor_is_pointed_to_what_waits_for_a_resolution(self):
        """The desk is the first screen of all; the documents lie in the register."""
        mayor = self._user("mayor", "pcu_base.group_approver")
        self.company.pcu_head_id = mayor
        request = self._filed()
        counters = self.env["pcu.request"].with_user(mayor).get_desk_counters
        self.assertNotIn("resolve", [counter["pile"] for counter in counters()])
        request.entry_id.action_ask_resolution(mayor)
        pointer = counters()[-1]
        self.assertEqual((pointer["pile"], pointer["count"]), ("resolve", 1))
        action = self.env["ir.actions.actions"].with_user(mayor)
        opened = action._for_xml_id(pointer["action"])
        self.assertEqual(opened["res_model"], "pcu.resolution")
        others = self.env["pcu.request"].with_user(self.inspector).get_desk_counters()
        self.assertNotIn("resolve", [counter["pile"] for counter in others])

    def test_returned_in_the_register_lies_on_the_pile_until_taken_up(self):
        """Who sent it sees it came back and why; taking it up ends that."""
        request = self._complete()
        request.with_user(self.head)._hand_over(self.urbanism, self.inspector)
        request.entry_id.routing_ids.with_user(self.inspector).action_accept()
        request.with_user(self.head)._hand_over(self.urbanism, self.colleague)
        leg = request.entry_id.routing_ids.filtered(
            lambda leg: leg.user_id == self.colleague
        )
        leg.with_user(self.colleague).action_return("E al Mariei")
        self.assertEqual(request.return_reason, "E al Mariei")
        self.assertEqual(self._pile(self.head, "returned"), request)
        request.with_user(self.head)._hand_over(self.urbanism, self.colleague)
        self.assertFalse(self._pile(self.head, "returned"))
        self.assertFalse(request.return_reason)

    def test_inspectors_begin_at_the_desk_and_nobody_else(self):
        """The first screen after the login, unless somebody chose another."""
        desk = self.env.ref("pcu_requests.pcu_request_action_desk")
        for user, expected in (
            (self.inspector, desk.id),
            (self.head, desk.id),
            (self.operator, False),
            (self.auditor, False),
        ):
            with self.subTest(user=user.login):
                home = self.env["ir.http"].with_user(user)._get_home_action_id(False)
                self.assertEqual(home, expected)
        chosen = self.env["ir.http"].with_user(self.inspector)._get_home_action_id(7)
        self.assertEqual(chosen, 7)


@tagged("post_install", "-at_install")
class TestDeskQueries(RequestsCase):
    """Ten thousand open requests: few questions, each through an index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            """INSERT INTO pcu_request (applicant_id, company_id, department_id,
                   user_id, state, channel, due_date, unclassified, is_returned)
               SELECT %(who)s, %(company)s, %(department)s,
                   CASE n %% 4 WHEN 0 THEN NULL WHEN 1 THEN %(inspector)s
                        ELSE %(colleague)s END,
                   (ARRAY['registered', 'in_progress', 'clarification'])[n %% 3 + 1],
                   'counter', DATE '2026-03-01' + n %% 60, FALSE, n %% 50 = 0
               FROM generate_series(1, 10000) AS n""",
            {
                "who": cls.citizen.id,
                "company": cls.company.id,
                "department": cls.urbanism.id,
                "inspector": cls.inspector.id,
                "colleague": cls.colleague.id,
            },
        )
        # Closed ones outnumber the open ones after a few years.
        cls.env.cr.execute(
            """INSERT INTO pcu_request (applicant_id, company_id, department_id,
                   user_id, state, channel, due_date, unclassified)
               SELECT %s, %s, %s, %s, 'closed', 'counter', DATE '2025-03-01', FALSE
               FROM generate_series(1, 30000) AS n""",
            [cls.citizen.id, cls.company.id, cls.urbanism.id, cls.inspector.id],
        )
        cls.env.cr.execute("ANALYZE pcu_request")

    def test_counters_take_at_most_twelve_queries(self):
        """All piles of an inspector and of a head, in a server that is warm."""
        for user in (self.inspector, self.head):
            requests = self.env["pcu.request"].with_user(user)
            with self.subTest(user=user.login):
                requests.get_desk_counters()
                self.env.invalidate_all()
                with self.assertQueryCount(12):
                    counters = requests.get_desk_counters()
                self.assertGreater(sum(c["count"] for c in counters), 1000)

    def test_each_pile_uses_an_index(self):
        """No pile reads the requests that ended."""
        requests = self.env["pcu.request"].with_user(self.inspector)
        for pile, domain in requests._get_desk_domains().items():
            if domain.is_false():
                continue
            query = requests._search(domain)
            self.env.cr.execute(
                "EXPLAIN " + self.env.cr.mogrify(query.select()).decode()
            )
            plan = "\n".join(row[0] for row in self.env.cr.fetchall())
            with self.subTest(pile=pile):
                self.assertNotIn("Seq Scan on pcu_request", plan)
