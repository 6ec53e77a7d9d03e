from contextlib import contextmanager

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestCorrection(RegistryCase):
    """A corrected column keeps its old value, with who, when and why."""

    def _wizard(self, entry, user=None):
        return Form(
            self.env(user=user or self.operator)["pcu.register.correct"].with_context(
                active_id=entry.id, active_model=entry._name
            )
        )

    @freeze_time("2026-11-10 08:00:00")
    def test_old_value_stays_readable(self):
        entry = self._registered(
            self.operator, page_count=2, external_date="2026-11-09"
        )
        other = self.env["res.partner"].create({"name": "Ana Pop", "company_id": False})
        wizard = self._wizard(entry)
        self.assertEqual(wizard.page_count, 2)
        wizard.sender_id = other
        wizard.page_count = 3
        wizard.reason = "Numele citit greșit de pe plic"
        wizard.save().action_confirm()
        self.assertEqual((entry.sender_id, entry.page_count), (other, 3))
        corrections = entry.correction_ids
        self.assertEqual(
            corrections.mapped(lambda c: (c.field_name, c.old_value, c.new_value)),
            [("page_count", "2", "3"), ("sender_id", "Ștefan Țăranu", "Ana Pop")],
        )
        self.assertEqual(corrections.user_id, self.operator)
        [text] = corrections[0]._to_text()
        self.assertRegex(text, "Sheets: “2” corrected to “3” on 10.11.2026 by .*citit")

    def test_registered_column_is_not_written_over(self):
        entry = self._registered(self.operator)
        for values in (
            {"summary": "Altceva"},
            {"sender_id": False},
            {"page_count": 7},
            {"connected_to_id": self._registered().id},
        ):
            with self.assertRaisesRegex(UserError, "only by a correction"):
                entry.write(values)
        entry.write({"summary": entry.summary, "page_count": False})
        entry.write({"file_code": "II/A/3"})
        draft = self._draft(self.operator)
        draft.summary = "Altceva"

    def test_reason_and_change_are_demanded(self):
        entry = self._registered(self.operator)
        with self.assertRaisesRegex(UserError, "Say why"):
            entry.action_correct({"summary": "Altceva"}, " ")
        with self.assertRaisesRegex(UserError, "Nothing was changed"):
            entry.action_correct({"summary": entry.summary}, "De probă")
        with self.assertRaisesRegex(UserError, "isn't registered yet"):
            self._draft().action_correct({"summary": "Altceva"}, "De probă")
        with self.assertRaisesRegex(UserError, "summary"):
            entry.action_correct({"summary": " "}, "De probă")
        entry.action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "annulled"):
            entry.action_correct({"summary": "Altceva"}, "De probă")

    def test_only_legal_columns_are_corrected(self):
        entry = self._registered(self.operator)
        with self.assertRaisesRegex(UserError, "Nothing was changed"):
            entry.action_correct({"number": 7, "state": "draft"}, "De probă")

    def test_correction_stays_as_it_was_written(self):
        entry = self._registered(self.operator)
        entry.action_correct({"summary": "Altceva"}, "De probă")
        self.env.flush_all()
        for query in (
            "UPDATE pcu_register_correction SET old_value = 'x' WHERE id = %s",
            "DELETE FROM pcu_register_correction WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, (entry.correction_ids.id,))

    def test_journal_names_the_column_and_not_the_content(self):
        entry = self._registered(self.operator, summary="Cerere secretă")
        entry.action_correct({"summary": "Altceva"}, "De probă")
        row = self.env["pcu.journal"].search(
            [("action", "=", "entry_corrected"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(row.data, {"fields": ["summary"]})
        self.assertEqual(row.reason, "De probă")

    def test_who_may_do_what(self):
        entry = self._registered(self.operator)
        entry.action_route(self.urbanism)
        entry.action_correct({"summary": "Altceva"}, "De probă")
        correction = entry.correction_ids
        for user in (self.operator, self.inspector, self.head, self.auditor):
            record = correction.with_user(user)
            self.assertTrue(record.has_access("read"))
            for verb in ("write", "create", "unlink"):
                self.assertFalse(record.has_access(verb))
        for user in (self.colleague, self.admin):
            self.assertFalse(correction.with_user(user).has_access("read"))
        for user in (self.inspector, self.auditor):
            with self.assertRaises(AccessError):
                entry.with_user(user).action_correct({"summary": "x"}, "y")
            with self.assertRaises(AccessError):
                self._wizard(entry, user)


@tagged("post_install", "-at_install")
class TestMatter(RegistryCase):
    """The documents of a matter stand with the first of them."""

    @contextmanager
    def _refused(self, words):
        """Expect a refusal and undo it, as a request does."""
        with (
            self.assertRaisesRegex(UserError, words),
            self.env.cr.savepoint(),
        ):
            yield

    def _three(self):
        entries = []
        for minute in (1, 2, 3):
            with freeze_time(f"2026-11-10 08:0{minute}:00"):
                entries.append(self._registered(self.operator))
        return entries

    def test_only_earlier_entries_that_stand_are_offered(self):
        with freeze_time("2026-03-02 08:00:00"):
            earlier, annulled = self._registered(), self._registered()
        with freeze_time("2026-03-03 08:00:00"):
            entry = self._registered()
        with freeze_time("2026-03-04 08:00:00"):
            later = self._registered()
        annulled.action_annul("Dublat")
        wizard = self.env["pcu.register.connect"].create(
            {"entry_ids": entry.ids, "target_id": earlier.id}
        )
        domain = safe_eval(
            wizard._fields["target_id"].domain,
            {
                "entry_ids": wizard.entry_ids.ids,
                "first_registered_at": wizard.first_registered_at,
            },
        )
        offered = (earlier | annulled | entry | later).filtered_domain(domain)
        self.assertEqual(offered, earlier)

    def test_connection_goes_to_the_first(self):
        first, second, third = self._three()
        second.action_connect(first)
        third.action_connect(second)
        self.assertEqual(third.connected_to_id, first)
        draft = self._draft(self.operator, connected_to_id=third.id)
        self.assertEqual(draft.connected_to_id, first)
        with freeze_time("2026-11-10 09:00:00"):
            reply = self._registered(
                self.operator, direction="outgoing", answers_id=second.id,
                recipient_id=self.citizen.id,
            )  # fmt: skip
        for entry in (first, second, third, reply):
            self.assertEqual(list(entry.matter_ids), [first, second, third, reply])
        with freeze_time("2026-11-10 09:01:00"):
            last = self._registered(self.operator)
            last.action_connect(reply)
        self.assertEqual(last.connected_to_id, first)

    def test_lonely_entry_has_no_matter(self):
        self.assertFalse(self._registered().matter_ids)

    def test_not_to_itself_nor_in_a_circle(self):
        first, second, third = self._three()
        with self._refused("itself or in a circle"):
            first.action_connect(first)
        second.action_connect(first)
        with self._refused("itself or in a circle"):
            first.action_connect(second)
        with self._refused("itself the first"):
            first.action_connect(third)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE pcu_register_entry SET connected_to_id = id WHERE id = %s",
                (third.id,),
            )

    def test_later_goes_to_earlier(self):
        first, second, _third = self._three()
        with self._refused("registered later"):
            first.action_connect(second)
        with self._refused("isn't registered"):
            second.action_connect(self._draft())

    def test_nothing_is_connected_to_an_annulled_document(self):
        """Whoever names it, on whatever way; its matter goes on with the others."""
        annulled, second, third = self._three()
        second.action_connect(annulled)
        annulled.action_annul("Dublat")
        draft = self._draft(self.operator)
        with self._refused("is annulled; nothing is connected"):
            third.action_connect(annulled)
        with self._refused("is annulled; nothing is connected"):
            third.action_correct({"connected_to_id": annulled.id}, "Altă problemă")
        with self._refused("is annulled; nothing is connected"):
            draft.write({"connected_to_id": annulled.id})
        with self._refused("is annulled; nothing is connected"):
            self._draft(self.operator, connected_to_id=annulled.id)
        third.action_connect(second)
        self.assertEqual(third.connected_to_id, annulled)
        self.assertEqual(third.matter_ids, annulled | second | third)

    def test_connection_changes_only_with_a_reason(self):
        first, second, third = self._three()
        third.action_connect(first)
        with self._refused("is connected to"):
            third.action_connect(second)
        third.action_correct({"connected_to_id": second.id}, "Altă problemă")
        self.assertEqual(third.connected_to_id, second)
        self.assertEqual(third.correction_ids.old_value, first.reference)

    def test_wizard_shows_the_first(self):
        first, second, third = self._three()
        second.action_connect(first)
        wizard = Form(
            self.env(user=self.operator)["pcu.register.connect"].with_context(
                active_ids=third.ids
            )
        )
        wizard.target_id = second
        self.assertEqual(wizard.first_id, first)
        wizard.save().action_confirm()
        self.assertEqual(third.connected_to_id, first)

    def test_hidden_documents_stay_hidden(self):
        first, second, _third = self._three()
        second.action_connect(first)
        second.action_route(self.urbanism)
        self.assertFalse(second.with_user(self.inspector).matter_ids)
        first.action_route(self.urbanism)
        self.env.invalidate_all()
        self.assertEqual(len(second.with_user(self.inspector).matter_ids), 2)
