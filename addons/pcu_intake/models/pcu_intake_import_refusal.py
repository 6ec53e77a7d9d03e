"""A line of an old register that was not taken, and why."""

from odoo import api, fields, models

REASONS = [
    ("no_number", "The number is missing"),
    ("bad_number", "The number is not a whole number"),
    ("no_date", "The date is missing"),
    ("bad_date", "A date can't be understood; write it as 31.12.2024"),
    ("future_date", "The registration date is in the future"),
    ("bad_count", "The number of sheets or annexes is not a whole number"),
    ("no_summary", "The summary is missing"),
    ("twice", "The number stands twice in the file for this year"),
    ("taken", "The register already has this number in this year"),
    ("year_closed", "The year is closed in the register"),
    ("after_own", "Not smaller than the first number the register itself has given"),
    ("not_stored", "The database refused the line"),
]  # fmt: skip


class PcuIntakeImportRefusal(models.Model):
    """One refused line: its place in the file, its cells, the reason."""

    _name = "pcu.intake.import.refusal"
    _description = "Refused line of an old register"
    _order = "line, id"
    _rec_name = "line"

    import_id = fields.Many2one(
        comodel_name="pcu.intake.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer(readonly=True, aggregator=None)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    value = fields.Char(string="What is there", readonly=True)
    cells = fields.Json(readonly=True)
    reason_text = fields.Char(compute="_compute_reason_text")

    @api.depends("reason", "value")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for refusal in self:
            text = labels.get(refusal.reason, "")
            refusal.reason_text = f"{text}: {refusal.value}" if refusal.value else text
