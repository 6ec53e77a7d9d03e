from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_resolution import ResolutionCase


class ResolutionFirstCase(ResolutionCase):
    """A house in which all that comes goes to the mayor first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register.resolution_office = "head"

    def _restrict(self):
        """Close the register to all but its department, of which one is the keeper."""
        keeper = self.env.ref("pcu_registry.group_register_keeper")
        self.inspector.group_ids = [Command.link(keeper.id)]
        self.register.write({"department_id": self.urbanism.id, "restricted": True})

    def _by_program(self, **values):
        return self.env["pcu.register.entry"]._register_new(
            [
                {
                    "register_id": self.register.id,
                    "company_id": self.company.id,
                    "sender_id": self.citizen.id,
                    "summary": "Cerere",
                    "origin_key": f"test:{len(values)}",
                    **values,
                }
            ]
        )


@tagged("post_install", "-at_install")
class TestResolutionFirst(ResolutionFirstCase):
    """What comes in lies before the mayor without anybody's click."""

    # ------------------------------------------------------------------ laying

    def test_incoming_lies_before_the_mayor_once_registered(self):
        entry = self._registered(self.operator)
        self.assertEqual((entry.state, entry.awaited_id), ("registered", self.mayor))
        sheet = self._sheet(entry)
        self.assertEqual(sheet.asked_by_id, self.operator)
        self._write(sheet).action_give()
        self.assertEqual((entry.state, entry.department_id), ("routed", self.urbanism))

    def test_secretary_gets_it_where_the_register_says_so(self):
        self.register.resolution_office = "secretary"
        entry = self._registered(self.operator)
        self.assertEqual(entry.awaited_id, self.secretary)

    def test_without_the_setting_nobody_is_asked(self):
        self.register.resolution_office = False
        entry = self._registered(self.operator)
        self.assertFalse(entry.resolution_ids)
        entry.with_user(self.operator).action_route(self.urbanism)
        self.assertEqual(entry.state, "routed")

    def test_what_leaves_or_is_internal_goes_to_nobody(self):
        for direction in ("outgoing", "internal", "ex_officio"):
            with self.subTest(direction):
                entry = self._registered(
                    self.operator, direction=direction, recipient_id=self.citizen.id
                )
                self.assertFalse(entry.resolution_ids)

    def test_department_chosen_at_the_desk_is_proposed_to_the_mayor(self):
        entry = self._draft(self.operator, department_id=self.taxes.id)
        entry.action_quick_register()
        self.assertEqual(
            (entry.state, entry.department_id.id, entry.routing_ids.ids),
            ("registered", False, []),
        )
        self.assertEqual(self._sheet(entry).department_id, self.taxes)
        with self.assertRaises(AccessError):
            entry.with_user(self.colleague).check_access("read")

    def test_department_of_the_last_paper_is_not_proposed_with_the_next(self):
        entries = self.env["pcu.register.entry"].with_user(self.operator)
        quick = entries.with_context(pcu_quick=1)
        entry = self._draft(self.operator, department_id=self.taxes.id)
        entry.action_quick_register()
        self.assertNotIn("department_id", quick.default_get(["department_id"]))
        self.register.resolution_office = False
        values = quick.default_get(["department_id"])
        self.assertEqual(values["department_id"], self.taxes.id)

    def test_without_the_setting_the_desk_routes_as_before(self):
        self.register.resolution_office = False
        entry = self._draft(self.operator, department_id=self.taxes.id)
        entry.action_quick_register()
        self.assertEqual((entry.state, entry.department_id), ("routed", self.taxes))

    def test_absent_mayor_has_a_substitute(self):
        self.env["pcu.absence"].create(
            {
                "user_id": self.mayor.id,
                "substitute_id": self.deputy.id,
                "date_from": "2026-01-01",
                "date_to": "2099-12-31",
            }
        )
        entry = self._registered(self.operator)
        self.assertEqual(entry.awaited_id, self.deputy)
        self.assertEqual(
            self._sheet(entry, self.deputy).pcu_on_behalf_of_id, self.mayor
        )

    # ------------------------------------------------------------------ programs

    def test_email_without_a_department_lies_before_the_mayor(self):
        self.assertEqual(self._by_program(channel="email").awaited_id, self.mayor)

    def test_what_its_procedure_sends_to_a_department_goes_there(self):
        entry = self._by_program(department_id=self.urbanism.id)
        self.assertFalse(entry.resolution_ids)
        self.assertEqual(entry.department_id, self.urbanism)

    def test_confidential_request_is_left_to_who_files_it(self):
        entry = self._by_program(confidentiality="confidential")
        self.assertFalse(entry.resolution_ids)

    # ------------------------------------------------------------------ past it

    def test_nobody_routes_or_solves_past_the_resolution(self):
        entry = self._registered(self.operator).with_user(self.operator)
        acts = [
            lambda: entry.action_route(self.urbanism, text="Spre soluționare"),
            lambda: entry.action_solve("filed_noted"),
            lambda: (
                self.env["pcu.handover.make"]
                .with_user(self.operator)
                .with_context(active_ids=entry.ids)
                .create({"department_id": self.urbanism.id})
                .action_confirm()
            ),
        ]
        for act in acts:
            with self.assertRaisesRegex(UserError, "waits for the resolution"):
                act()
        self.assertEqual(entry.awaited_id, self.mayor)

    def test_head_who_registers_gives_no_resolution_of_the_mayor(self):
        """A head names themselves in the dialog; here only the house's givers count."""
        self.operator.group_ids += self.env.ref("pcu_base.group_head")
        entry = self._registered(self.operator).with_user(self.operator)
        with self.assertRaisesRegex(UserError, "waits for the resolution"):
            entry.action_route(
                self.urbanism, text="Da", resolution_by_id=self.operator.id
            )

    def test_resolution_on_paper_is_recorded_with_who_gave_it(self):
        entry = self._registered(self.operator).with_user(self.operator)
        entry.action_route(
            self.urbanism, text="De urgență", resolution_by_id=self.secretary.id
        )
        self.assertEqual((entry.state, entry.awaited_id.id), ("routed", False))

    def test_dialog_asks_for_the_resolution_only_where_it_is_awaited(self):
        entry = self._registered(self.operator)
        dialog = self.env["pcu.register.route"].with_user(self.operator)
        values = {"department_id": self.urbanism.id}
        waiting = dialog.with_context(active_ids=entry.ids).create(values)
        self.assertEqual(waiting.awaited_id, self.mayor)
        self.register.resolution_office = False
        free = dialog.with_context(active_ids=self._registered(self.operator).ids)
        self.assertFalse(free.create(values).awaited_id)

    def test_what_was_sent_back_the_registry_routes(self):
        entry = self._registered(self.operator)
        sheet = self._sheet(entry)
        sheet.text = "Nu e pentru mine"
        sheet.action_send_back()
        entry.with_user(self.operator).action_route(self.urbanism)
        self.assertEqual(entry.state, "routed")

    def test_what_a_program_laid_there_comes_back_to_the_whole_registry(self):
        """No person laid it there, so all who could route it are reminded, once."""
        absent = self._user("absent", "group_registry_operator")
        absent.active = False
        entry = self._by_program(channel="email")
        sheet = self._sheet(entry)
        sheet.text = "Nu e pentru noi"
        sheet.action_send_back()
        reminded = entry.activity_ids.user_id
        self.assertIn(self.operator, reminded)
        self.assertFalse(reminded & (absent | self.inspector | self.head | self.mayor))
        entry.with_user(self.operator).action_route(self.urbanism)
        self.assertFalse(entry.activity_ids)

    def test_restricted_register_is_open_to_the_mayor_by_the_sheet_only(self):
        """Its keepers register; the mayor reads that one, other clerks nothing."""
        self._restrict()
        entry = self._registered(self.inspector)
        other = self._registered(
            self.inspector, direction="outgoing", recipient_id=self.citizen.id
        )
        self.assertEqual(entry.awaited_id, self.mayor)
        self.assertEqual(self.verbs(entry, self.mayor), {"read"})
        self.assertEqual(self.verbs(other, self.mayor), set())
        self.assertEqual(self.verbs(entry, self.operator), set())
        with self.assertRaisesRegex(UserError, "waits for the resolution"):
            entry.with_user(self.inspector).action_route(self.urbanism)
        sheet = self._sheet(entry)
        sheet.text = "Cine răspunde?"
        sheet.action_send_back()
        self.assertEqual(entry.activity_ids.user_id, self.inspector)
        entry.with_user(self.inspector).action_ask_resolution(self.mayor)
        self._write(self._sheet(entry)).action_give()
        self.assertEqual((entry.state, entry.department_id), ("routed", self.urbanism))

    def test_restricted_register_sends_back_to_its_own_people(self):
        """An operator of the registry can't even open it."""
        self._restrict()
        entry = self._by_program(channel="email")
        sheet = self._sheet(entry)
        sheet.text = "Nu e pentru noi"
        sheet.action_send_back()
        reminded = entry.activity_ids.user_id
        self.assertIn(self.inspector, reminded)
        self.assertNotIn(self.operator, reminded)

    def test_what_a_clerk_laid_there_by_hand_still_goes_as_before(self):
        self.register.resolution_office = False
        entry = self._asked()
        entry.with_user(self.operator).action_route(self.urbanism)
        self.assertEqual(entry.state, "routed")

    # ------------------------------------------------------------------ setting

    def test_vacant_office_refuses_no_number(self):
        self.mayor.active = False
        entry = self._registered(self.operator)
        self.assertTrue(entry.number)
        self.assertFalse(entry.awaited_id)
        self.assertIn(
            entry,
            entry.search([("state", "=", "registered"), ("awaited_id", "=", False)]),
        )

    def test_office_whose_holder_could_open_nothing_is_refused(self):
        self.register.resolution_office = False
        self.mayor.group_ids -= self.env.ref("pcu_base.group_approver")
        with self.assertRaisesRegex(ValidationError, "Approver"):
            self.register.resolution_office = "head"
        self.company.pcu_secretary_id = False
        with self.assertRaisesRegex(ValidationError, "Name the head"):
            self.register.resolution_office = "secretary"

    def test_only_the_administrator_sets_it_and_the_journal_tells(self):
        for user in (self.operator, self.head, self.auditor, self.mayor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.register.with_user(user).resolution_office = "secretary"
        self.register.with_user(self.admin).resolution_office = "secretary"
        act = self.env["pcu.journal"].search(
            [("action", "=", "register_resolution_set")], limit=1, order="id desc"
        )
        self.assertEqual((act.res_id, act.user_id), (self.register.id, self.admin))

    # ------------------------------------------------------------------ cost

    def test_registering_costs_nothing_where_it_is_off_and_little_where_on(self):
        """Off, the lean path stays as ``test_registering_stays_lean`` counts it."""

        def cost(number):
            values = {
                "register_id": self.register.id,
                "company_id": self.company.id,
                "sender_id": self.citizen.id,
                "summary": "Cerere",
            }
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["pcu.register.entry"]._register_new(
                [dict(values) for _each in range(number)]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        on_one, on_many = cost(1), cost(20)
        self.register.resolution_office = False
        cost(1)
        off = cost(1)
        self.assertLessEqual(on_many, on_one + 1, "one document or twenty")
        self.assertLessEqual(on_one, off + 6)
