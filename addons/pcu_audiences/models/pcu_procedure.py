"""Procedures under which audiences are asked for."""

from odoo import fields, models


class PcuProcedure(models.Model):
    """A procedure whose requests are audiences."""

    _inherit = "pcu.procedure"

    kind = fields.Selection(
        selection_add=[("audience", "Audience")], ondelete={"audience": "set default"}
    )
