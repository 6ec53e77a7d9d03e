"""Procedures under which citizens report issues."""

from odoo import fields, models


class PcuProcedure(models.Model):
    """A procedure whose requests are about a place."""

    _inherit = "pcu.procedure"

    kind = fields.Selection(
        selection_add=[("issue", "Issue report with a place")],
        ondelete={"issue": "set default"},
    )
