import base64
import io
from ast import literal_eval
from contextlib import contextmanager

from freezegun import freeze_time
from lxml import html
from odoo import fields
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_base.tests.common import ALL, NONE, READ
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError
from pypdf import PdfReader

from .common import RegistryCase

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestDispatch(RegistryCase):
    """How outgoing documents leave: lists for the post, proof, what comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.citizen.write(
            {
                "street": "Aleea Teilor 3", "city": "Constanța", "zip": "900001",
                "email": "stefan@exemplu.ro",
            }
        )  # fmt: skip

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-11-23 10:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def _outgoing(self, **values):
        return self._registered(
            self.operator,
            **{
                "direction": "outgoing", "recipient_id": self.citizen.id,
                "summary": "Răspuns la cerere", **values,
            },
        )  # fmt: skip

    def _make(self, entries, **values):
        wizard = (
            self.env(user=self.operator)["pcu.dispatch.make"]
            .with_context(active_ids=entries.ids)
            .create(values)
        )
        wizard.action_confirm()
        return entries.dispatch_ids.sorted("id")[-len(entries) :].list_id

    def _end(self, dispatch, **values):
        wizard = (
            self.env(user=self.operator)["pcu.dispatch.proof"]
            .with_context(active_ids=dispatch.ids)
            .create(values)
        )
        wizard.action_confirm()

    def _sent(self, **values):
        entry = self._outgoing()
        self._make(entry, **values).action_send()
        return entry.dispatch_ids

    @contextmanager
    def _refused(self, text):
        """Refuse as in a request: what was written before is rolled back."""
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            yield

    # ------------------------------------------------------------------ lists

    def test_sending_the_list_fills_the_register(self):
        entries = self._outgoing() + self._outgoing()
        record = self._make(entries)
        self.assertFalse(any(entries.mapped("sent_date")), "not sent yet")
        record.action_send()
        self.assertEqual(record.name, "1/2026")
        for entry in entries:
            self.assertEqual(entry.sent_date, fields.Date.to_date("2026-11-23"))
            self.assertEqual(entry.delivery_channel, "registered_post")
        self.assertEqual(set(record.dispatch_ids.mapped("state")), {"sent"})
        self.assertIn("Aleea Teilor 3", record.dispatch_ids[0].address)

    def test_address_stays_as_it_was_on_the_envelope(self):
        dispatch = self._sent()
        self.citizen.street = "Strada Nouă 1"
        self.assertIn("Aleea Teilor 3", dispatch.address)

    def test_letters_are_added_to_a_list_in_preparation(self):
        record = self._make(self._outgoing())
        self._make(self._outgoing(), service="courier", list_id=record.id)
        self.assertEqual(record.dispatch_count, 2)
        record.action_send()
        with self.assertRaisesRegex(UserError, "was sent already"):
            self._make(self._outgoing(), list_id=record.id)

    def test_reply_fills_the_row_it_answers(self):
        asked = self._registered(self.operator)
        reply = self._outgoing(answers_id=asked.id)
        self.assertEqual(reply.number, asked.number)
        self._make(reply).action_send()
        self.assertEqual(asked.sent_date, reply.sent_date)
        self.assertEqual(asked.delivery_channel, "registered_post")

    def test_solving_keeps_the_day_of_sending(self):
        entry = self._sent().entry_id
        entry.with_user(self.operator).action_solve("favourable")
        self.assertEqual(entry.sent_date, fields.Date.to_date("2026-11-23"))

    def test_solving_writes_no_dispatch_that_did_not_happen(self):
        """The dialog proposes no day; on a list in preparation none is taken."""
        entry = self._outgoing()
        self._make(entry)
        dialog = self.env["pcu.register.solve"].with_user(self.operator)
        dialog = dialog.with_context(active_ids=entry.ids)
        with Form(dialog) as form:
            form.resolution = "favourable"
            self.assertFalse(form.sent_date)
            form.delivery_channel = "email"
            self.assertEqual(form.sent_date, local_day())
        with self.assertRaisesRegex(UserError, "lies on dispatch list"):
            form.record.action_confirm()
        form.record.delivery_channel = False
        form.record.action_confirm()
        self.assertEqual((entry.state, entry.sent_date), ("solved", False))

    def test_second_letter_of_a_closed_year_keeps_the_first_day(self):
        dispatch = self._sent()
        entry = dispatch.entry_id
        self._end(dispatch, outcome="returned", return_reason="unclaimed")
        # Closing a year has its own rules and tests; here only its lock counts.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pcu_register_year SET state = 'closed' WHERE id = %s",
            [entry.register_year_id.id],
        )
        self.env.invalidate_all()
        with freeze_time("2027-01-11 10:00:00"):
            self._make(entry).action_send()
        self.env.flush_all()
        self.assertEqual(entry.sent_date, fields.Date.to_date("2026-11-23"))
        self.assertEqual(
            max(entry.dispatch_ids.mapped("sent_date")),
            fields.Date.to_date("2027-01-11"),
        )

    def test_incoming_annulled_and_drafts_are_not_sent(self):
        with self.assertRaisesRegex(UserError, "doesn't go out"):
            self._make(self._registered(self.operator))
        annulled = self._outgoing()
        annulled.action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "can't be sent"):
            self._make(annulled)
        later = self._outgoing()
        record = self._make(later)
        later.action_annul("Greșit între timp")
        with self.assertRaisesRegex(UserError, "can't be sent"):
            record.action_send()

    def test_same_document_does_not_go_twice_to_the_same_recipient(self):
        dispatch = self._sent()
        with self._refused("already"):
            self._make(dispatch.entry_id)
        self._end(dispatch, outcome="returned", return_reason="moved")
        self.assertTrue(self._make(dispatch.entry_id), "what came back goes again")

    def test_letter_needs_an_address(self):
        self.citizen.write({"street": False, "city": False, "zip": False,
                            "state_id": False, "country_id": False})  # fmt: skip
        record = self._make(self._outgoing())
        with self._refused("no postal address"):
            record.action_send()
        record.dispatch_ids.address = "Post restant Constanța 1"
        record.action_send()

    def test_empty_list_is_not_sent_and_a_sent_one_not_cancelled(self):
        record = self.env(user=self.operator)["pcu.dispatch.list"].create({})
        with self.assertRaisesRegex(UserError, "Put letters"):
            record.action_send()
        sent = self._sent().list_id.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "can't be cancelled"):
            sent.action_cancel()
        with self.assertRaisesRegex(UserError, "sent already"):
            sent.action_send()

    def test_cancelled_list_frees_its_letters(self):
        entry = self._outgoing()
        self._make(entry).action_cancel()
        self.assertTrue(self._make(entry))

    # ------------------------------------------------------------------ numbers

    def test_label_number_is_cleaned_and_filled_in_later(self):
        dispatch = self._sent().with_user(self.operator)
        dispatch.write({"tracking_number": " rr 123 456 789 ro ", "tariff": 12.5})
        self.assertEqual(dispatch.tracking_number, "RR123456789RO")
        with self.assertRaisesRegex(UserError, "only its R or AWB"):
            dispatch.address = "Altă adresă"

    def test_label_number_is_on_one_letter(self):
        first, second = self._sent(), self._sent()
        first.tracking_number = "AWB1"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            second.tracking_number = "AWB 1"
            second.flush_recordset()

    def test_letter_with_negative_weight_is_refused(self):
        dispatch = self._sent()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            dispatch.weight_g = -1
            dispatch.flush_recordset()

    # ------------------------------------------------------------------ electronic

    def test_email_is_recorded_at_once_with_its_address(self):
        entry = self._outgoing()
        self._make(entry, service="email", note="<id@primarie.ro>")
        dispatch = entry.dispatch_ids
        self.assertFalse(dispatch.list_id)
        self.assertEqual(dispatch.state, "sent")
        self.assertEqual(dispatch.address, "stefan@exemplu.ro")
        self.assertEqual(dispatch.proof_note, "<id@primarie.ro>")
        self.assertEqual(entry.delivery_channel, "email")

    def test_email_without_an_address_is_refused(self):
        self.citizen.email = "nu are"
        with self.assertRaisesRegex(UserError, "is no e-mail address"):
            self._make(self._outgoing(), service="email")

    def test_day_of_sending_is_neither_before_the_number_nor_to_come(self):
        for day in ("2026-11-22", "2026-11-24"):
            with self.assertRaisesRegex(UserError, "on that day"):
                self._make(self._outgoing(), service="pickup", sent_date=day)

    def test_only_letters_stand_on_a_list(self):
        entry = self._outgoing()
        record = self._make(entry)
        with self.assertRaisesRegex(UserError, "Only letters"):
            record.dispatch_ids.service = "email"

    # ------------------------------------------------------------------ proof

    def test_delivery_is_proved_by_the_scan(self):
        dispatch = self._sent()
        self._end(
            dispatch, outcome="delivered", day="2026-11-23", note="Semnat de soție",
            scan=base64.b64encode(PDF), scan_name="AR.pdf",
        )  # fmt: skip
        self.assertEqual(dispatch.state, "delivered")
        self.assertEqual(dispatch.delivered_on, fields.Date.to_date("2026-11-23"))
        self.assertEqual(dispatch.proof_id.entry_id, dispatch.entry_id)
        self.assertEqual(dispatch.proof_id._read(), PDF)

    def test_letter_that_came_back_asks_somebody_to_act(self):
        entry = self._outgoing()
        entry.action_route(self.urbanism, self.inspector)
        self._make(entry).action_send()
        with self.assertRaisesRegex(UserError, "Say why"):
            self._end(entry.dispatch_ids, outcome="returned")
        self._end(entry.dispatch_ids, outcome="returned", return_reason="unclaimed")
        self.assertEqual(entry.dispatch_ids.return_reason, "unclaimed")
        self.assertTrue(
            entry.activity_ids.filtered(
                lambda a: a.user_id == self.inspector and "came back" in a.summary
            )
        )
        self.assertTrue(entry.sent_date, "it was sent, and that stays true")

    def test_proof_has_a_day_between_sending_and_today(self):
        dispatch = self._sent()
        for day, text in (("2026-11-22", "sent later"), ("2026-11-24", "future")):
            with self.assertRaisesRegex(UserError, text):
                self._end(dispatch, day=day)
        self._end(dispatch)
        with self.assertRaisesRegex(UserError, "isn't on its way"):
            self._end(dispatch)

    def test_one_scan_proves_one_letter(self):
        letters = self._sent() + self._sent()
        with self.assertRaisesRegex(UserError, "one at a time"):
            self._end(letters, scan=base64.b64encode(PDF))
        self._end(letters)
        self.assertEqual(set(letters.mapped("state")), {"delivered"})

    def test_state_is_not_written_by_hand(self):
        dispatch = self._sent().with_user(self.operator)
        with self.assertRaisesRegex(UserError, "recorded with proof"):
            dispatch.state = "delivered"
        with self.assertRaisesRegex(UserError, "stays on record"):
            dispatch.unlink()
        with self.assertRaisesRegex(UserError, "recorded with proof"):
            self.env(user=self.operator)["pcu.dispatch"].create(
                {
                    "entry_id": self._outgoing().id, "recipient_id": self.citizen.id,
                    "state": "sent",
                }
            )  # fmt: skip
        for values in (
            {"delivered_on": "2026-11-20"},
            {"proof_note": "Semnat de destinatar"},
            {"sent_date": "2026-11-20"},
        ):
            with self.assertRaisesRegex(UserError, "recorded with proof"):
                dispatch.write(values)
            with self.assertRaisesRegex(UserError, "recorded with proof"):
                self.env(user=self.operator)["pcu.dispatch"].create(
                    {"entry_id": self._outgoing().id,
                     "recipient_id": self.citizen.id, **values}
                )  # fmt: skip

    # ------------------------------------------------------------------ paper, screen

    def test_print_has_what_the_post_office_asks(self):
        record = self._make(self._outgoing())
        record.dispatch_ids.write(
            {"tracking_number": "RR1RO", "weight_g": 20, "tariff": 11.5}
        )
        record.action_send()
        pages = PdfReader(io.BytesIO(record._draw_pdf())).pages
        text = " ".join(pages[0].extract_text().split())
        for words in ("1/2026", "Ștefan Țăranu", "Teilor 3", "RR1RO", "20",
                      "Taken over by the carrier"):  # fmt: skip
            self.assertIn(words, text)
        self.assertRegex(text, "11[.,]50")
        self.assertGreater(pages[0].mediabox.width, pages[0].mediabox.height)

    def test_way_of_the_document_shows_the_letter(self):
        dispatch = self._sent()
        dispatch.tracking_number = "RR1RO"
        self._end(dispatch, outcome="returned", return_reason="moved")
        dispatch.entry_id.invalidate_recordset()
        text = html.fromstring(dispatch.entry_id.route_html).text_content()
        for words in ("Sent to Ștefan Țăranu", "Came back", "RR1RO", "Moved"):
            self.assertIn(words, text)

    def test_what_is_to_send_is_listed_until_it_left(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pcu_registry.pcu_register_entry_action_to_send"
        )
        domain = fields.Domain(
            [
                ("direction", "=", "outgoing"),
                ("sent_date", "=", False),
                ("state", "in", ("registered", "routed", "solved")),
            ]
        )
        self.assertEqual(fields.Domain(literal_eval(action["domain"])), domain)
        entry = self._outgoing()
        self.assertIn(entry, entry.search(domain))
        self._make(entry).action_send()
        self.assertNotIn(entry, entry.search(domain))

    def test_what_is_to_send_says_to_whom_and_on_which_list(self):
        listed, loose = self._outgoing(), self._outgoing()
        record = self._make(listed)
        record.dispatch_ids.address = "Strada Veche 1"
        incoming = self._registered()
        self.assertEqual(listed.ready_list_id, record)
        self.assertEqual(listed.recipient_address, "Strada Veche 1")
        self.assertFalse(loose.ready_list_id)
        self.assertIn("Aleea Teilor 3", loose.recipient_address)
        self.assertIn("900001", loose.recipient_address)
        self.assertFalse(incoming.recipient_address)
        record.action_cancel()
        self.assertFalse(listed.ready_list_id)

    def test_what_is_to_send_costs_a_fixed_number_of_queries(self):
        others = self.env["res.partner"].create(
            [{"name": f"Petent {n}", "street": f"Strada {n}"} for n in range(10)]
        )
        entries = self.env["pcu.register.entry"].concat(
            *[self._outgoing(recipient_id=other.id) for other in others]
        )
        self._make(entries)
        names = ("recipient_id", "recipient_address", "ready_list_id")
        specification = {name: {} for name in names}
        entries = self.env(user=self.operator)["pcu.register.entry"]
        domain = [("direction", "=", "outgoing")]
        entries.web_search_read(domain, specification, limit=1)
        counts = []
        for limit in (1, 10):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries.web_search_read(domain, specification, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    def test_form_of_a_list_shows_its_letters(self):
        record = self._make(self._outgoing())
        with Form(record) as form, form.dispatch_ids.edit(0) as letter:
            letter.tracking_number = "RR2RO"
        self.assertEqual(record.dispatch_ids.tracking_number, "RR2RO")

    # ------------------------------------------------------------------ rights

    def test_role_by_verb(self):
        entry = self._outgoing()
        entry.action_route(self.urbanism, self.inspector)
        self._make(entry).action_send()
        dispatch = entry.dispatch_ids
        self.assertVerbs(
            dispatch, operator=ALL, inspector=READ, head=READ, colleague=NONE,
            auditor=READ, admin=NONE,
        )  # fmt: skip
        self.assertVerbs(
            dispatch.list_id, operator=ALL, inspector=NONE, head=NONE, colleague=NONE,
            auditor=READ, admin=NONE,
        )  # fmt: skip

    def test_confidential_letter_is_the_departments(self):
        entry = self._outgoing(confidentiality="confidential")
        dispatch = self._make(entry).dispatch_ids
        entry.action_route(self.urbanism)
        self.assertVerbs(dispatch, operator=NONE, inspector=READ)

    def test_only_the_registry_sends(self):
        for model in ("pcu.dispatch.make", "pcu.dispatch.proof", "pcu.dispatch.list"):
            for user in (self.inspector, self.head, self.auditor, self.admin):
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(
                        self.env[model].with_user(user).has_access("create")
                    )

    def test_other_institution_sees_no_letter(self):
        other = self.env["res.company"].create({"name": "Alt oraș"})
        stranger = self._user("stranger", "group_registry_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        dispatch = self._sent()
        for record in (dispatch, dispatch.list_id):
            record = record.with_context(allowed_company_ids=other.ids)
            self.assertEqual(self.verbs(record, stranger), set())

    def test_sending_many_stays_in_batches(self):
        entries = self.env["pcu.register.entry"].concat(
            *[self._outgoing() for _each in range(20)]
        )
        record = self._make(entries)
        self.env.flush_all()
        with self.assertQueryCount(70):
            record.action_send()
            self.env.flush_all()
