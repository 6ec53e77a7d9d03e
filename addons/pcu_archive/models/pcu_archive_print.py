"""What the archive prints: one mixin for all its forms."""

from odoo import models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.addons.pcu_registry.paper_lists import Paper, draw


class PcuArchivePrint(models.AbstractModel):
    """A record with a legal form on paper, in the language of the institution."""

    _name = "pcu.archive.print"
    _description = "Archive form"

    def action_print(self):
        """Download the form as PDF."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/archive/{self._name}/{self.id}.pdf",
            "target": "download",
        }

    def _print_pdf(self):
        """Return the name and the bytes of the form."""
        self.ensure_one()
        self.check_access("read")
        # sudo: whoever reads the record reads what stands on its form
        record_sudo = in_romanian(self.sudo())
        return (
            f"{record_sudo._get_print_name()}.pdf",
            self._draw(*record_sudo._prepare_forms()),
        )

    def _draw(self, *forms):
        return draw(*forms, fonts=self.env["pcu.register.entry"]._get_fonts())

    def _day(self, day):
        """Write a date as Romanian forms do."""
        return f"{day:%d.%m.%Y}" if day else "…"

    def _extremes(self, file):
        """Write the first and the last date of a file, as inventories do."""
        return f"{self._day(file.first_date)} – {self._day(file.last_date)}"

    def _get_print_name(self):
        """Return the file name without its ending."""
        return "".join(
            c if c.isalnum() or c in " -." else "-" for c in self.display_name
        ).strip()

    def _prepare_forms(self):
        """Return the ``Paper`` objects of the record."""
        raise NotImplementedError

    def _form(self, title, **parts):
        """Return a form with the institution's head on it."""
        return Paper(
            institution=self.company_id.name,
            title=title,
            page_text=self.env._("Page {page} of {pages}"),
            **parts,
        )
