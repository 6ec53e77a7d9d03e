import poplib

from odoo.tests import BaseCase, tagged

from ..mailboxes import KeptMailbox


class Imap:
    """A connection as Odoo makes it, to a mailbox of some messages."""

    def __init__(self, *messages):
        self.messages, self.handled, self.closed = messages, [], False

    def check_unread_messages(self):
        return len(self.messages)

    def retrieve_unread_messages(self):
        yield from enumerate(self.messages, 1)

    def handled_message(self, number):
        self.handled.append(number)

    def disconnect(self):
        self.closed = True


class Pop(Imap, poplib.POP3):
    """The same over POP3."""


@tagged("post_install", "-at_install")
class TestMailboxes(BaseCase):
    """A mailbox gives up only what is safe; tests/test_mail_intake.py has real ones."""

    def _fetch(self, connection, safe):
        left, seen = [], []
        mailbox = KeptMailbox(connection, safe.__contains__, left.append)
        self.assertEqual(mailbox.check_unread_messages(), len(connection.messages))
        for number, message in mailbox.retrieve_unread_messages():
            seen.append(message)
            mailbox.handled_message(number)
        mailbox.disconnect()
        self.assertTrue(connection.closed)
        return seen, left

    def test_what_is_safe_goes_and_nobody_is_alarmed(self):
        connection = Imap(b"a", b"b")
        _seen, left = self._fetch(connection, {b"a", b"b"})
        self.assertEqual((connection.handled, left), ([1, 2], []))

    def test_what_is_not_safe_stays_and_is_told(self):
        connection = Imap(b"a", b"b", b"c")
        _seen, left = self._fetch(connection, {b"b"})
        self.assertEqual((connection.handled, left), ([2], [2]))

    def test_lines_of_pop_end_as_they_were_received(self):
        seen, _left = self._fetch(Pop(b"Subject: x\n\na\rb"), set())
        self.assertEqual(seen, [b"Subject: x\r\n\r\na\rb\r\n"])

    def test_bytes_of_imap_are_left_alone(self):
        seen, _left = self._fetch(Imap(b"Subject: x\n\n\r\na"), set())
        self.assertEqual(seen, [b"Subject: x\n\n\r\na"])
