"""The printed emergency sheet of a range; the drawing is ``emergency_sheet.py``."""

from odoo import models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import UserError

from .. import emergency_sheet


class PcuRegisterRange(models.Model):
    _inherit = "pcu.register.range"  # pylint: disable=consider-merging-classes-inherited

    def action_print_sheet(self):
        """Open the sheet as a PDF, ready to print."""
        self._check_sheet()
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/emergency-sheet/{self.id}",
            "target": "new",
        }

    def _check_sheet(self):
        self.ensure_one()
        if self.purpose != "outage" or self.state != "open":
            raise UserError(
                self.env._(
                    "Only numbers set aside for an outage are printed as an emergency "
                    "sheet. Choose that kind and set the numbers aside first."
                )
            )

    def _draw_sheet(self):
        """Return the sheet as PDF bytes and note the printing in the journal."""
        self._check_sheet()
        # On paper everybody reads the institution's language.
        content = emergency_sheet.draw_sheet(
            in_romanian(self)._prepare_sheet(),
            self.env["pcu.register.entry"]._get_fonts(),
        )
        self.env["pcu.journal"]._log(self, "emergency_sheet_printed")
        return content

    def _prepare_sheet(self):
        self.ensure_one()
        people = ", ".join((self.holder_id | self.deputy_id).sudo().mapped("name"))
        return emergency_sheet.Sheet(
            title=self.env._(
                "Emergency register %(mark)s – %(register)s, %(year)s",
                mark=self.mark,
                register=self.register_id.name,
                year=self.year,
            ),
            institution=self.company_id.name,
            notes=(
                self.env._(
                    "Numbers %(first)s to %(last)s. Kept by: %(people)s. Used from "
                    "(date, hour) ……………… to ……………… because ………………………………………………",
                    first=self.first_number,
                    last=self.last_number,
                    people=people,
                ),
                self.env._(
                    "One line for each document, in order, with day and hour. The "
                    "number in the second column is the registration number: tell it "
                    "to the citizen. Strike out the lines that stay empty."
                ),
            ),
            headings=(
                self.env._("Sheet/line"),
                self.env._("Reg. no."),
                self.env._("Day and hour"),
                self.env._("Issuer's no./date"),
                self.env._("Issuer or recipient"),
                self.env._("Content in short, sheets, annexes"),
                self.env._("Department, signature"),
            ),
            lines=[
                (f"{self.mark}/{line}", str(self.first_number + line - 1))
                for line in range(1, self.size + 1)
            ],
            footer=self.env._(
                "After the outage: Registry › New, choose this range, write the line "
                "and the hour from here."
            ),
        )
