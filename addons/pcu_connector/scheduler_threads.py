"""Odoo's scheduler threads, started anew when they have died.

A server without workers runs its scheduled actions in threads, which end for ever with
the first connection that PostgreSQL refuses: after a restart of the database such a
server serves pages and never again runs a scheduled action. Whoever comes by looks:
the minute action itself, a job, a wake-up call, a button, the health address.
"""

from __future__ import annotations

import logging
import threading

from odoo.service import server as service

_logger = logging.getLogger(__name__)
PREFIX = "odoo.service.cron.cron"
_lock, _seen = threading.Lock(), set()


def watch() -> int:
    """Start the threads that lived when somebody last looked and are dead now.

    :return: how many; always 0 in a server with workers, which have their own master
    """
    with _lock:
        alive = {
            thread.name
            for thread in threading.enumerate()
            if thread.name.startswith(PREFIX)
        }
        dead = _seen - alive
        _seen.update(alive)
        for name in dead:
            _logger.warning("%s is dead, started anew", name)
            thread = threading.Thread(
                target=service.server.cron_thread,
                args=(int(name.removeprefix(PREFIX)),),
                name=name,
                daemon=True,
            )
            thread.type = "cron"
            thread.start()
        return len(dead)
