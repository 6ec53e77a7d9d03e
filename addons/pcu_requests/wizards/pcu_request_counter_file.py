"""A file laid down at the counter."""

from odoo import fields, models


class PcuRequestCounterFile(models.TransientModel):
    """One of the files laid down, and the document of the procedure that it is."""

    _name = "pcu.request.counter.file"
    _description = "File at the counter"

    counter_id = fields.Many2one(
        comodel_name="pcu.request.counter",
        required=True,
        index=True,
        ondelete="cascade",
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="File", required=True, ondelete="cascade"
    )
    procedure_id = fields.Many2one(related="counter_id.procedure_id")
    slot_id = fields.Many2one(
        comodel_name="pcu.procedure.slot",
        string="Document",
        domain="[('procedure_id', '=', procedure_id)]",
    )
