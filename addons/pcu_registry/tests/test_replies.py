from datetime import datetime

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestReplies(RegistryCase):
    """A reply takes the number of the entry it answers."""

    @classmethod
    def _reply(cls, answered, **values):
        return cls._registered(
            cls.operator,
            direction="outgoing",
            recipient_id=cls.citizen.id,
            answers_id=answered.id,
            **values,
        )

    def test_reply_has_the_number_and_its_own_date(self):
        with freeze_time("2026-11-10 08:00:00"):
            entry = self._registered()
        with freeze_time("2026-11-20 08:00:00"):
            first, second = self._reply(entry), self._reply(entry)
        self.assertEqual((first.number, first.reference), (1, "1/20.11.2026"))
        self.assertEqual((second.number, second.year), (1, 2026))
        self.assertEqual(entry.reply_ids, first | second)
        self.assertEqual(entry.register_year_id.last_number, 1)
        self.assertEqual(self._registered().number, 2)
        self.assertEqual(entry.register_year_id._check_continuity(), [])
        self.assertEqual(entry.register_year_id.entry_count, 2)

    def test_reply_in_january_stands_in_the_year_it_answers(self):
        with freeze_time("2026-12-30 08:00:00"):
            entry = self._registered()
        with freeze_time("2027-01-05 08:00:00"):
            reply = self._reply(entry)
        self.assertEqual((reply.year, reply.reference), (2026, "1/05.01.2027"))

    def test_closed_year_takes_no_reply(self):
        with freeze_time("2020-12-30 08:00:00"):
            entry = self._registered()
        self._close(entry.register_year_id)
        with self.assertRaisesRegex(UserError, "is closed"):
            self._reply(entry)
        context = entry.action_new_reply()["context"]
        self.assertNotIn("default_answers_id", context)
        self.assertEqual(context["default_connected_to_id"], entry.id)

    def test_form_of_the_reply_is_filled(self):
        entry = self._registered(confidentiality="confidential")
        action = entry.with_user(self.operator).action_new_reply()
        form = Form(
            self.env(user=self.operator)["pcu.register.entry"].with_context(
                **action["context"]
            )
        )
        self.assertEqual(form.summary, f"Reply to {entry.reference}: {entry.summary}")
        reply = form.save()
        self.assertFalse(reply.channel, "how it came is asked of what comes")
        reply.action_register()
        self.assertEqual(reply.answers_id, entry)
        self.assertEqual((reply.number, reply.recipient_id), (1, self.citizen))
        self.assertEqual(reply.confidentiality, "confidential")

    def test_what_can_not_be_answered(self):
        entry, draft = self._registered(), self._draft()
        reply = self._reply(entry)
        with self.assertRaisesRegex(UserError, "itself a reply"):
            self._reply(reply)
        with self.assertRaisesRegex(UserError, "isn't registered"):
            self._reply(draft)
        with self.assertRaisesRegex(UserError, "Only an outgoing"):
            self._registered(answers_id=entry.id)
        other = self.env["pcu.register"].create(
            {"name": "Petiții", "code": "PET", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "another register"):
            self._reply(entry, register_id=other.id)
        entry.action_annul("Greșit")
        with self.assertRaisesRegex(UserError, "is annulled"):
            self._reply(entry)

    def test_database_knows_whose_number_it_is(self):
        entry = self._registered()
        other = self._registered()
        reply = self._reply(entry)
        self.env.flush_all()
        changes = (("number", 2), ("answers_id", other.id), ("answers_id", None))
        for column, value in changes:
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    SQL(
                        "UPDATE pcu_register_entry SET %s = %s WHERE id = %s",
                        SQL.identifier(column),
                        value,
                        reply.id,
                    )
                )

    def test_reply_at_midnight_keeps_the_order_of_numbers(self):
        """A reply beside plain entries in one sweep takes nothing from them."""
        with freeze_time("2026-11-10 08:00:00"):
            entry = self._registered()
            reply = self._reply(entry)
            following = self._registered()
        self.assertEqual([each.number for each in (entry, reply, following)], [1, 1, 2])
        self.assertEqual(reply.registered_at, datetime(2026, 11, 10, 8))

    def test_two_pages_show_what_is_unanswered_at_a_glance(self):
        with freeze_time("2026-11-10 08:00:00"):
            entry, unanswered = self._registered(), self._registered()
        with freeze_time("2026-11-20 08:00:00"):
            for _each in range(2):
                self._reply(entry, summary="Răspuns")
            alone = self._registered(
                self.operator, direction="outgoing", recipient_id=self.citizen.id
            )
        self.assertEqual(entry.right_date, "20.11.2026\n20.11.2026")
        self.assertEqual(entry.right_summary, "Răspuns\nRăspuns")
        self.assertEqual(entry.left_party, "Ștefan Țăranu")
        self.assertFalse(unanswered.right_date)
        self.assertFalse(alone.left_date or alone.left_party)
        self.assertEqual(alone.right_party, "Ștefan Țăranu")
        entry.reply_ids[0].action_annul("Greșit")
        self.assertEqual(entry.right_date, "20.11.2026")

    def test_two_pages_ask_the_database_once_for_all_rows(self):
        entries = self.env["pcu.register.entry"]
        for _each in range(5):
            entry = self._registered()
            self._reply(entry)
            entries |= entry
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            entries.mapped("right_party")
            entries.mapped("left_party")
