"""Documents in the archive: none is added any more, and whose bytes may go."""

from odoo import api, models
from odoo.exceptions import UserError

from .. import guards


class PcuDocument(models.Model):
    _inherit = "pcu.document"

    def init(self):
        """Answer the question that ``pcu_base`` asks before bytes go."""
        result = super().init()
        self.env.cr.execute(guards.DESTRUCTION)
        return result

    @api.constrains("entry_id")
    def _check_file_takes_documents(self):
        """Keep a file as the inventory and the minutes of the hand-over list it.

        Copies (stamped, with a text layer) are no papers of the file.
        """
        for document in self.filtered(lambda d: d.kind != "copy"):
            # sudo: in which file an entry lies doesn't depend on who adds a document
            entry_sudo = document.sudo().entry_id
            if entry_sudo and not entry_sudo._lies_in_open_file():
                raise UserError(
                    self.env._(
                        "%(entry)s lies in the file %(file)s, which has been handed "
                        "over to the archive; no document is added to it any more. "
                        "Register the new paper as an entry of its own and connect it "
                        "to this one.",
                        entry=entry_sudo.display_name,
                        file=entry_sudo.file_id.display_name,
                    )
                )

    def _find_remaining_bytes(self):
        """Look for the bytes of destroyed documents in the store.

        :return: ``(left, shared)``: documents whose bytes are still there, and those
            whose bytes are there because another document that stays has the same
        """
        left, shared = self.browse(), self.browse()
        kept = {
            digest
            for (digest,) in self._read_group(
                [("sha256", "in", self.mapped("sha256")), ("destroyed_at", "=", False)],
                ["sha256"],
            )
        }
        for document in self:
            if document.sha256 in kept:
                shared |= document
            elif document._bytes_in_store():
                left |= document
        return left, shared
