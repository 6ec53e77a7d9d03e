"""Scheduled work that is done piece by piece."""

import logging
from collections.abc import Callable, Collection

from odoo.models import BaseModel

_logger = logging.getLogger(__name__)


def in_turn(
    env, items: Collection, work: Callable, remaining: int | None = None
) -> None:
    """Do a scheduled action's work on each of its items, in its own transaction.

    What is done is committed and counted before the next item comes. An item whose work
    raises is undone and logged; it keeps no other one waiting, and the next run of the
    action comes to it again. When the scheduler's time is up the work ends early; it
    calls again for what is left.

    :param items: records or a list
    :param work: called with each item
    :param remaining: how much there is to do in all, if it is more than the items
    """
    cron = env["ir.cron"]
    cron._commit_progress(remaining=len(items) if remaining is None else remaining)
    for item in items:
        if isinstance(item, BaseModel):
            # A commit forgets what was read: none reads for those that come later.
            item = item.with_prefetch()
        try:
            work(item)
            time_left = cron._commit_progress(1)
        except Exception:
            _logger.exception("Scheduled work on %s failed", item)
            env.cr.rollback()
            time_left = cron._commit_progress(1)
        if not time_left:
            return
