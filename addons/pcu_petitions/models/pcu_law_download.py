"""What the law wants published, as PDF and as a spreadsheet."""

from odoo import models


class PcuLawDownload(models.AbstractModel):
    """Two buttons; whoever has them says at which address its files are."""

    _name = "pcu.law.download"
    _description = "Files to publish"

    def action_print(self):
        """Open it as PDF."""
        return self._get_download("pdf")

    def action_export(self):
        """Download it as a spreadsheet."""
        return self._get_download("xlsx")

    def _get_download(self, form):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"{self._get_download_address()}/{form}",
            "target": "new" if form == "pdf" else "download",
        }

    def _get_download_address(self):
        """Return the address to which the form (pdf, xlsx) is added."""
        raise NotImplementedError
