"""A year is closed after its days."""

from datetime import date

from odoo import models
from odoo.exceptions import RedirectWarning, UserError


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
            raise RedirectWarning(
                self.env._(
                    "%(year)s can't be closed yet: %(days)s still open, the first is "
                    "%(day)s. Close the days that are over, then the year.",
                    year=self.display_name,
                    days=self._say_days(len(open_days)),
                    day=f"{open_days[0]:%d.%m.%Y}",
                ),
                self.env.ref("pcu_registry.pcu_register_closing_action").id,
                self.env._("Go to the daily closings"),
            )
        if unclosed:
            raise UserError(
                self.env._(
                    "%(year)s can't be closed yet: in no daily closing there are "
                    "%(entries)s that were written or changed today. The closing of "
                    "today takes them in; close the year tomorrow.",
                    year=self.display_name,
                    entries=self._say_entries(unclosed),
                )
            )
        return closable
