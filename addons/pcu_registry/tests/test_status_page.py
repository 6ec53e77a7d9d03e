import hashlib
import re
import tempfile
from unittest.mock import patch

from lxml import html
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import config

from .. import check_code
from ..controllers.status import STATUS_PATH
from .common import RegistryCase
from .keyboard import KeyboardCase

FILE = b"%PDF-1.4\nraspunsul\n%%EOF\n"
#: Odoo told that the institution's own proxy stands before it, as in ``odoo.conf``.
PROXIED = patch.dict(config.options.maps[0], {"proxy_mode": True})
PERSONAL = ("Țăranu", "Cerere", "Urbanism")


@tagged("post_install", "-at_install")
class TestStatusPage(RegistryCase, HttpCase):
    """The slip opens four facts; everything else stays shut."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls._registered(cls.operator)
        cls.code = cls.entry._get_check_code()
        cls.env["pcu.document"]._create_from_bytes(
            [
                {
                    **cls.entry._prepare_document_values(),
                    "name": "raspuns.pdf",
                    "content": FILE,
                }
            ]
        )

    def _ask(self, headers=None, **typed):
        values = {"nr": self.entry.number, "an": self.entry.year, "cod": self.code}
        query = "&".join(f"{name}={value}" for name, value in (values | typed).items())
        return self.url_open(f"{STATUS_PATH}?{query}", headers=headers)

    def _answer(self, answer):
        box = html.fromstring(answer.content).get_element_by_id("answer")
        self.assertIn("answer", box.get("class").split())
        return re.sub(r"\s+", " ", box.text_content()).strip()

    # -- what is shown ------------------------------------------------------------

    def test_slip_shows_number_date_institution_and_state(self):
        answer = self._ask()
        self.assertEqual(answer.status_code, 200)
        text = self._answer(answer)
        self.assertIn(self.entry.reference, text)
        self.assertIn("Primăria Teilor", text)
        self.assertIn("Înregistrat", text)
        self.assertIn(f"{self.entry.registration_date:%d.%m.%Y}", text)
        for name in PERSONAL:
            self.assertNotIn(name, answer.text)

    def test_state_follows_the_entry_without_saying_where_it_is(self):
        self.entry.action_route(self.urbanism, self.inspector)
        text = self._answer(self._ask())
        self.assertIn("În lucru", text)
        self.assertNotIn("Urbanism", text)
        self.entry.with_user(self.inspector).action_solve("favourable")
        text = self._answer(self._ask())
        self.assertIn("Soluționat", text)
        self.assertNotIn("avorabil", text)

    def test_annulled_number_is_said_to_be_annulled_without_the_reason(self):
        self.entry.with_user(self.operator).action_annul("Depus de Popescu Ion")
        answer = self._ask()
        self.assertIn("Anulat", self._answer(answer))
        self.assertNotIn("Popescu", answer.text)

    def test_confidential_entry_shows_neither_its_way_nor_its_files(self):
        self.entry.confidentiality = "confidential"
        self.entry.action_route(self.urbanism)
        text = self._answer(self._ask(sha256=hashlib.sha256(FILE).hexdigest()))
        self.assertIn("Înregistrat", text)
        self.assertNotIn("În lucru", text)
        self.assertIn("numai la ghișeu", text)

    def test_digest_of_the_file_matches_or_not(self):
        digest = hashlib.sha256(FILE).hexdigest()
        self.assertIn("neschimbat", self._answer(self._ask(sha256=digest.upper())))
        other = hashlib.sha256(FILE + b" ").hexdigest()
        self.assertIn("✗", self._answer(self._ask(sha256=other)))

    def test_reply_shares_the_number_and_its_file_matches_too(self):
        reply = self._registered(
            self.operator,
            direction="outgoing",
            recipient_id=self.citizen.id,
            answers_id=self.entry.id,
        )
        self.assertEqual(reply._get_check_code(), self.code)
        values = {"name": "adresa.pdf", "content": FILE + b"2"}
        self.env["pcu.document"]._create_from_bytes(
            [{**reply._prepare_document_values(), **values}]
        )
        digest = hashlib.sha256(FILE + b"2").hexdigest()
        text = self._answer(self._ask(sha256=digest))
        self.assertIn("neschimbat", text)
        self.assertIn(self.entry.reference, text)
        reply.confidentiality = "confidential"
        self.assertIn("✗", self._answer(self._ask(sha256=digest)))

    def test_file_of_another_entry_does_not_match(self):
        second = self._registered(self.operator)
        answer = self._ask(
            nr=second.number,
            cod=second._get_check_code(),
            sha256=hashlib.sha256(FILE).hexdigest(),
        )
        self.assertIn("✗", self._answer(answer))

    def test_code_typed_by_hand_is_read(self):
        typed = check_code.show_code(self.code).lower().replace("-", " ")
        self.assertEqual(self._ask(cod=typed).status_code, 200)

    def test_registers_and_institutions_share_one_page(self):
        """The same number in two registers and two institutions: the code decides."""
        other = self.env["res.company"].create({"name": "Primăria Plopilor"})
        register = self.env["pcu.register"].search([("company_id", "=", other.id)])
        theirs = self.env["pcu.register.entry"].create(
            {
                "register_id": register.id,
                "company_id": other.id,
                "sender_id": self.citizen.id,
                "summary": "Cerere",
            }
        )
        theirs._do_register()
        number = {"nr": theirs.number, "cod": theirs._get_check_code()}
        self.assertIn("Plopilor", self._answer(self._ask(**number)))

    # -- what is refused ----------------------------------------------------------

    def test_wrong_number_year_and_code_get_the_same_answer(self):
        wrong_code = self.code[:-1] + ("0" if self.code[-1] != "0" else "1")
        answers = [
            self._ask(cod=wrong_code),
            self._ask(nr=self.entry.number + 1),
            self._ask(nr=999999999),
            self._ask(an=1999),
        ]
        for answer in answers:
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(self._answer(answer), self._answer(answers[0]))
            self.assertNotIn("Teilor", answer.text)

    def test_wrong_code_never_reaches_the_entries(self):
        """Same work for a number that exists and one that doesn't: equal timing."""
        entries = self.env["pcu.register.entry"].with_user(
            self.env.ref("base.public_user")
        )
        wrong = "0" * check_code.LENGTH
        for number in (self.entry.number, 999999999):
            self.env.invalidate_all()
            with (
                self.subTest(number),
                patch.object(
                    check_code, "make_code", side_effect=check_code.make_code
                ) as made,
                patch.object(type(entries), "search") as searched,
            ):
                self.assertIsNone(
                    entries._get_public_status(number, self.entry.year, wrong)
                )
                searched.assert_not_called()
                years = self.env["pcu.register.year"].search_count(
                    [("year", "=", self.entry.year)]
                )
                self.assertEqual(made.call_count, years)

    def test_what_cannot_be_read_is_told_field_by_field(self):
        answer = self._ask(nr="abc", an="26", cod="scurt", sha256="xyz")
        self.assertEqual(answer.status_code, 400)
        text = self._answer(answer)
        for part in ("Număr:", "An:", "Cod de verificare:", "Amprenta"):
            self.assertIn(part, text)

    def test_typed_markup_is_shown_as_text(self):
        answer = self._ask(nr="<script>alert(1)</script>")
        self.assertNotIn("<script>alert", answer.text)
        self.assertIn("&lt;script&gt;", answer.text)

    def test_tenth_wrong_code_is_the_last_for_a_while(self):
        with freeze_time("2026-11-10 08:03:20"):
            for _try in range(10):
                self.assertEqual(self._ask(cod="0" * 13).status_code, 404)
            blocked = self._ask(cod="0" * 13)
            self.assertEqual(blocked.status_code, 429)
            self.assertEqual(blocked.headers["Retry-After"], "400")
            self.assertIn("7 min", self._answer(blocked))
            self.assertEqual(self._ask().status_code, 429, "the right code waits too")
        with freeze_time("2026-11-10 08:10:00"):
            self.assertEqual(self._ask().status_code, 200)

    def test_right_codes_use_nothing_up(self):
        for _try in range(12):
            self.assertEqual(self._ask().status_code, 200)

    def test_guessing_at_files_is_counted(self):
        for number in range(10):
            digest = hashlib.sha256(b"%d" % number).hexdigest()
            self.assertEqual(self._ask(sha256=digest).status_code, 200)
        self.assertEqual(self._ask().status_code, 429)

    def test_forged_address_opens_no_new_account(self):
        self.env["ir.config_parameter"].set_param("pcu_registry.status_address", 1)
        self._ask(cod="0" * 13)
        answer = self.url_open(
            f"{STATUS_PATH}?nr=1&an=2026&cod={'0' * 13}",
            headers={"X-Forwarded-For": "203.0.113.9"},
        )
        self.assertEqual(answer.status_code, 429)

    def _ask_through_proxy(self, visitor, **typed):
        """Ask as a visitor whose address the institution's own proxy hands on."""
        headers = {"X-Forwarded-For": visitor, "X-Forwarded-Host": "primarie.example"}
        return self._ask(headers, **typed).status_code

    def test_who_guesses_locks_out_only_oneself(self):
        """Behind the proxy that Odoo is told of, each visitor has an account."""
        with PROXIED:
            tries = [
                self._ask_through_proxy("203.0.113.9", cod="0" * 13)
                for _try in range(15)
            ]
            self.assertEqual(tries, [404] * 10 + [429] * 5)
            self.assertEqual(self._ask_through_proxy("203.0.113.9"), 429)
            self.assertEqual(self._ask_through_proxy("198.51.100.7"), 200)

    def test_who_goes_on_guessing_uses_up_nothing_of_everybody(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("pcu_registry.status_everybody", 12)
        with PROXIED:
            for _try in range(30):
                self._ask_through_proxy("203.0.113.9", cod="0" * 13)
            self.assertEqual(self._ask_through_proxy("198.51.100.7"), 200)

    def test_everybody_together_has_a_limit_too(self):
        """Guesses from many addresses end as those from one do."""
        self.env["ir.config_parameter"].set_param("pcu_registry.status_everybody", 2)
        with PROXIED:
            answers = [
                self._ask_through_proxy(f"203.0.113.{number}", cod="0" * 13)
                for number in range(3)
            ]
        self.assertEqual(answers, [404, 404, 429])

    def test_right_codes_use_up_nothing_of_everybody(self):
        self.env["ir.config_parameter"].set_param("pcu_registry.status_everybody", 2)
        self.assertEqual([self._ask().status_code for _try in range(4)], [200] * 4)

    # -- the page itself ----------------------------------------------------------

    def test_empty_page_asks_in_romanian_without_session(self):
        answer = self.url_open(STATUS_PATH)
        page = html.fromstring(answer.content)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(page.get("lang"), "ro")
        self.assertIn("Verificarea unei înregistrări", answer.text)
        self.assertNotIn("session_id", answer.headers.get("Set-Cookie", ""))

    def test_page_is_kept_by_no_search_engine_and_no_cache(self):
        for answer in (self.url_open(STATUS_PATH), self._ask(), self._ask(nr=0)):
            self.assertIn("noindex", answer.headers["X-Robots-Tag"])
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn(
                "default-src 'none'", answer.headers["Content-Security-Policy"]
            )

    def test_every_field_has_its_label(self):
        page = html.fromstring(self.url_open(STATUS_PATH).content)
        for field in page.xpath("//input"):
            self.assertTrue(page.xpath(f"//label[@for='{field.get('id')}']"))
            for name in (field.get("aria-describedby") or "").split():
                self.assertTrue(page.get_element_by_id(name) is not None)

    def test_file_never_leaves_the_browser(self):
        page = html.fromstring(self.url_open(STATUS_PATH).content)
        self.assertIsNone(page.get_element_by_id("file").get("name"))


@tagged("post_install", "-at_install")
class TestDigestInBrowser(RegistryCase, KeyboardCase):
    """The digest of a picked file is computed where the file lies."""

    def test_picked_file_fills_in_its_digest(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(FILE)
            file.flush()

            def act(keyboard):
                keyboard.pick_file("#file", file.name)
                keyboard.wait("document.querySelector('#sha256').value.length === 64")
                self.assertEqual(
                    keyboard.see("document.querySelector('#sha256').value"),
                    hashlib.sha256(FILE).hexdigest(),
                )
                self.assertFalse(
                    keyboard.see("document.querySelector('[data-state=done]').hidden")
                )

            self.with_keyboard(
                STATUS_PATH, None, "document.readyState === 'complete'", act
            )


@tagged("post_install", "-at_install")
class TestThrottle(RegistryCase):
    def test_home_of_ipv6_is_one_address(self):
        throttle = self.env["pcu.status.throttle"]
        self.assertEqual(
            throttle._network("2001:db8::1"), throttle._network("2001:db8::2:3")
        )
        self.assertNotEqual(
            throttle._network("192.0.2.1"), throttle._network("192.0.2.2")
        )
        self.assertEqual(
            throttle._network("::ffff:192.0.2.1"), throttle._network("192.0.2.1")
        )
        self.assertEqual(throttle._network("nonsense"), "unknown")

    def test_addresses_are_not_kept_readable_and_not_for_long(self):
        throttle = self.env["pcu.status.throttle"]
        with freeze_time("2026-11-10 08:00:00"):
            throttle._count("192.0.2.1")
        rows = throttle.search([])
        self.assertNotIn("192.0.2", "".join(rows.mapped("key")))
        self.assertEqual(set(rows.mapped("started_at")), {1794297600})
        with freeze_time("2026-11-11 08:10:00"):
            throttle._gc_throttle()
        self.assertFalse(throttle.search([]))

    def test_only_the_administrator_sees_tries_and_nobody_changes_them(self):
        throttle = self.env["pcu.status.throttle"]
        throttle._count("192.0.2.1")
        row = throttle.search([], limit=1)
        self.assertTrue(row.with_user(self.admin).tries)
        for user in (self.operator, self.inspector, self.head, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).check_access("read")
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation), self.assertRaises(AccessError):
                row.with_user(self.admin).check_access(operation)
