"""How an authority is reached, in one line."""

from odoo import api, fields, models


class ResPartner(models.Model):
    """Parties to which petitions are sent on."""

    _inherit = "res.partner"

    pcu_contact_line = fields.Char(
        string="Contact in one line", compute="_compute_pcu_contact_line"
    )

    @api.depends("street", "zip", "city", "phone", "email")
    def _compute_pcu_contact_line(self):
        """Put address, telephone and e-mail beside each other."""
        for partner in self:
            parts = (
                partner.street,
                partner.zip,
                partner.city,
                partner.phone,
                partner.email,
            )
            partner.pcu_contact_line = ", ".join(filter(None, parts)) or False
