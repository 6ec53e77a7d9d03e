"""Print the sheets that lie between two papers in the scanner."""

import base64

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import counted
from odoo.exceptions import ValidationError

from .. import separators

MAX_SHEETS = 200


class PcuIntakeSeparators(models.TransientModel):
    """How many separator sheets, and for which kind of scanner."""

    _name = "pcu.intake.separators"
    _description = "Print separator sheets"

    count = fields.Integer(string="Number of sheets", default=10, required=True)
    both_sides = fields.Boolean(
        string="The scanner reads both sides",
        help="Prints the mark on the back too: print these sheets on both sides.",
    )
    content = fields.Binary(compute="_compute_content")

    @api.depends("count", "both_sides")
    def _compute_content(self):
        fonts = self.env["pcu.register.entry"]._get_fonts()
        for wizard in self:
            sheets = separators.draw_sheets(
                wizard.count * (2 if wizard.both_sides else 1),
                title=self.env._("SEPARATOR"),
                lines=[
                    self.env._("Here the next document begins."),
                    self.env._(
                        "Put this sheet on top of each document in the scanner."
                    ),
                    self.env._("It can be used again any number of times."),
                ],
                fonts=fonts,
            )
            wizard.content = base64.b64encode(sheets)

    @api.constrains("count")
    def _check_count(self):
        if any(not 1 <= wizard.count <= MAX_SHEETS for wizard in self):
            raise ValidationError(
                self.env._(
                    "Print between 1 and %(most)s sheets at a time.",
                    most=counted(MAX_SHEETS, self.env.lang),
                )
            )

    def action_print(self):
        self.ensure_one()
        name = self.env._("separator-sheets.pdf")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content/{name}?download=1",
            "target": "download",
        }
