"""The institution: what kind of authority it is and who leads it."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_uat_kind = fields.Selection(
        selection=[
            ("commune", "Commune"),
            ("town", "Town"),
            ("municipality", "Municipality"),
            ("sector", "Sector of Bucharest"),
            ("county", "County"),
            ("other", "Other institution"),
        ],
        string="Kind of authority",
    )
    pcu_cui = fields.Char(string="Fiscal code (CUI)")
    pcu_siruta = fields.Char(
        string="SIRUTA code", help="The code of the locality in the national register."
    )
    pcu_head_id = fields.Many2one(
        comodel_name="res.users", string="Head of the institution"
    )
    pcu_secretary_id = fields.Many2one(
        comodel_name="res.users",
        string="Secretary general",
        help="Hears of what stays late after the head of the department was told.",
    )
    pcu_head_title = fields.Char(string="Title of the head", default="Primar")

    @api.constrains("pcu_cui")
    def _check_pcu_cui(self):
        for company in self.filtered("pcu_cui"):
            self.env["res.partner"]._pcu_check_cui(company.pcu_cui)

    @api.constrains("pcu_siruta")
    def _check_pcu_siruta(self):
        for company in self.filtered("pcu_siruta"):
            if not (company.pcu_siruta.isascii() and company.pcu_siruta.isdigit()):
                raise ValidationError(
                    self.env._(
                        "The SIRUTA code %(code)s must hold digits only. "
                        "Copy it from the national register of localities.",
                        code=company.pcu_siruta,
                    )
                )
