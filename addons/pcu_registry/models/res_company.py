"""Every institution has a general register from its first day."""

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_resolution_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="pcu_company_resolution_rel",
        column1="company_id",
        column2="user_id",
        string="Also give resolutions",
        help="The deputy mayors and the manager: beside the mayor and the secretary "
        "general, they say on a document who solves it and how.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.sudo()._pcu_create_general_register()
        return companies

    def _pcu_create_general_register(self):
        """Create ``RG`` for institutions without a register, with the current year."""
        registers = self.env["pcu.register"].with_context(active_test=False)
        having = registers.search([("company_id", "in", self.ids)]).company_id
        # A data record, not a message: written in the institution's own language.
        registers.create(
            [
                {
                    "name": "Registru general",
                    "code": "RG",
                    "kind": "general",
                    "company_id": company.id,
                }
                for company in self - having
            ]
        )

    def _pcu_get_resolution_givers(self):
        """Return who says on any document of the institution what is to be done."""
        return self.pcu_head_id | self.pcu_secretary_id | self.pcu_resolution_user_ids
