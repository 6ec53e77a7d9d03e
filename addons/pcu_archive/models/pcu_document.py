"""The database answers for documents whose bytes may go."""

from odoo import models

from .. import guards


class PcuDocument(models.Model):
    _inherit = "pcu.document"

    def init(self):
        """Answer the question that ``pcu_base`` asks before bytes go."""
        result = super().init()
        self.env.cr.execute(guards.DESTRUCTION)
        return result

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
