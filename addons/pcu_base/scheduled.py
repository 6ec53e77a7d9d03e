"""Scheduled work that is done piece by piece."""

from collections.abc import Iterator, Sized

from odoo import fields


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


def wake(cron) -> None:
    """Ask for a run of a scheduled action as soon as this transaction is committed.

    One call that waits serves all who call: of a hundred causes in a minute only the
    first writes a row and tells the scheduler. If a run that has begun takes that call
    away, what came too late for it waits for the action's next regular run.

    :param cron: the ``ir.cron`` record
    """
    # sudo: whoever causes work may not edit scheduled actions, but may have it done.
    cron_sudo = cron.sudo()
    waiting = cron_sudo.env["ir.cron.trigger"].search_count(
        [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())], limit=1
    )
    if not waiting:
        cron_sudo._trigger()
