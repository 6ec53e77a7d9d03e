"""What leaves the house as a table is written down: who, when, what, how much."""

from odoo import models

from ..number_spans import spans


class Base(models.AbstractModel):
    """Every model of the suite, and the parties."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Write an export into the journal.

        The right to export is Odoo's own group; rules and fields' groups decide what
        the table holds, as on the screen.
        """
        result = super().export_data(fields_to_export)
        if self._name.startswith("pcu.") or self._name == "res.partner":
            self.env["pcu.journal"]._log(
                self.browse(),
                "exported",
                count=len(self),
                rows=spans(self.ids),
                fields=[str(name) for name in fields_to_export],
            )
        return result
