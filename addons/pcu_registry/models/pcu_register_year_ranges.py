"""What a year must know of its ranges: which numbers stay unused, and why."""

from odoo import fields, models
from odoo.exceptions import UserError


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
                    numbers=", ".join(
                        f"{run['first']}–{run['last']} ({run['range'].name})"
                        for run in open_runs
                    ),
                )
            )
        return closable

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
