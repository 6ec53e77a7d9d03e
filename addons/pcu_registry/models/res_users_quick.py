"""What a clerk chose last on the quick registration screen."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"  # pylint: disable=consider-merging-classes-inherited

    pcu_quick_last = fields.Json(
        string="Last choices at quick registration",
        groups=fields.NO_ACCESS,
        copy=False,
        help="By institution: register, direction, channel and department.",
    )
