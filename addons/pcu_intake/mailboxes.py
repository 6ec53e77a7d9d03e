"""A mailbox from which no message goes before it is ours; pure, no ``env``.

Odoo marks each message that it fetched as seen (IMAP) or deletes it (POP3) even if
taking it over failed, as when the disk is full. For a register that is a lost paper.
"""

import poplib
from collections.abc import Callable


class KeptMailbox:
    """A connection to a mailbox, as Odoo's fetching uses it.

    :param connection: the connection that Odoo made
    :param may_go: tells whether a message, as bytes, is safe or not for a register
    :param tell_left: called at the end with how many messages had to be left
    """

    def __init__(
        self,
        connection,
        may_go: Callable[[bytes], bool],
        tell_left: Callable[[int], None],
    ):
        self._connection = connection
        self._may_go, self._tell_left = may_go, tell_left
        self._message, self._left = b"", 0

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def retrieve_unread_messages(self):
        """Yield each message with its number, byte for byte."""
        for number, message in self._connection.retrieve_unread_messages():
            if isinstance(self._connection, poplib.POP3):
                # POP3 speaks in lines, and Odoo joins them as files of Unix are.
                message = message.replace(b"\n", b"\r\n") + b"\r\n"
            self._message = message
            yield number, message

    def handled_message(self, number) -> None:
        """Let go of the message that was yielded last if it may go."""
        if self._may_go(self._message):
            self._connection.handled_message(number)
        else:
            self._left += 1

    def disconnect(self) -> None:
        try:
            self._connection.disconnect()
        finally:
            if self._left:
                self._tell_left(self._left)
