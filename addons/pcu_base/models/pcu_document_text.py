"""Finding documents by their text, which is read in the background."""

import logging
import unicodedata

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from .. import document_text, identity, text_search
from ..scheduled import in_turn
from .pcu_document import COPY

_logger = logging.getLogger(__name__)

PENDING, DONE, EMPTY, UNREADABLE = "pending", "done", "empty", "unreadable"
BATCH = 50


class PcuDocument(models.Model):
    _inherit = "pcu.document"  # pylint: disable=consider-merging-classes-inherited

    text_state = fields.Selection(
        selection=[
            (PENDING, "Not read yet"),
            (DONE, "Read"),
            (EMPTY, "Holds no text"),
            (UNREADABLE, "Cannot be read"),
        ],
        string="Text for search",
        default=PENDING,
        readonly=True,
        copy=False,
        help="Whether the words of the file are found by the register's search. A scan "
        "holds no text until its characters have been recognised.",
    )
    search_vector = text_search.Vector(groups=NO_ACCESS, readonly=True, copy=False)

    _text_pending_idx = models.Index("(id) WHERE text_state = 'pending'")

    def init(self):
        text_search.install_functions(self.env.cr)
        return super().init()

    def _set_search_text(self, text):
        """Let the document be found by the words of a text.

        Only the words are kept, never the text itself; a CNP in it is masked first,
        because who finds a document need not see the person's code.

        :param str text: as read from the file or recognised on its picture; cut to
            ``text_search.MAX_TEXT`` characters
        """
        text = unicodedata.normalize("NFC", text or "")[: text_search.MAX_TEXT]
        text = identity.mask_cnps(text.replace("\x00", " "))
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE pcu_document SET search_vector = pcu_search_vector(%s),"
                " text_state = %s WHERE id = ANY(%s) RETURNING id",
                text,
                DONE if text.strip() else EMPTY,
                self.ids,
            )
        )
        self.invalidate_recordset(["text_state", "search_vector"], flush=False)

    @api.model
    def _cron_read_texts(self):
        """Read the files that came since; what is no text of its own is passed over."""
        pending = [("text_state", "=", PENDING)]
        documents = self.search(pending, order="id", limit=BATCH)
        left = self.search_count(pending)
        in_turn(self.env, documents, lambda d: d._take_up_text(), left)

    def _take_up_text(self):
        """Read the file and write down what the search finds it by."""
        text, state = self._read_search_text()
        # Reading took its time: begin a transaction that sees the present.
        self.env["ir.cron"]._commit_progress()
        if not self.try_lock_for_update(allow_referencing=True):
            # Somebody writes it just now; it stays pending and is read next time.
            return
        if state:
            self.text_state = state
        else:
            self._set_search_text(text)

    def _read_search_text(self):
        """Return ``(text, None)`` or, if there is none to be had, ``("", state)``."""
        self.ensure_one()
        # A copy says what its original says; recognised text is set by who made it.
        if self.kind == COPY or self.true_type not in document_text.READABLE:
            return "", EMPTY
        try:
            path = self._path()
            return document_text.read_text(
                path, self.true_type, text_search.MAX_TEXT
            ), None
        except document_text.UnreadableError as error:
            _logger.info("Document %s: no text for search: %s", self.id, error)
            return "", UNREADABLE
