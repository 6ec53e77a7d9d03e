"""A request at the counter: one screen, the same way as a platform's submission."""

from odoo.addons.pcu_registry.tests.keyboard import KeyboardCase
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import RequestsCase

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class CounterCase(RequestsCase):
    """The operator at the counter, with scans."""

    def _files(self, *names):
        return (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create([{"name": name, "raw": PDF} for name in names])
        )

    def _fill(self, *names, **values):
        """Fill the screen as a clerk does."""
        files = self._files(*names)
        wizard = Form(self.env["pcu.request.counter"].with_user(self.operator))
        wizard.applicant_id = self.citizen
        wizard.procedure_id = self.procedure
        for name, value in values.items():
            wizard[name] = value
        for file in files:
            wizard.file_ids.add(file)
        return wizard.save()


@tagged("post_install", "-at_install")
class TestCounter(CounterCase):
    """What the screen does."""

    def test_one_act_files_registers_and_tells(self):
        """Number, checklist, e-mail and slip, as for a platform's submission."""
        wizard = self._fill("Cerere tip semnata.pdf", "plan cadastral.pdf", "scan1.pdf")
        self.assertEqual(wizard.email, "ion@example.com")
        self.assertEqual(
            wizard.line_ids.mapped("slot_id.code"), ["cerere", "plan"], "guessed"
        )
        self.assertFalse(wizard.missing_text)
        action = wizard.action_register()
        request = self.env["pcu.request"].browse(action["res_id"])
        self.assertEqual(request.channel, "counter")
        self.assertTrue(request.entry_number)
        self.assertEqual(request.state, "registered")
        self.assertEqual(request.department_id, self.urbanism)
        self.assertFalse(request.missing_count)
        self.assertEqual(len(request.document_ids), 3)
        self.assertEqual(request.notice_ids.mapped("kind"), ["registered"])
        self.assertTrue(request.with_user(self.operator).action_print_slip()["url"])

    def test_missing_documents_are_told_and_stop_nothing(self):
        """The citizen hears it at the counter; the clock runs all the same."""
        wizard = self._fill("cerere.pdf")
        self.assertEqual(wizard.missing_text, "Plan cadastral")
        request = self.env["pcu.request"].browse(wizard.action_register()["res_id"])
        self.assertEqual(request.missing_text, "Plan cadastral")

    def test_second_click_opens_the_same_request(self):
        """Impatience registers nothing twice."""
        wizard = self._fill("cerere.pdf")
        first = wizard.action_register()["res_id"]
        self.assertEqual(wizard.action_register()["res_id"], first)

    def test_clerk_puts_a_document_right(self):
        """The guess is only a guess."""
        wizard = self._fill("scan 0001.pdf")
        self.assertFalse(wizard.line_ids.slot_id)
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            line.slot_id = self.procedure.slot_ids[1]
        request = self.env["pcu.request"].browse(wizard.action_register()["res_id"])
        self.assertEqual(request.missing_text, "Cerere tip")

    def test_confidential_at_the_counter_is_confidential_everywhere(self):
        """Ticked once, kept from the start."""
        wizard = self._fill("cerere.pdf", confidential=True)
        request = self.env["pcu.request"].browse(wizard.action_register()["res_id"])
        self.assertEqual(request.entry_id.confidentiality, "confidential")
        self.assertTrue(request.document_ids.confidential)
        # It lies at the counter until the slip is printed, then goes out of sight.
        self.assertFalse(request.department_id)
        at_counter = request.with_user(self.operator)
        self.assertTrue(at_counter.action_print_slip()["url"])
        at_counter._hand_over(self.urbanism, self.env["res.users"])
        self.assertFalse(at_counter.has_access("read"))
        self.assertTrue(request.with_user(self.inspector).has_access("read"))

    def test_only_the_registry_files(self):
        """Whoever solves doesn't receive."""
        for user in (self.inspector, self.head, self.auditor, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["pcu.request.counter"].with_user(user).create(
                    {
                        "applicant_id": self.citizen.id,
                        "procedure_id": self.procedure.id,
                    }
                )


CURSOR = "!!document.activeElement?.closest('[name=%s]')"
SUGGESTED = (
    "document.querySelector('.o-autocomplete--dropdown-item')?.innerText.includes('%s')"
)
CHOSEN = "!document.querySelector('.o-autocomplete--dropdown-menu')"
DECIDED = (
    "document.querySelector('.o_pcu_pile[data-pile=mine] strong')?.innerText === '1'"
)
NUMBER = "document.querySelector('.o_last_breadcrumb_item')?.innerText.includes('/')"


@tagged("post_install", "-at_install")
class TestCounterStory(CounterCase, KeyboardCase):
    """At the counter in the morning, solved the same day."""

    frozen_at = None

    def test_request_at_the_counter_is_solved_the_same_day(self):
        """The operator registers it, the inspector takes, decides and closes it."""
        self.procedure.slot_ids.mandatory = False

        def at_the_counter(keyboard):
            keyboard.wait(CURSOR % "applicant_id")
            for name, text, found in (
                ("applicant_id", "taranu", "Țăranu"),
                ("procedure_id", "certif", "Certificat"),
            ):
                keyboard.wait(CURSOR % name)
                keyboard.type(text)
                keyboard.wait(SUGGESTED % found)
                keyboard.press("Enter")
                keyboard.wait(CHOSEN)
                keyboard.press("Tab")
            keyboard.wait(CURSOR % "observations")
            keyboard.type("Aleea Teilor nr. 3")
            keyboard.press("Alt+g")
            keyboard.wait(NUMBER)

        def at_the_desk(keyboard):
            keyboard.wait("document.querySelector('.o_pcu_take_one:not([disabled])')")
            keyboard.press("Alt+t")
            keyboard.wait("document.querySelector('button[name=action_decide]')")
            keyboard.press("Alt+d")
            keyboard.wait("document.activeElement.closest('.modal')")
            keyboard.wait("document.activeElement.matches('.modal textarea')")
            keyboard.type("Se aprobă.")
            keyboard.press("Alt+q")
            keyboard.wait("!document.querySelector('.modal')")
            keyboard.wait("document.querySelector('.o_pcu_pile')")
            keyboard.wait(DECIDED)

        self.with_keyboard(
            "/odoo/counter", "operator", CURSOR % "applicant_id", at_the_counter
        )
        request = self.env["pcu.request"].search([], order="id desc", limit=1)
        self.assertEqual(request.observations, "Aleea Teilor nr. 3")
        self.with_keyboard(
            "/odoo/desk",
            "inspector",
            "!!document.querySelector('.o_pcu_desk')",
            at_the_desk,
        )
        request.invalidate_recordset()
        self.assertEqual(request.state, "decided")
        request.with_user(self.inspector).action_close()
        self.assertEqual(request.state, "closed")
        self.assertCountEqual(
            request.notice_ids.mapped("kind"), ["registered", "solved"]
        )
        self.assertEqual(request.decided_at.date(), request.filed_at.date())
