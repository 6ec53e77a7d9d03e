"""Procedures whose requests are petitions."""

from odoo import fields, models


class PcuProcedure(models.Model):
    """A procedure under which petitions are filed."""

    _inherit = "pcu.procedure"

    kind = fields.Selection(
        selection_add=[("petition", "Petition (OG 27/2002)")],
        ondelete={"petition": "set default"},
    )
