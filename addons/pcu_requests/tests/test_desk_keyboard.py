"""A morning at the desk without the mouse: real keys, the browser's own."""

from odoo.addons.pcu_registry.tests.keyboard import KeyboardCase
from odoo.tests import tagged

from .common import RequestsCase

DESK = "/odoo/desk"
ROWS = "document.querySelectorAll('.o_data_row').length === %d"
PILE = "document.querySelector('.o_pcu_pile[data-pile=%s] strong')?.innerText === '%d'"
FORM = "document.querySelector('.o_last_breadcrumb_item')?.innerText.includes('%s')"
BUTTON = "document.querySelector('.o_form_view button[name=%s]')"
ANSWERING = "document.activeElement.matches('.modal textarea')"
SEARCHING = "document.activeElement.matches('.o_searchview_input')"


@tagged("post_install", "-at_install")
class TestDeskByKeyboard(RequestsCase, KeyboardCase):
    """Open, ask, decide, go on."""

    frozen_at = None

    def _open_first(self, keyboard, reference):
        keyboard.wait(SEARCHING)
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            keyboard.press(key)
        keyboard.wait(FORM % reference)

    def _ask(self, keyboard):
        keyboard.wait(BUTTON % "action_ask_clarification")
        keyboard.press("Alt+q")
        keyboard.wait(ANSWERING)
        keyboard.type("Ce suprafață are terenul?")
        keyboard.press("Alt+q")

    def _decide(self, keyboard):
        keyboard.wait(BUTTON % "action_decide")
        keyboard.press("Alt+d")
        keyboard.wait(ANSWERING)
        keyboard.type("Se aprobă.")
        keyboard.press("Alt+q")

    def test_three_requests_are_worked_without_the_mouse(self):
        """Enter opens the first; after each act the next one opens by itself."""
        requests = self.env["pcu.request"]
        for _number in range(3):
            requests |= self._in_progress()
        first, second, third = requests.mapped("entry_reference")

        def act(keyboard):
            self._open_first(keyboard, first)
            self._ask(keyboard)
            keyboard.wait(FORM % second)
            keyboard.press("Alt+n")
            keyboard.wait(FORM % third)
            keyboard.press("Alt+p")
            keyboard.wait(FORM % second)
            self._decide(keyboard)
            keyboard.wait(FORM % third)
            self._ask(keyboard)
            # The last one is done: the desk again, with fresh counters.
            keyboard.wait(PILE % ("waiting", 2))

        self.with_keyboard(DESK, self.inspector.login, ROWS % 3, act)
        requests.invalidate_recordset()
        self.assertEqual(
            requests.mapped("state"), ["clarification", "decided", "clarification"]
        )

    def test_one_is_taken_from_the_pool_and_opened(self):
        """Nothing of the own to do: the desk begins at the pool."""
        request = self._complete()
        reference = request.entry_reference

        def act(keyboard):
            keyboard.wait(PILE % ("pool", 1))
            keyboard.press("Alt+t")
            keyboard.wait(FORM % reference)

        self.with_keyboard(DESK, self.colleague.login, ROWS % 1, act)
        request.invalidate_recordset()
        self.assertEqual(request.user_id, self.colleague)
