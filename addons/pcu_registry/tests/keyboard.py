"""A real keyboard for browser tests: key events that the browser itself acts on.

Tours call handlers from a script; whether Tab really goes from field to field, only
the browser's own keys can show.
"""

import time
from unittest.mock import patch

from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser

CODES = {
    "Tab": 9, "Enter": 13, "Shift": 16, "Alt": 18, "Escape": 27,
    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
}  # fmt: skip
MODIFIERS = {"Alt": 1, "Shift": 8}
PATIENCE = 20


class Keyboard:
    """Types into the page; counts every key that isn't part of a text."""

    def __init__(self, browser):
        self._browser = browser
        self.keys = 0

    def type(self, text):
        """Type a text, letter by letter; letters are content and aren't counted."""
        for letter in text:
            self._send("keyDown", key=letter, text=letter)
            self._send("keyUp", key=letter)

    def press(self, stroke):
        """Press one key or a combination such as ``Alt+g``; each key counts."""
        *held, last = stroke.split("+")
        modifiers = 0
        for key in held:
            modifiers |= MODIFIERS[key]
            self._send("rawKeyDown", key=key, modifiers=modifiers)
        self._send("rawKeyDown", key=last, modifiers=modifiers)
        self._send("keyUp", key=last, modifiers=modifiers)
        for key in reversed(held):
            self._send("keyUp", key=key)
        self.keys += len(held) + 1

    def see(self, script):
        """Return what a script says about the page."""
        answer = self._browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": script, "returnByValue": True, "awaitPromise": True},
        )
        return answer["result"].get("value")

    def wait(self, script):
        """Wait until a script is true.

        :raise AssertionError: when it never is
        """
        end = time.monotonic() + PATIENCE
        while not self.see(f"Boolean({script})"):
            if time.monotonic() > end:
                where = self.see("document.activeElement.outerHTML.slice(0, 200)")
                raise AssertionError(f"never true: {script}; the cursor: {where}")
            time.sleep(0.05)

    def pick_file(self, selector, path):
        """Give a file to a file field, as the system's window would."""
        request = self._browser._websocket_request
        root = request("DOM.getDocument")["root"]["nodeId"]
        node = request(
            "DOM.querySelector", params={"nodeId": root, "selector": selector}
        )["nodeId"]
        request("DOM.setFileInputFiles", params={"nodeId": node, "files": [path]})

    def _send(self, kind, *, key, text="", modifiers=0):
        code = CODES.get(key) or ord(key.upper()[0])
        params = {"type": kind, "key": key, "modifiers": modifiers}
        params |= {"text": text} if text else {"windowsVirtualKeyCode": code}
        if not text and len(key) == 1:
            params["code"] = f"Key{key.upper()}"
        self._browser._websocket_request("Input.dispatchKeyEvent", params=params)


class KeyboardCase(HttpCase):
    """Opens a page in the browser and gives it to a function with a keyboard."""

    def with_keyboard(self, url, login, ready, act):
        """Open a page as a user, wait for it, then act with the keyboard only."""
        pointers = (
            "window.pointers = 0; for (const kind of ['pointerdown', 'mousedown'])"
        )
        pointers += " addEventListener(kind, () => pointers++, true);"

        def drive(browser, *_args, **_options):
            keyboard = Keyboard(browser)
            keyboard.see(pointers)
            act(keyboard)
            self.assertEqual(keyboard.see("window.pointers"), 0, "no mouse")
            if browser._result.done():
                browser._result.result()

        with patch.object(ChromeBrowser, "_wait_code_ok", drive):
            self.browser_js(url, "", ready=ready, login=login)
