"""Days that the law, the Government or the institution makes free or worked."""

from datetime import date

from odoo import api, fields, models
from odoo.tools import ormcache

from ..legal_terms import Calendar, legal_holidays
from ..romania import local_day

HOLIDAY, DAY_OFF, CLOSING, RECOVERY = "holiday", "day_off", "closing", "recovery"
HOLIDAY_LAW = "Codul muncii art. 139"
YEARS_BACK, YEARS_AHEAD = 1, 3


class PcuLegalDay(models.Model):
    """One day that counts otherwise than its week-day says.

    Holidays are filled in from the law by themselves; days off and recovery days
    follow a Government decision and are entered by the administrator. Once a year
    has its holidays, they are data: what is corrected by hand stays corrected.
    """

    _name = "pcu.legal.day"
    _description = "Legal day"
    _order = "date, id"

    date = fields.Date(required=True, index=True)
    name = fields.Char(required=True)
    kind = fields.Selection(
        selection=[
            (HOLIDAY, "Legal holiday"),
            (DAY_OFF, "Day off by Government decision"),
            (CLOSING, "Institution closed"),
            (RECOVERY, "Recovery day (worked)"),
        ],
        required=True,
        default=DAY_OFF,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        index="btree_not_null",
        help="Leave empty for a day that holds for every institution.",
    )
    law = fields.Char(help="The act that says so, e.g. HG 1234/2026.")

    _day_uniq = models.UniqueIndex(
        "(date, COALESCE(company_id, 0), kind)",
        "This day is already in the calendar. Change the existing row instead.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _calendar(self, company=None):
        """Give the working calendar of an institution to ``legal_terms``."""
        return self._calendar_of((company or self.env.company).id)

    @ormcache("company_id")
    def _calendar_of(self, company_id):
        # sudo: a term does not depend on who computes it.
        days = self.sudo().search_fetch(
            [("company_id", "in", (False, company_id))], ["date", "kind"]
        )
        return Calendar(
            days_off=frozenset(d.date for d in days if d.kind != RECOVERY),
            working_days=frozenset(d.date for d in days if d.kind == RECOVERY),
            stated_years=frozenset(d.date.year for d in days if d.kind == HOLIDAY),
        )

    @api.model
    def _fill_legal_holidays(self, today=None):
        """Create the holidays of the years around today that have none yet."""
        year = (today or local_day()).year
        days = self.sudo()
        created = days.browse()
        for each in range(year - YEARS_BACK, year + YEARS_AHEAD + 1):
            known = days.search_count(
                [
                    ("kind", "=", HOLIDAY),
                    ("company_id", "=", False),
                    ("date", ">=", date(each, 1, 1)),
                    ("date", "<=", date(each, 12, 31)),
                ],
                limit=1,
            )
            if not known:
                created += days.create(self._prepare_holiday_values(each))
        return created

    @api.model
    def _prepare_holiday_values(self, year):
        return [
            {"date": day, "name": name, "kind": HOLIDAY, "law": HOLIDAY_LAW}
            for day, name in legal_holidays(year).items()
        ]

    @api.model
    def _cron_fill_legal_holidays(self):
        self._fill_legal_holidays()
