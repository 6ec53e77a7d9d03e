"""The platform's own screen: configuration, health, buttons, copies."""

from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, mute_logger, tagged
from odoo.tools import SQL
from psycopg2 import IntegrityError

from .. import exchange_states as es
from ..adapters.payloads import SubmissionRow
from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestPlatform(ExchangeCase):
    """What the administrator sees and presses."""

    def test_form_makes_a_platform(self):
        """The administrator needs a name, a code, an address and an identifier."""
        with Form(self.env["pcu.platform"]) as form:
            form.name = "ROePAS"
            form.code = "roepas"
            form.base_url = "https://roepas.example.ro/"
            form.institution = "primaria"
        self.assertEqual(form.record.state, "running")
        self.assertEqual(form.record.health, "attention")

    def test_address_is_checked(self):
        """Wrong and unprotected addresses are refused with what to do."""
        for url in ("edirect", "ftp://x.ro", "https://u:p@x.ro", "http://x.ro", "  "):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.platform.base_url = url
        self.platform.write({"base_url": "http://10.0.0.1:8000", "allow_http": True})

    def test_connection_test_says_what_came_out(self):
        """Good, wrong secret, wrong institution: each in words."""
        good = self.platform.action_test_connection()["params"]
        self.assertEqual(good["type"], "success")
        self.remote.secret = "changed"
        bad = self.platform.action_test_connection()["params"]
        self.assertEqual(bad["type"], "danger")
        self.assertIn("401", bad["message"])
        self.env.invalidate_all()
        self.assertEqual(self.platform.state, "stopped")
        self.remote.secret = "correct horse"
        self.platform.action_test_connection()
        self.env.invalidate_all()
        self.assertEqual(self.platform.state, "running")

    def test_second_press_finds_the_first(self):
        """Pressing twice asks once."""
        self.make_due()
        self.platform.next_poll_at = "2020-01-01"
        first = self.platform.action_pull_now()["params"]["type"]
        second = self.platform.action_pull_now()["params"]["type"]
        self.assertEqual((first, second), ("success", "info"))

    def test_health_in_words(self):
        """Each state of health has its sentence."""
        self.pull()
        self.platform.invalidate_recordset()
        self.assertEqual(self.platform.health, "good")
        self.remote.submit()
        self.poll()
        self.assertEqual(self.platform.health, "busy")
        self.assertEqual(self.platform.incoming_count, 1)
        self.assertTrue(self.platform.oldest_waiting_at)
        self.platform.last_success_at = "2020-01-01"
        self.assertEqual(self.platform.health, "attention")
        self.platform.active = False
        self.assertEqual(self.platform.health, "bad")

    def test_counts_cost_the_same_for_many(self):
        """The overview asks the database once for all platforms."""
        platforms = self.platform | self.platform.copy(
            {"code": "b", "institution": "b"}
        )
        platforms |= self.platform.copy({"code": "c", "institution": "c"})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            platforms.mapped("incoming_count")
            platforms.mapped("stuck_count")

    def test_what_is_asked_all_day_can_be_read_from_an_index(self):
        """The list as it opens, and the few answers that are open of all there were."""
        # An empty table is read as quickly as an index: only an order leaves no choice.
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            self.env.cr.execute(
                SQL("SET LOCAL %s = off", SQL.identifier(f"enable_{way}"))
            )
        effects = ("state", "in", [*es.EFFECT_OPEN, *es.STUCK])
        for model, domain, order, index in (
            ("pcu.exchange.item", [], "first_seen_at DESC, id DESC", "seen_idx"),
            ("pcu.exchange.effect", [effects], "platform_id, state", "open_idx"),
        ):
            query = self.env[model]._search(domain, limit=80)
            query.order = SQL(order)
            plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            with self.subTest(model=model):
                self.assertIn(index, str(plan))
        self.assertEqual(
            self.env["pcu.exchange.item"]._order, "first_seen_at desc, id desc"
        )

    def test_minute_action_goes_only_to_platforms_that_are_due(self):
        """Hundreds of institutions share a server: who is not due costs nothing."""
        now, later = fields.Datetime.now(), fields.Datetime.now() + timedelta(hours=1)
        cases = (
            ({"state": "running", "next_poll_at": now}, True),
            ({"state": "running", "next_poll_at": later}, False),
            ({"state": "unreachable", "next_poll_at": now, "retry_at": now}, True),
            ({"state": "unreachable", "next_poll_at": now, "retry_at": later}, False),
            ({"state": "stopped", "next_poll_at": now, "retry_at": now}, False),
            ({"state": "running", "next_poll_at": now, "active": False}, False),
        )
        for values, due in cases:
            self.platform.write({"active": True, **values})
            with self.subTest(values):
                self.assertEqual(self.platform.id in self.platform._get_due_ids(), due)

    def test_copy_of_the_database_is_harmless(self):
        """In another database nothing is read and nothing is sent."""
        submission_id = self.remote.submit()
        self.poll()
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "copy")
        calls = len(self.remote.calls)
        self.pull()
        self.assertEqual(len(self.remote.calls), calls)
        self.assertTrue(self.platform.safe_mode)
        self.assertEqual(self.platform.health, "bad")
        with self.assertRaises(UserError):
            self.platform.action_pull_now()
        with self.assertRaises(UserError):
            self.platform.action_test_connection()
        self.platform.action_confirm_database()
        self.assertFalse(self.platform.safe_mode)
        self.pull()
        self.assertTrue(self.item_of(submission_id).request_id)

    def test_neutralised_database_has_no_secrets(self):
        """The script that makes a copy harmless blanks what signs in."""
        path = Path(__file__).parent.parent / "data/neutralize.sql"
        self.env.flush_all()
        self.env.cr.execute(path.read_text())
        self.env.invalidate_all()
        platform = self.platform
        self.assertFalse(platform.active)
        self.assertFalse(
            platform.client_id or platform.client_secret or platform.wakeup_secret
        )
        calls = len(self.remote.calls)
        self.pull()
        self.assertEqual(len(self.remote.calls), calls)

    def test_used_platform_stays(self):
        """What submissions came from is archived, not deleted."""
        unused = self.platform.copy({"code": "b", "institution": "b"})
        unused.unlink()
        self.registered()
        with self.assertRaises(UserError):
            self.platform.unlink()

    @mute_logger("odoo.sql_db")
    def test_a_place_is_configured_once(self):
        """Two records of one place would register everything twice."""
        company = self.env["res.company"].create({"name": "Altă primărie"})
        self.platform.active = False
        for values in (
            {"base_url": "https://PLATFORMA.test/"},
            {"company_id": company.id},
        ):
            with self.subTest(**values), self.assertRaises(IntegrityError):
                self.platform.copy({"code": "b", **values})
        self.assertTrue(
            self.platform.copy({"code": "b", "base_url": "https://alta.test"})
        )

    def test_institutions_may_use_the_same_identifiers(self):
        """What one platform calls 7 is not what another institution's calls 7."""
        company = self.env["res.company"].create({"name": "Altă primărie"})
        other = self.platform.copy(
            {"code": "b", "base_url": "https://alta.test", "company_id": company.id}
        )
        row = SubmissionRow.parse({"id": "7", "number": "7"})
        items = self.env["pcu.exchange.item"]
        for platform in (self.platform, other):
            self.assertEqual(items._store_rows(platform, [row]), (1, 0))
        both = items.search([("remote_id", "=", "7")])
        for item in both:
            self.env["pcu.exchange.effect"]._owe_intake(item)
        self.assertEqual(
            both.mapped("effect_ids.kind"), ["receipt", "registration"] * 2
        )

    def test_secrets_are_not_copied_nor_tracked(self):
        """A copy of the configuration holds no secret, the chatter neither."""
        copy = self.platform.copy({"code": "b", "institution": "b"})
        self.assertFalse(copy.client_secret or copy.wakeup_secret)
        self.platform.client_secret = "new-secret-value"
        self.flush_tracking() if hasattr(self, "flush_tracking") else None
        self.assertNotIn(
            "new-secret-value", str(self.platform.message_ids.mapped("body"))
        )

    def test_lists_open(self):
        """Each screen of the module renders."""
        self.registered()
        for model in ("platform", "exchange.item", "exchange.effect", "exchange.log"):
            action = self.env["ir.actions.act_window"].search(
                [("res_model", "=", f"pcu.{model}")], limit=1
            )
            for mode in action.view_mode.split(","):
                with self.subTest(model=model, mode=mode):
                    self.env[f"pcu.{model}"].get_view(view_type=mode)
