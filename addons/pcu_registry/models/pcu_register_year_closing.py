"""A year is closed after its days."""

from datetime import date

from odoo import models
from odoo.exceptions import UserError


class PcuRegisterYear(models.Model):
    _inherit = "pcu.register.year"  # pylint: disable=consider-merging-classes-inherited

    def _check_closable(self):
        """Refuse a year with open days: its last closing seals all of them."""
        closable = super()._check_closable()
        closings = self.env["pcu.register.closing"]
        open_days = [
            day
            for day in closings._get_open_days(self.register_id)
            if day <= date(self.year, 12, 31)
        ]
        # sudo: what is open is counted, not read
        unclosed = self.env["pcu.register.entry"].sudo().search_count(
            [
                ("register_year_id", "=", self.id),
                ("closing_id", "=", False),
                ("number", "!=", False),
            ]
        )  # fmt: skip
        if open_days:
            raise UserError(
                self.env._(
                    "%(year)s still has %(count)s open days, the first is %(day)s. "
                    "Close the days first: Registry › Control › Daily closings.",
                    year=self.display_name,
                    count=len(open_days),
                    day=f"{open_days[0]:%d.%m.%Y}",
                )
            )
        if unclosed:
            raise UserError(
                self.env._(
                    "%(count)s entries of %(year)s stand in no daily closing yet; the "
                    "closing of today takes them in. Close the year tomorrow.",
                    year=self.display_name,
                    count=unclosed,
                )
            )
        return closable
