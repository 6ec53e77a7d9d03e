"""What a year must know of its ranges: which numbers stay unused, and why."""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import numbering

RUNS_SHOWN = 50
"""A note names no more runs of unused numbers; the ranges themselves show all."""


class PcuRegisterYear(models.Model):
    _inherit = "pcu.register.year"  # pylint: disable=consider-merging-classes-inherited

    range_ids = fields.One2many(
        comodel_name="pcu.register.range",
        inverse_name="register_year_id",
        string="Number ranges",
    )

    def _check_closable(self):
        """Close only when every unused number is explained."""
        closable = super()._check_closable()
        open_runs = [run for run in self._unused_numbers() if not run["explanation"]]
        if open_runs:
            raise UserError(
                self.env._(
                    "Numbers of %(year)s were set aside and not used: %(numbers)s. Say "
                    "in their ranges why they stay unused, then close the year.",
                    year=self.display_name,
                    numbers=self._say_runs(open_runs),
                )
            )
        return closable

    def _describe_row(self):
        """Name the numbers that nobody used, beside those that were given."""
        runs = self._unused_numbers()
        if not runs:
            return super()._describe_row()
        values = {
            "numbers": numbering.run_text(self.opening_number, self.last_number),
            "unused": self._say_runs(runs),
        }
        if self.state == "closed":
            return self.env._(
                "No gap and no duplicate: the numbers %(numbers)s are given or set "
                "aside; not used: %(unused)s.",
                **values,
            )
        return self.env._(
            "No gap and no duplicate: the numbers %(numbers)s are given or set "
            "aside; not used so far: %(unused)s.",
            **values,
        )

    def _say_runs(self, runs):
        told = [
            f"{numbering.run_text(run['first'], run['last'])} ({run['range'].name})"
            for run in runs[:RUNS_SHOWN]
        ]
        return ", ".join(told + ["…"] * (len(runs) > RUNS_SHOWN))

    def _unused_numbers(self):
        """List the numbers that were set aside and never used, in order.

        :return: list of ``{"first": n, "last": n, "range": pcu.register.range,
            "explanation": str}``, one for each run of numbers
        """
        self.ensure_one()
        # sudo: the yearly closing names all unused numbers, whoever prints it
        ranges = self.sudo().range_ids.filtered("first_number").sorted("first_number")
        used = ranges._get_used_numbers()
        return [
            {
                "first": first,
                "last": last,
                "range": record.sudo(self.env.su),
                "explanation": (record.explanation or "").strip(),
            }
            for record in ranges
            for first, last in record._get_unused_runs(used)
        ]
