"""The law a procedure rests on."""

from odoo import fields, models


class PcuProcedureAct(models.Model):
    """One act with the articles that a procedure applies."""

    _name = "pcu.procedure.act"
    _description = "Legal act of a procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Act", required=True, help="As it is cited, e.g. Legea 50/1991."
    )
    article = fields.Char(string="Articles", help="e.g. art. 6 alin. (1)")
    title = fields.Char(help="What the act is about.")
    link = fields.Char(string="Address", help="Where the text is published.")

    def _cite(self):
        """Return the act as an answer cites it."""
        self.ensure_one()
        return f"{self.name}, {self.article}" if self.article else self.name
