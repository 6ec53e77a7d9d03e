"""Documents know the request they belong to."""

from odoo import fields, models


class PcuDocument(models.Model):
    """A document received with a request or issued by its decision."""

    _inherit = "pcu.document"

    request_id = fields.Many2one(
        comodel_name="pcu.request", index="btree_not_null", ondelete="restrict"
    )
