"""Who gives visas beside mayor and secretary; where answers are picked up."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_legal_id = fields.Many2one(
        comodel_name="res.users", string="Legal adviser", help="Gives the legal visa."
    )
    pcu_cfp_id = fields.Many2one(
        comodel_name="res.users",
        string="Preventive financial control",
        help="Gives the financial visa (CFP).",
    )
    pcu_deputy_id = fields.Many2one(comodel_name="res.users", string="Deputy mayor")
    pcu_administrator_id = fields.Many2one(
        comodel_name="res.users", string="Public administrator"
    )
    pcu_pickup_place = fields.Char(
        string="Answers are picked up at",
        help="Told to applicants whose answer is ready; empty: the address.",
    )
    pcu_pickup_hours = fields.Char(string="Pick-up hours")
