"""What a column of an old register is."""

from odoo import fields, models

TARGETS = [
    ("number", "Registration number"),
    ("registration_date", "Registration date"),
    ("external_number", "Issuer's document number"),
    ("external_date", "Issuer's document date"),
    ("page_count", "Sheets"),
    ("annex_count", "Annexes"),
    ("sender", "Issuer"),
    ("summary", "Summary of the content"),
    ("department", "Department it was routed to"),
    ("sent_date", "Date sent"),
    ("resolution", "Way of solving"),
    ("recipient", "Recipient"),
    ("connected", "Connected to"),
    ("file_code", "File Code"),
    ("direction", "Direction"),
]


class PcuIntakeImportColumn(models.Model):
    """One column of the file: its title, an example, and the field it goes to."""

    _name = "pcu.intake.import.column"
    _description = "Column of an old register"
    _order = "place"
    _rec_name = "title"

    import_id = fields.Many2one(
        comodel_name="pcu.intake.import", required=True, index=True, ondelete="cascade"
    )
    place = fields.Integer(readonly=True, aggregator=None)
    title = fields.Char(string="Title in the file", readonly=True)
    sample = fields.Char(string="Example", readonly=True)
    target = fields.Selection(
        TARGETS, string="Is", help="Empty: the column is not imported."
    )

    def _get_target_labels(self):
        return dict(self._fields["target"]._description_selection(self.env))
