"""One figure of a report, and the list behind it."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PcuLawReportLine(models.Model):
    """A figure with its words; it opens what it counts."""

    _name = "pcu.law.report.line"
    _description = "Figure of a report"
    _order = "sequence, id"

    report_id = fields.Many2one(
        comodel_name="pcu.law.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="report_id.company_id")
    sequence = fields.Integer()
    section = fields.Char(required=True)
    label = fields.Char(string="Indicator", required=True)
    value = fields.Integer(string="Number", aggregator=None)
    text = fields.Char(help="Stands instead of the number, an amount for example.")
    shown = fields.Char(string="Figure", compute="_compute_shown")
    model = fields.Char()
    domain = fields.Json()

    @api.depends("value", "text")
    def _compute_shown(self):
        for line in self:
            line.shown = line.text or str(line.value)

    def action_open(self):
        """Open the list that this figure counts, as far as the reader may see it."""
        self.ensure_one()
        if not self.domain:
            raise UserError(self.env._("This figure is an amount and has no list."))
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.section}: {self.label}",
            "res_model": self.model,
            "view_mode": "list,form",
            "domain": self.domain,
        }
