"""Reading a feed to its end, whatever the platform says about the way; no ``env``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from .adapters.base import Permanent
from .adapters.payloads import EventPage, SubmissionPage

_logger = logging.getLogger(__name__)
Page = SubmissionPage | EventPage


def pages(call: Callable[[str, int], Page], position: str, size: int) -> Iterator[Page]:
    """Yield the pages of a feed from a position on.

    A position that the platform refuses (it was restored, or its word for the place was
    wrong) is given up for the beginning: what is known by its key costs a call and
    nothing else. A way that leads back to where we were has ended.

    :raise ExchangeError: when the list can't be read from the beginning either
    """
    passed = {position}
    while True:
        try:
            page = call(position, size)
        except Permanent as refusal:
            if not position:
                raise
            _logger.info("Place in the list refused (%s): begun anew", refusal)
            page = call("", size)
        yield page
        if not page.has_more or not page.next_cursor or page.next_cursor in passed:
            return
        position = page.next_cursor
        passed.add(position)
