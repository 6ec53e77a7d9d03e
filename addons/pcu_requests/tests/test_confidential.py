"""A head of another department sees nothing of a confidential request, anywhere."""

from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import RequestsCase


class ConfidentialCase(RequestsCase):
    """A confidential request of urbanism, and the head of taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_head = cls._user("other_head", "pcu_base.group_head")
        export = cls.env.ref("base.group_allow_export")
        for user in (cls.other_head, cls.head, cls.operator):
            user.group_ids += export
        cls.taxes.head_id = cls.other_head
        cls.secret = cls._filed(cls, confidential=True, observations="Plângere")
        cls.document = cls._document(cls, "cerere")
        cls.secret._attach_documents(cls.document)
        cls.secret.with_user(cls.inspector).action_take()
        cls.secret.with_user(cls.inspector)._ask_fee("Taxă", 15)
        cls.secret.with_user(cls.inspector)._ask_clarification("Ce anume?")
        cls.secret.message_post(body="Notă internă")


@tagged("post_install", "-at_install")
class TestConfidential(ConfidentialCase):
    """Inside the application."""

    def _as(self, user, model="pcu.request"):
        return self.env[model].with_user(user)

    def test_register_and_files_are_confidential_with_it(self):
        """One word at the counter locks all three."""
        self.assertEqual(self.secret.entry_id.confidentiality, "confidential")
        self.assertTrue(self.document.confidential)

    def test_registry_makes_a_request_confidential_through_its_entry(self):
        """And open again; the request and its files follow."""
        request = self._complete()
        request.entry_id.with_user(self.operator).confidentiality = "confidential"
        self.assertTrue(request.confidential)
        self.assertTrue(all(request.document_ids.mapped("confidential")))
        request.entry_id.confidentiality = "personal"
        self.assertFalse(request.confidential)
        with self.assertRaises(AccessError):
            request.with_user(self.inspector).confidential = True

    def test_list_and_search_find_nothing(self):
        """By any word, with any filter, in the pile of any desk."""
        for user in (self.other_head, self.operator):
            requests = self._as(user)
            for domain in (
                [],
                [("id", "=", self.secret.id)],
                [("entry_reference", "=", self.secret.entry_reference)],
                [("observations", "ilike", "plân")],
                [("desk_pile", "=", "waiting")],
            ):
                with self.subTest(user=user.login, domain=domain):
                    self.assertFalse(requests.search(domain) & self.secret)
                    self.assertFalse(
                        requests.web_search_read(domain, {"id": {}})["length"]
                    )
            self.assertFalse(requests.name_search(self.secret.entry_reference))
        self.assertTrue(self._as(self.head).search([("id", "=", self.secret.id)]))

    def test_groups_and_counters_count_nothing(self):
        """A sum can tell, too."""
        requests = self._as(self.other_head)
        groups = requests.formatted_read_group([], ["state"], ["__count"])
        self.assertFalse(sum(group["__count"] for group in groups))
        self.assertFalse(sum(c["count"] for c in requests.get_desk_counters()))
        groups = self._as(self.head).formatted_read_group([], ["state"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), 1)

    def test_what_belongs_to_it_is_as_secret(self):
        """Checklist, questions, notices, steps of the term, entry, files, messages."""
        belongings = (
            self.secret.line_ids,
            self.secret.clarification_ids,
            self.secret.notice_ids,
            self.secret.term_step_ids,
            self.secret.fee_ids,
            self.secret.entry_id,
            self.document,
            self.document.attachment_id,
            self.secret.message_ids,
        )
        for records in belongings:
            for user in (self.other_head, self.operator):
                with self.subTest(model=records._name, user=user.login):
                    self.assertTrue(records)
                    found = self._as(user, records._name).search(
                        [("id", "in", records.ids)]
                    )
                    self.assertFalse(found)
                    with self.assertRaises(AccessError):
                        records.with_user(user).read(["id", "display_name"])

    def test_reading_and_each_action_are_refused(self):
        """Who knows the number of the row gets no further."""
        request = self.secret.with_user(self.other_head)
        for act in (
            request.action_take,
            request.action_close,
            request.get_pane_documents,
            lambda: request.read(["title"]),
            lambda: self.document.with_user(self.other_head).get_preview(),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_export_is_refused_limited_and_written_down(self):
        """No right, no table; with it, only what the screen shows; always a trace."""
        with self.assertRaisesRegex(UserError, "export"):
            self.secret.with_user(self.inspector).export_data(["entry_reference"])
        with self.assertRaises(AccessError):
            self.secret.with_user(self.other_head).export_data(["entry_reference"])
        table = self.secret.with_user(self.head).export_data(["entry_reference"])
        self.assertEqual(table["datas"], [[self.secret.entry_reference]])
        row = self.env["pcu.journal"].search([("action", "=", "exported")], limit=1)
        self.assertEqual(row.user_id, self.head)
        self.assertEqual(row.model, "pcu.request")
        self.assertEqual(
            row.data,
            {
                "count": 1,
                "rows": str(self.secret.id),
                "fields": ["entry_reference"],
            },
        )

    def test_to_dos_and_followers_go_when_the_right_goes(self):
        """A request that moves takes its reminders along."""
        request = self._filed()
        request.with_user(self.inspector).action_take()
        request.message_subscribe(self.inspector.partner_id.ids)
        request.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.inspector.id,
            summary="De văzut",
        )
        request.with_user(self.head)._hand_over(self.taxes, self.env["res.users"])
        self.assertFalse(request.message_partner_ids & self.inspector.partner_id)
        self.assertFalse(
            self._as(self.inspector, "mail.activity").search(
                [("res_model", "=", "pcu.request"), ("res_id", "=", request.id)]
            )
        )

    def test_to_do_for_a_stranger_is_refused(self):
        """Nobody is reminded of what they may not open."""
        with self.assertRaises(UserError):
            self.secret.with_user(self.head).activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.other_head.id
            )

    def test_no_message_reaches_a_stranger_even_if_mentioned(self):
        """A slip of the pen tells nobody."""
        self.secret.message_subscribe((self.other_head | self.head).partner_id.ids)
        message = self.secret.with_user(self.inspector).message_post(
            body="Vă rog să verificați.",
            partner_ids=self.other_head.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        told = message.sudo().notification_ids.res_partner_id
        self.assertIn(self.head.partner_id, told)
        self.assertNotIn(self.other_head.partner_id, told)

    def test_the_daily_e_mail_names_it_to_its_own_department_only(self):
        """Late for a week: the inspector, the head and the secretary hear of it."""
        secretary = self._user("secretary", "pcu_base.group_auditor")
        self.company.pcu_secretary_id = secretary
        for user in self.inspector | self.head | self.other_head | secretary:
            user.email = f"{user.login}@ex.ro"
        # Asking stopped the clock of a real one.
        self.secret.sudo().write({"due_date": "2026-03-02", "term_stopped": False})
        self.secret._plan_reminders()
        calendar = self.env["pcu.legal.day"]._calendar(self.company)
        self.env["pcu.request"]._remind_institution(self.company, calendar, local_day())
        mails = self.env["mail.mail"].search(
            [("body_html", "like", self.secret.entry_reference)]
        )
        told = set(mails.mapped("email_to"))
        self.assertIn("head@ex.ro", told)
        self.assertNotIn("other_head@ex.ro", told)

    def test_history_of_the_person_hides_it(self):
        """Neither the person's other requests nor the likes of an object show it."""
        procedure = self._procedure("IMP", "Impozit", self.taxes)
        visible = self._filed(
            procedure_code=procedure.code, observations="Plângere"
        ).with_user(self.other_head)
        self.assertFalse(visible.person_request_ids)
        self.assertFalse(visible.similar_request_ids)

    def test_auditor_sees_it(self):
        """Who checks the house reads all, and changes nothing."""
        self.assertTrue(self.secret.with_user(self.auditor).has_access("read"))
        self.assertFalse(self.secret.with_user(self.auditor).has_access("write"))


