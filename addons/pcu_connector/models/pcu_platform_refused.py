"""Rows of a list that the database does not take: the others come in all the same."""

import logging
from dataclasses import replace

import psycopg2
from odoo import models
from psycopg2 import errors

from .pcu_platform_health import UNTIL_DONE

_logger = logging.getLogger(__name__)

#: What PostgreSQL says of a row that it takes at no time, however often it is tried.
UNSTORABLE = (
    psycopg2.DataError,
    psycopg2.IntegrityError,
    errors.ProgramLimitExceeded,
)
#: Rows that a message names.
NAMED = 5


class PcuPlatform(models.Model):
    """One row must not keep the others of its page waiting (N7)."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"

    def _store_page_by_rows(self, look, feed, page):
        """Commit what can be stored of a page, and tell of the rest."""
        self._extend_lease(look.token)
        counts, refused = self._store_each(self._get_inbox(feed), page.items)
        if refused:
            self._tell_refused(refused)
        page = replace(page, broken=page.broken + len(refused))
        return self._note_page(look, feed, page, counts)

    def _store_each(self, inbox, rows):
        """Store rows one by one.

        :return: how many were new and how many changed, and the rows refused
        """
        new, changed, refused = 0, 0, []
        for row in rows:
            try:
                with self.env.cr.savepoint():
                    counts = inbox._store_rows(self, [row])
            except UNSTORABLE as error:
                # Without its words: they quote what the citizen wrote.
                why = type(error).__name__
                _logger.warning("%s: row %s refused: %s", self.code, row.id, why)
                refused.append(row)
            else:
                new, changed = new + counts[0], changed + counts[1]
        return (new, changed), refused

    def _tell_refused(self, rows):
        """Name on the platform's record what did not come in, and call for help."""
        # Of an act the submission is what a person can look for.
        names = [getattr(row, "submission_id", row.id) for row in rows]
        self.message_post(
            body=self.env._(
                "Rows of the platform's list could not be stored here: %(names)s. All "
                "others came in. Look for these on the platform, bring them in by "
                "hand if they are missing, and tell whoever maintains the suite.",
                names=", ".join(names[:NAMED]) + (" …" if names[NAMED:] else ""),
            )
        )
        self._call_administrators(
            self.env._("Something in the platform's list could not be stored"),
            UNTIL_DONE,
        )
