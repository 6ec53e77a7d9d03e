"""Which document of a procedure a file is, by what its name says."""

from odoo import models
from odoo.addons.pcu_base.identity import name_key


class PcuProcedureSlot(models.Model):
    """Guessing."""

    _inherit = "pcu.procedure.slot"  # pylint: disable=consider-merging-classes-inherited

    def _guess_for(self, file_name):
        """Return the one of these documents that a file's name speaks of, or none."""
        words = set(name_key(file_name.rpartition(".")[0].replace("_", " ")))
        alike = {s: len(words & set(name_key(f"{s.code} {s.name}"))) for s in self}
        best = max(self, key=alike.get, default=self)
        return best if best and alike[best] else self.browse()
