"""Ask for a printed register."""

from datetime import date

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError


class PcuRegisterPrint(models.TransientModel):
    """Asks which register, year and days; the print is made in the background."""

    _name = "pcu.register.print"
    _description = "Print a register"

    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        default=lambda self: self.env["pcu.register.entry"]._default_register_id(),
    )
    year = fields.Integer(
        required=True,
        default=lambda _self: local_day().year,
    )
    date_from = fields.Date(
        string="From day", help="Empty: from the beginning of the year."
    )
    date_to = fields.Date(string="To day", help="Empty: to the end of the year.")
    for_binding = fields.Boolean(
        string="With opening and closing statement",
        help="For the binding of a whole year: first and last page with totals, "
        "annulled entries, unused numbers, and room for the signatures.",
    )

    @api.onchange("date_from", "date_to")
    def _onchange_dates(self):
        if self.date_from or self.date_to:
            self.for_binding = False

    def action_print(self):
        self.ensure_one()
        self._check_period()
        printout = self.env["pcu.register.printout"]._ask(
            {
                "register_id": self.register_id.id,
                "year": self.year,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "for_binding": self.for_binding,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": printout._name,
            "res_id": printout.id,
            "view_mode": "form",
        }

    def _check_period(self):
        years = self.env["pcu.register.year"]
        if not years.search_count(
            [("register_id", "=", self.register_id.id), ("year", "=", self.year)],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "%(register)s has no year %(year)s. Choose one of: %(years)s.",
                    register=self.register_id.display_name,
                    year=self.year,
                    years=", ".join(map(str, self.register_id.year_ids.mapped("year"))),
                )
            )
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        if (self.date_from or first) > (self.date_to or last):
            raise UserError(self.env._("The first day comes after the last one."))
        if self.for_binding and (self.date_from or self.date_to):
            raise UserError(
                self.env._(
                    "A register is bound by whole years. Leave the days empty, or take "
                    "the opening and closing statement away."
                )
            )
