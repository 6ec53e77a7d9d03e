"""A real keyboard for browser tests: key events that the browser itself acts on.

Tours call handlers from a script; whether Tab really goes from field to field, only
the browser's own keys can show.
"""

import threading
import time
from unittest.mock import patch

from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser, ChromeBrowserException

CODES = {
    "Tab": 9, "Enter": 13, "Shift": 16, "Alt": 18, "Escape": 27,
    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
}  # fmt: skip
MODIFIERS = {"Alt": 1, "Shift": 8}
PATIENCE = 20
#: Seconds for a page to open, as Odoo gives it: the first one has its scripts built.
OPENING = 60


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
        answer = self._request(
            "Runtime.evaluate",
            expression=script, returnByValue=True, awaitPromise=True,
        )  # fmt: skip
        return answer["result"].get("value")

    def wait(self, script, patience=PATIENCE):
        """Wait until a script is true.

        :raise AssertionError: when it never is
        """
        end = time.monotonic() + patience
        while not self._holds(script):
            if time.monotonic() > end:
                where = self.see("document.activeElement.outerHTML.slice(0, 200)")
                raise AssertionError(f"never true: {script}; the cursor: {where}")
            time.sleep(0.05)

    def _holds(self, script):
        """Say whether a script is true; it isn't while the page is being replaced."""
        try:
            return self.see(f"Boolean({script})")
        except ChromeBrowserException:
            return False

    def pick_file(self, selector, path):
        """Give a file to a file field, as the system's window would."""
        root = self._request("DOM.getDocument")["root"]["nodeId"]
        node = self._request("DOM.querySelector", nodeId=root, selector=selector)
        self._request("DOM.setFileInputFiles", nodeId=node["nodeId"], files=[path])

    def _send(self, kind, *, key, text="", modifiers=0):
        code = CODES.get(key) or ord(key.upper()[0])
        params = {"type": kind, "key": key, "modifiers": modifiers}
        params |= {"text": text} if text else {"windowsVirtualKeyCode": code}
        if not text and len(key) == 1:
            params["code"] = f"Key{key.upper()}"
        self._request("Input.dispatchKeyEvent", **params)

    def _request(self, method, **params):
        return self._browser._websocket_request(method, params=params)


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
            keyboard.wait(ready, OPENING)
            keyboard.see(pointers)
            with patch.object(self.cr, "execute", self._only_the_server()):
                act(keyboard)
            self.assertEqual(keyboard.see("window.pointers"), 0, "no mouse")
            if browser._result.done():
                browser._result.result()

        with patch.object(ChromeBrowser, "_wait_code_ok", drive):
            # Odoo's own waiting asks without a pause, which the page has to answer.
            self.browser_js(url, "", ready="true", login=login)

    def _only_the_server(self):
        """Return the cursor's execute, which the one who types may not use.

        Test and server share one cursor. A query of the test between a request's own
        query and its answer takes that answer away, which shows once in fifty runs.
        """
        execute, typist = self.cr.execute, threading.get_ident()

        def guarded(*args, **kwargs):
            if threading.get_ident() == typist:
                raise AssertionError("read it before the page opens or after it closed")
            return execute(*args, **kwargs)

        return guarded
