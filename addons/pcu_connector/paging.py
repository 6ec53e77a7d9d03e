"""Reading a feed to its end, whatever the platform says about the way; no ``env``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from .adapters.base import BadAnswer, Permanent
from .adapters.payloads import EventPage, SubmissionPage

_logger = logging.getLogger(__name__)
Page = SubmissionPage | EventPage
#: Pages of one feed that are read in one go. Who needs more goes on from the place that
#: was reached; a platform that makes up new places without end holds nobody for ever.
MAX_PAGES = 20_000


def pages(call: Callable[[str, int], Page], position: str, size: int) -> Iterator[Page]:
    """Yield the pages of a feed from a position on.

    A position that the platform refuses (it was restored, or its word for the place was
    wrong) is given up for the beginning: what is known by its key costs a call and
    nothing else. A way that leads back to where we were has ended.

    :raise ExchangeError: when the list can't be read from the beginning either, or has
        no end
    """
    passed = {position}
    while len(passed) <= MAX_PAGES:
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
    raise BadAnswer("the list has no end")
