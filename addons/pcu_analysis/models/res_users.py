"""Whose figures a user may see."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    pcu_led_company_ids = fields.Many2many(
        comodel_name="res.company",
        compute="_compute_pcu_led_company_ids",
        string="Led institutions",
        help="Institutions of which the user is the head or the secretary.",
    )

    def _compute_pcu_led_company_ids(self):
        """The mayor and the secretary answer for all departments."""
        # sudo: who leads an institution doesn't depend on who asks
        companies = self.env["res.company"].sudo()
        for user in self:
            user.pcu_led_company_ids = companies.search(
                ["|", ("pcu_head_id", "=", user.id), ("pcu_secretary_id", "=", user.id)]
            ).sudo(False)