@tagged("post_install", "-at_install")
class TestConfidentialAddress(ConfidentialCase, HttpCase):
    """By the address of a page or a file."""

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-12 09:00:00")

    def _statuses(self, login, addresses):
        self.authenticate(login, login)
        return [
            self.url_open(address, allow_redirects=False).status_code
            for address in addresses
        ]

    def test_addresses_of_its_files_open_for_its_department_only(self):
        """File, download, preview; a stranger gets what a missing file gives."""
        addresses = [
            f"/web/content/{self.document.attachment_id.id}",
            f"/web/content/{self.document.attachment_id.id}?download=1",
            f"/web/content/pcu.document/{self.document.id}/attachment_id",
            f"/pcu/document/{self.document.id}/show",
            f"/pcu/document/{self.document.id}/part/0/show",
            f"/pcu/requests/sheets?ids={self.secret.id}",
            f"/pcu/requests/sheets?ids={self.secret.id}&documents=1",
        ]
        strangers = self._statuses("other_head", addresses)
        self.assertFalse({200, 500} & set(strangers), strangers)
        self.assertEqual(self._statuses("other_head", addresses[3:]), [404] * 4)
        own = self._statuses("head", [*addresses[:2], addresses[3], *addresses[5:]])
        self.assertEqual(own, [200] * 5)
