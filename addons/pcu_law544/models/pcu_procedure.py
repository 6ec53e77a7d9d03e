"""Procedures under which public information is asked for."""

from odoo import fields, models


class PcuProcedure(models.Model):
    """A procedure of Law 544."""

    _inherit = "pcu.procedure"

    kind = fields.Selection(
        selection_add=[("law544", "Public information (Law 544/2001)")],
        ondelete={"law544": "set default"},
    )
