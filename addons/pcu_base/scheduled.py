"""Scheduled work that is done piece by piece."""

from collections.abc import Iterator, Sized


def in_turn(env, items: Sized, remaining: int | None = None) -> Iterator:
    """Give the items one by one to a scheduled action, each in its own transaction.

    What is done is committed and counted before the next item comes. When the
    scheduler's time is up the items end early; it calls again for what is left.

    :param items: records or a list
    :param remaining: how much there is to do in all, if it is more than the items
    """
    cron = env["ir.cron"]
    cron._commit_progress(remaining=len(items) if remaining is None else remaining)
    for item in items:
        yield item
        if not cron._commit_progress(1):
            return
