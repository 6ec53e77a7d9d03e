"""The selection commission of the institution."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import ValidationError


class PcuSelectionCommission(models.Model):
    """President, secretary and an odd number of members, named by the head (Law
    16/1996); it meets each year and decides what has no value any more.
    """

    _name = "pcu.selection.commission"
    _description = "Selection commission"
    _order = "decision_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Naming decision", required=True, help="Number of the head's decision."
    )
    decision_date = fields.Date(required=True, default=lambda _self: local_day())
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    president_id = fields.Many2one(comodel_name="res.users", required=True)
    secretary_id = fields.Many2one(comodel_name="res.users", required=True)
    member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="pcu_selection_commission_member_rel",
        column1="commission_id",
        column2="user_id",
        string="Members",
    )

    @api.depends("name", "decision_date")
    def _compute_display_name(self):
        for commission in self:
            day = commission.decision_date
            commission.display_name = (
                f"{commission.name}/{day:%d.%m.%Y}" if day else commission.name
            )

    @api.constrains("president_id", "secretary_id", "member_ids")
    def _check_people(self):
        for commission in self:
            leaders = commission.president_id | commission.secretary_id
            if len(leaders) < 2 or leaders & commission.member_ids:
                raise ValidationError(
                    self.env._(
                        "President, secretary and members are different persons."
                    )
                )
            if len(commission.member_ids) % 2 == 0:
                raise ValidationError(
                    self.env._(
                        "The commission has an odd number of members beside its "
                        "president and secretary (Law 16/1996)."
                    )
                )

    def _get_people(self):
        """Return everybody of the commission."""
        return self.president_id | self.secretary_id | self.member_ids
